import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import { makeFakeIcp } from '../../adapters/fake/icp.ts';
import {
  makeIcp,
  offering,
  profile,
  register,
  reply,
  request,
  takenBack,
  type Chain,
} from '../../../test/icp.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { checkContract } from '../../../test/invariants.ts';
import { makePerson, signUp } from '../../../test/people.ts';
import { listOffering, move } from '../../../test/rental.ts';
import { importIcp } from './index.ts';

const provider = makePerson('provider on the chain');
const renter = makePerson('renter on the chain');
const stranger = makePerson('stranger on the chain');

const COLUMNS =
  'Offer Name,Product Type,Unique Internal identifier,Currency,Monthly price,Stock,Memory Amount,' +
  'Processor Speed,Uplink speed,Datacenter Country,Datacenter City';
const row = (name: string, reference: string, price = '10', stock = '3') =>
  `${name},VPS,${reference},EUR,${price},${stock},8192 MB,2.6 GHz,1000 mbit,NL,"Rotterdam, Netherlands"`;
const file = (...rows: string[]) => [COLUMNS, ...rows].join('\n');

let t: TestApp;
let chain: Chain;
beforeEach(async () => {
  t = await makeTestApp();
  chain = makeIcp();
});
afterEach(() => t.close());

const read = () => importIcp(t.deps, { port: makeFakeIcp(chain.bytes()), source: 'a test' });
const all = async () => {
  const rows = await t.deps.db.selectFrom('offerings').orderBy('reference').selectAll().execute();
  return Object.fromEntries(rows.map((one) => [one.reference ?? '', one]));
};
const lastReason = async () =>
  t.deps.db
    .selectFrom('icp_entries')
    .orderBy('block_position', 'desc')
    .orderBy('place', 'desc')
    .select(['status', 'reason'])
    .executeTakeFirstOrThrow();

