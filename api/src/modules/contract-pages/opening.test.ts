/** What a renter sees before it has signed for the credentials, and when its clock may start. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import { differencesOf } from '@berth/shared/contracts/differences';
import type { ContractView } from '@berth/shared/contracts/schemas';
import { endpoints } from '@berth/shared/endpoints';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkContract } from '../../../test/invariants.ts';
import type { Client } from '../../../test/people.ts';
import { move, rentalIn, signedMove, viewOf } from '../../../test/rental.ts';

const { contracts } = endpoints;
const ADDRESS = 'node7.example.net';

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast();
});
afterAll(() => cast.t.close());

/** All that one side is told of a contract, as text. */
async function allOf(client: Client, contract_id: string): Promise<Record<string, string>> {
  const asked = { params: { contract_id } };
  const replies = {
    page: await client.send(contracts.get, asked),
    log: await client.send(contracts.entries, { ...asked, query: {} }),
    deliveries: await client.send(contracts.details, { ...asked, query: {} }),
    evidence: await client.send(contracts.evidence, asked),
  };
  return Object.fromEntries(Object.entries(replies).map(([name, { text }]) => [name, text]));
}

const tellingOf = async (client: Client, contract_id: string) =>
  Object.entries(await allOf(client, contract_id)).flatMap(([name, text]) =>
    text.includes(ADDRESS) ? [name] : [],
  );
const EVERYWHERE = ['page', 'log', 'deliveries', 'evidence'];

/** What the reader's own browser finds of its page. */
async function found(client: Client, contract_id: string) {
  const params = { contract_id };
  const view: ContractView = await viewOf(client, contract_id);
  const evidence = await client.ask(contracts.evidence, { params });
  const verdict = await verifyEvidence(evidence, verifyEd25519Node, { head: view.head.hash });
  if (!verdict.ok) throw new Error(verdict.reason);
  return differencesOf(view, { ...verdict, ...evidence, contract_id });
}

test('a renter reads where to connect once it has signed for it, and not before, anywhere', async () => {
  const { renter, provider } = cast;
  const contract_id = await rentalIn('provisioned', cast);
  expect(await tellingOf(renter, contract_id)).toEqual([]);
  expect(await tellingOf(provider, contract_id)).toEqual(EVERYWHERE);
  expect(await found(renter, contract_id)).toEqual([]);
  expect(await found(provider, contract_id)).toEqual([]);
  const [shown] = (await viewOf(renter, contract_id)).details;
  expect(shown).toMatchObject({ port: null, username: null, instructions: null, opened_at: null });
  expect(shown?.envelope).not.toBeNull();
  await move(renter, contract_id, 'open_credentials');
  expect(await tellingOf(renter, contract_id)).toEqual(EVERYWHERE);
  expect(await found(renter, contract_id)).toEqual([]);
  await checkContract(cast.t.deps, contract_id);
});

test('what takes the place of opened credentials is hidden until it is signed for too', async () => {
  const { renter, provider } = cast;
  const contract_id = await rentalIn('active', cast);
  await move(provider, contract_id, 'rotate_credentials');
  const { details } = await viewOf(renter, contract_id);
  expect(details.map(({ address }) => address)).toEqual([null, ADDRESS]);
  expect(await found(renter, contract_id)).toEqual([]);
  await move(renter, contract_id, 'open_credentials');
  const opened = await viewOf(renter, contract_id);
  expect(opened.details.map(({ address }) => address)).toEqual([ADDRESS, ADDRESS]);
});

test('a clock that started without the renter shows nothing until it signs', async () => {
  const contract_id = await rentalIn('provisioned', cast);
  await cast.wait(24 * HOUR_MS);
  expect((await viewOf(cast.renter, contract_id)).state).toBe('active');
  expect(await tellingOf(cast.renter, contract_id)).toEqual([]);
  await move(cast.renter, contract_id, 'open_credentials');
  expect(await tellingOf(cast.renter, contract_id)).toEqual(EVERYWHERE);
});

test('the provider starts the clock an hour after the newest credentials and no sooner', async () => {
  const contract_id = await rentalIn('provisioned', cast);
  const params = { contract_id };
  const early = async () => {
    const view = await viewOf(cast.provider, contract_id);
    const body = await signedMove(cast.provider, view, 'activate');
    const possible_at = view.moves.find(({ action }) => action === 'activate')?.possible_at;
    const reply = await cast.provider.send(contracts.move, { params, body });
    return { possible_at, status: reply.status, detail: reply.text };
  };
  const posted = (await viewOf(cast.provider, contract_id)).details[0]?.created_at ?? '';
  const first = await early();
  expect(Date.parse(first.possible_at ?? '')).toBe(Date.parse(posted) + HOUR_MS);
  expect([first.status, first.detail]).toEqual([409, expect.stringMatching(/has 1 hour to open/)]);
  await cast.wait(59 * MINUTE_MS);
  expect((await early()).status).toBe(409);
  // Others in their place begin the hour anew.
  await move(cast.provider, contract_id, 'rotate_credentials');
  await cast.wait(MINUTE_MS);
  expect((await early()).status).toBe(409);
  await cast.wait(59 * MINUTE_MS);
  expect(await early()).toMatchObject({ possible_at: null, status: 200 });
  expect((await viewOf(cast.renter, contract_id)).state).toBe('active');
  await checkContract(cast.t.deps, contract_id);
});

test('a statement dated an hour ahead starts no clock', async () => {
  const contract_id = await rentalIn('provisioned', cast);
  const view = await viewOf(cast.provider, contract_id);
  cast.t.clock.advance(HOUR_MS);
  const body = await signedMove(cast.provider, view, 'activate');
  cast.t.clock.advance(-HOUR_MS);
  const params = { contract_id };
  const reply = await cast.provider.send(contracts.move, { params, body });
  expect(reply.status).toBe(409);
  expect(reply.problem().code).toBe('statement.clock');
});
