import { afterAll, beforeAll, expect, test } from 'vitest';
import { toBase64 } from '@berth/shared/signing/bytes';
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import type { Evidence } from '@berth/shared/signing/evidence';
import { signingInputOf } from '@berth/shared/signing/statement';
import { verifyEd25519 } from '@berth/shared/signing/verify';
import { contractEvidence } from '../evidence/index.ts';
import { makeFakeIcp } from '../../adapters/fake/icp.ts';
import { makeIcp, reply, request } from '../../../test/icp.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { makePerson } from '../../../test/people.ts';
import { importIcp } from './index.ts';

const [provider, renter, stranger] = ['provider', 'renter', 'stranger'].map((name) =>
  makePerson(name),
) as [ReturnType<typeof makePerson>, ReturnType<typeof makePerson>, ReturnType<typeof makePerson>];

let t: TestApp;
let evidence: Evidence;
const asked = request(renter, provider);
const other = request(renter, provider, { memo: 'another' });
beforeAll(async () => {
  t = await makeTestApp();
  const chain = makeIcp();
  chain.add(asked.entry, other.entry, reply(provider, asked, true));
  await importIcp(t.deps, { port: makeFakeIcp(chain.bytes()), source: 'a test' });
  evidence = (await contractEvidence(t.deps, asked.contract_id)) as Evidence;
});
afterAll(() => t.close());

const verify = (log: Evidence) => verifyEvidence(log, verifyEd25519);

/** The log up to this entry as a dishonest service would have written and signed it. */
function forged(at: number, change: Record<string, unknown>, id = asked.contract_id): Evidence {
  const entries = structuredClone(evidence.entries.slice(0, at + 1));
  const last = entries[at];
  if (last === undefined) throw new Error(`The log has no entry ${at}`);
  Object.assign(last.statement.data, change);
  last.signature = t.deps.serviceKey.sign(Buffer.from(signingInputOf(last.statement)));
  return { ...evidence, subject_id: id, entries };
}

/** What stands at the end of an entry's value on the chain: payload and signature. */
function signedIn({ value }: { value: Uint8Array }) {
  const length = new DataView(value.buffer, value.byteOffset).getUint32(1, true);
  return {
    payload: toBase64(value.slice(5, 5 + length)),
    signature: Buffer.from(value.slice(-64)).toString('hex'),
  };
}

test('the log of an imported contract verifies offline and is named after its payload', async () => {
  expect(await verify(evidence)).toMatchObject({ ok: true, entries: 2 });
  expect(evidence.subject_id).toBe(asked.contract_id);
});

test.each([
  ['another amount', 0, () => ({ total_e9s: '1' })],
  ['another length', 0, () => ({ hours: 1 })],
  ['another renter', 0, () => ({ renter: stranger.account_key.public_key })],
  ['another provider', 0, () => ({ provider: stranger.account_key.public_key })],
  ['another’s payload', 0, () => signedIn(other.entry)],
  ['a signature by another', 0, () => signedIn(request(renter, provider, {}, stranger).entry)],
  ['terms that are not there', 0, () => ({ terms_hash: '0'.repeat(64) })],
  ['the opposite answer', 1, () => ({ accepted: false })],
  ['a stranger’s answer', 1, () => signedIn(reply(stranger, asked, true))],
  ['the answer to another request', 1, () => signedIn(reply(provider, other, true))],
])('an entry that the service forged with %s is named', async (_, at, change) => {
  expect(await verify(forged(at, {}))).toMatchObject({ ok: true });
  expect(await verify(forged(at, change()))).toMatchObject({ ok: false, at });
});