describe('a provider’s file on the chain', () => {
  test('becomes its offerings, listed and marked with where they stand', async () => {
    chain.add(register(provider), profile(provider, 'Rotterdam Racks'));
    chain.add(offering(provider, file(row('Small', 'a'), row('Big', 'b', '99.5'))));
    await read();
    const { a } = await all();
    expect(a).toMatchObject({
      title: 'Small',
      state: 'listed',
      on_chain: 1,
      stock: 3,
      memory_gib: 8,
      uplink_mbps: 1000,
      city: 'Rotterdam',
      created_at: '2025-11-20T10:10:00.000Z',
    });
    const view = await t.call(endpoints.offerings.get, { params: { offering_id: a?.id ?? '' } });
    expect(view.body).toMatchObject({
      on_chain: true,
      provider: { display_name: 'Rotterdam Racks' },
      chain: { entry: 0 },
    });
  });

  test('is followed as it changes: rows change, those left out are archived and may come back', async () => {
    chain.add(offering(provider, file(row('Small', 'a'), row('Big', 'b'))));
    await read();
    chain.add(offering(provider, file(row('Small', 'a', '12'), row('New', 'c'))));
    await read();
    const now = await all();
    expect([now['a']?.price_e9s, now['a']?.state]).toEqual([12_000_000_000n, 'listed']);
    expect([now['b']?.state, now['c']?.state]).toEqual(['archived', 'listed']);
    chain.add(offering(provider, file(row('Big', 'b'))), takenBack(offering(stranger, '')));
    await read();
    expect(Object.values(await all()).map(({ state }) => state)).toEqual([
      'archived',
      'listed',
      'archived',
    ]);
  });

  test('that is deleted archives its offerings; one by another’s key is refused', async () => {
    chain.add(offering(provider, file(row('Small', 'a'))));
    chain.add(offering(provider, file(row('Forged', 'f')), stranger));
    await read();
    expect(Object.keys(await all())).toEqual(['a']);
    expect(await lastReason()).toMatchObject({ status: 'refused' });
    chain.add(takenBack(offering(provider, '')));
    await read();
    expect((await all())['a']?.state).toBe('archived');
  });

  test('names what of it cannot be used, and takes the rest', async () => {
    chain.add(offering(provider, file(row('Small', 'a'), row('', 'b'), row('Twin', 'a'))));
    await read();
    expect(Object.keys(await all())).toEqual(['a']);
    const { status, reason } = await lastReason();
    expect(status).toBe('applied');
    expect(reason).toMatch(/row 2: title: .*; row 3: reference: Row 1 has it already/);
  });

  test('fills an account up to its limit and no further, counting what it leaves out', async () => {
    const named = (letter: string) =>
      Array.from({ length: MAX_OFFERINGS }, (_, at) => row('Many', `${letter}${at}`));
    chain.add(offering(provider, file(...named('a'))));
    chain.add(offering(provider, file(...named('b'))));
    await read();
    const living = async () => Object.values(await all()).filter((it) => it.state === 'listed');
    expect((await living()).every(({ reference }) => reference?.startsWith('b'))).toBe(true);
    expect(await living()).toHaveLength(MAX_OFFERINGS);
    chain.add(offering(provider, file(row('One', 'c'))));
    await read();
    await listOffering(await signUp(t, 'harbour', { person: provider }));
    chain.add(offering(provider, file(...named('a'))));
    await read();
    expect(await living()).toHaveLength(MAX_OFFERINGS);
    expect((await lastReason()).reason).toBe(
      `a${MAX_OFFERINGS - 1} is beyond the ${MAX_OFFERINGS} offerings of an account`,
    );
  });

  test('leaves alone what its provider has changed here since, but not the stock', async () => {
    chain.add(offering(provider, file(row('Small', 'a'), row('Big', 'b'))));
    await read();
    const harbour = await signUp(t, 'harbour', { person: provider });
    const { a, b } = await all();
    await harbour.ask(endpoints.offerings.move, {
      params: { offering_id: a?.id ?? '' },
      body: { action: 'pause', version: a?.version ?? 0 },
    });
    await t.deps.write(({ tx }) =>
      tx
        .updateTable('offerings')
        .set({ stock: 1 })
        .where('id', '=', b?.id ?? '')
        .execute(),
    );
    chain.add(offering(provider, file(row('Changed', 'a'), row('Changed', 'b', '10', '5'))));
    await read();
    const now = await all();
    expect(now['a']).toMatchObject({ title: 'Small', state: 'paused' });
    expect(now['b']).toMatchObject({ title: 'Changed', stock: 3 });
    expect((await lastReason()).reason).toBe('a was changed here since and stays as it is');
  });
});

describe('a contract on the chain', () => {
  test('belongs to its offering there, takes no unit of it and gives none back', async () => {
    const asked = request(renter, provider, { offering_id: 'a' });
    const unknown = request(renter, provider, { offering_id: 'gone', region: 'eu' });
    chain.add(offering(provider, file(row('Small', 'a'))), asked.entry, unknown.entry);
    await read();
    const contracts = await t.deps.db.selectFrom('contract_sign_requests').selectAll().execute();
    const of = ({ contract_id }: { contract_id: string }) =>
      contracts.find((one) => one.contract_id === contract_id);
    const { a } = await all();
    expect(of(asked)).toMatchObject({ offering_id: a?.id, title: 'Small', currency: 'DCT' });
    const stand_in = await t.deps.db
      .selectFrom('offerings')
      .where('id', '=', of(unknown)?.offering_id ?? '')
      .selectAll()
      .executeTakeFirst();
    expect(stand_in).toMatchObject({ state: 'archived', visibility: 'private', city: 'eu' });
    chain.add(reply(provider, asked, false));
    await read();
    expect((await all())['a']?.stock).toBe(3);
    const sailor = await signUp(t, 'sailor', { person: renter });
    await move(sailor, unknown.contract_id, 'cancel');
    await checkContract(t.deps, unknown.contract_id);
    await checkContract(t.deps, asked.contract_id);
    expect(sailor.account.id).toBe(of(unknown)?.renter_id);
  });
});
