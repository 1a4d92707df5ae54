import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import { endpoints } from '@berth/shared/endpoints';
import { RESTORE_MS } from '@berth/shared/signing/key-history';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { linkEvent, removalEvent } from '../../../test/key-events.ts';
import { HOUR_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { makeTestKey, type Client } from '../../../test/people.ts';
import { rentalIn } from '../../../test/rental.ts';

const MANY_KEYS = 101;
const KEYS_AT_ONCE = 8;

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast();
});
afterAll(() => cast.t.close());

/** Adds a further key to an account, and removes it again. */
async function addAndRemove(client: Client): Promise<void> {
  const key = makeTestKey();
  const event = linkEvent(client, key);
  await client.ask(endpoints.accounts.addKey, { body: { label: 'Spare', event } });
  const removal = { event: removalEvent(client, key.public_key) };
  await client.ask(endpoints.accounts.removeKey, { body: removal });
}

test(`an account that added and removed ${MANY_KEYS} keys has evidence, and only what it needs`, async () => {
  const contract_id = await rentalIn('active', cast);
  for (let n = 0; n < MANY_KEYS; n += 1) {
    // A removed key keeps its place while it can come back.
    if (n % KEYS_AT_ONCE === 0) await cast.wait(RESTORE_MS + HOUR_MS);
    await addAndRemove(cast.renter);
  }
  for (const party of [cast.renter, cast.provider]) {
    const evidence = await party.ask(endpoints.contracts.evidence, { params: { contract_id } });
    expect(await verifyEvidence(evidence, verifyEd25519Node)).toMatchObject({ ok: true });
    expect(evidence.key_events.map(({ kind }) => kind)).toEqual([
      'first_encryption_key',
      'first_encryption_key',
    ]);
  }
});
