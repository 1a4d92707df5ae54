/** A service that means harm stands between a renter and what its provider posted. */
import { randomBytes } from 'node:crypto';
import { createBerth, isProblem } from '@berth/sdk';
import type { ContractView } from '@berth/shared/contracts/schemas';
import type { Evidence } from '@berth/shared/signing/evidence';
import { envelopeDigest, seal } from '@berth/shared/signing/seal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOffering, requestRental } from '../../api/test/rental.ts';
import { serve, type Served } from './server.ts';

let served: Served;
beforeAll(async () => {
  served = await serve({ live: true });
});
afterAll(() => served.close());

type Lie = (answer: ContractView) => Promise<void> | void;

/** As the renter, whose answers are changed on their way. */
async function renterWho(lie: Lie, lieOfLog: (log: Evidence) => void = () => undefined) {
  const { origin, renter } = served;
  const { device } = await createBerth({ origin }).login({ phrase: renter.phrase, label: 'Test' });
  const lying = async (input: RequestInfo | URL, init?: RequestInit) => {
    const { url } = new Request(input, init);
    const response = await fetch(input, init);
    const isView = /\/contracts\/[0-9a-f]{64}$/.test(url);
    const isLog = url.endsWith('/evidence');
    if (!response.ok || !(isView || isLog) || init?.method !== 'GET') return response;
    const answer = (await response.json()) as ContractView & Evidence;
    if (isView) await lie(answer);
    else lieOfLog(answer);
    return Response.json(answer);
  };
  return createBerth({ origin, device, fetch: lying });
}

/** A contract whose provider has posted where to connect. */
async function provisioned(): Promise<string> {
  const { origin, provider, renter } = served;
  const { contract_id } = await requestRental(renter, await listOffering(provider));
  const { device } = await createBerth({ origin }).login({
    ...{ phrase: provider.phrase, label: 'Test' },
  });
  const { rentals } = createBerth({ origin, device });
  await (await rentals.accept(contract_id)).send();
  const credentials = { note: '', fields: [{ label: 'Password', value: 'hunter2' }] };
  const place = { address: 'node7.example.net', port: 22, username: 'root' };
  await (await rentals.provision(contract_id, { ...place, credentials })).send();
  return contract_id;
}

/** Seals credentials of its own to the renter, as the provider would. */
const forge: Lie = async (view) => {
  const [details] = view.details;
  if (details === undefined) return;
  const { recipient_key, provider_key, seq } = details;
  const text = JSON.stringify({ note: '', fields: [{ label: 'Password', value: 'mine' }] });
  const place = { contract_id: view.contract_id, provider_key, recipient_key, seq };
  const envelope = await seal(recipient_key, place, text);
  Object.assign(details, { envelope, envelope_digest: envelopeDigest(envelope) });
};

async function refusalOf(asked: Promise<unknown>) {
  const error = await asked.catch((thrown: unknown) => thrown);
  return isProblem(error) ? error.problem.code : error;
}

test('credentials that the service sealed itself are not opened, and no clock starts', async () => {
  const contract_id = await provisioned();
  const berth = await renterWho(forge);
  expect(await refusalOf(berth.rentals.open(contract_id))).toBe('signature.invalid');
  expect((await berth.contracts.get({ params: { contract_id } })).state).toBe('provisioned');
});

test('a log of another contract, or one that was changed, proves nothing', async () => {
  const contract_id = await provisioned();
  const lies = [
    (log: Evidence) => Object.assign(log, { subject_id: randomBytes(32).toString('hex') }),
    (log: Evidence) => Object.assign(log.entries.at(-1) ?? {}, { signature: '0'.repeat(128) }),
    (log: Evidence) => log.entries.pop(),
  ];
  for (const lie of lies) {
    const berth = await renterWho(() => undefined, lie);
    expect(await refusalOf(berth.rentals.open(contract_id))).toBe('signature.invalid');
  }
});

test('the place is the one that was signed, whatever the service says of it', async () => {
  for (const lie of [
    { address: 'evil.example' },
    { host_key_fingerprint: `SHA256:${'A'.repeat(43)}` },
    { username: null },
  ]) {
    const contract_id = await provisioned();
    const berth = await renterWho(({ details: [details] }) => {
      if (details?.address) Object.assign(details, lie);
    });
    const { send } = await berth.rentals.open(contract_id);
    expect(await refusalOf(send())).toBe('signature.invalid');
  }
  const contract_id = await provisioned();
  const { send } = await (await renterWho(() => undefined)).rentals.open(contract_id);
  const { details, credentials } = await send();
  expect(details.address).toBe('node7.example.net');
  expect(credentials.fields[0]?.value).toBe('hunter2');
});
