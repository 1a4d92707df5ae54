import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFakeIcp } from '../../adapters/fake/icp.ts';
import {
  makeIcp,
  offering,
  profile,
  register,
  reply,
  request,
  takenBack,
  unknown,
  type Chain,
} from '../../../test/icp.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { makePerson, signUp } from '../../../test/people.ts';
import { importIcp, type RunReport } from './index.ts';

const provider = makePerson('provider on the chain');
const renter = makePerson('renter on the chain');
const keyOf = (person: typeof provider) => person.account_key.public_key;
const CSV = [
  'Offer Name,Product Type,Unique Internal identifier,Currency,Monthly price,Stock,Datacenter Country',
  'Small,VPS,a,EUR,10,3,NL',
].join('\n');

let t: TestApp;
let chain: Chain;
beforeEach(async () => {
  t = await makeTestApp();
  chain = makeIcp();
});
afterEach(() => t.close());

const read = (onEntry?: (label: string) => void): Promise<RunReport> =>
  importIcp(t.deps, {
    port: makeFakeIcp(chain.bytes()),
    source: 'a test',
    ...(onEntry === undefined ? {} : { onEntry }),
  });
const outcomes = async () => {
  const rows = await t.deps.db
    .selectFrom('icp_entries')
    .orderBy('block_position')
    .orderBy('place')
    .select(['status', 'reason'])
    .execute();
  return rows.map(({ status, reason }) => [status, reason]);
};

describe('who is not known here', () => {
  test('gets no account by what the chain takes back, which nobody signs', async () => {
    chain.add(takenBack(offering(provider, '')), takenBack(profile(provider, '')));
    chain.add(takenBack(register(provider)));
    expect(await read()).toMatchObject({ outcome: 'done', refused: 0 });
    expect((await outcomes()).map(([status]) => status)).toEqual(['kept', 'kept', 'kept']);
    expect(await t.deps.db.selectFrom('accounts').selectAll().execute()).toEqual([]);
  });

  test('gets one as a party of a contract, and tells in the profile how to be reached', async () => {
    const asked = request(renter, provider);
    chain.add(asked.entry);
    const contacts = [
      ['email', 'racks@example.org'],
      ['matrix', '@racks:\u0000example.org'],
    ] as const;
    chain.add(profile(provider, 'Rotterdam Racks', provider, contacts));
    await read();
    const accounts = await t.deps.db.selectFrom('accounts').selectAll().execute();
    expect(accounts).toHaveLength(2);
    expect(accounts.find(({ display_name }) => display_name === 'Rotterdam Racks')?.about).toBe(
      'Rotterdam Racks rents racks\n\nemail: racks@example.org\nmatrix: @racks: example.org',
    );
  });
});

describe('a key that its account has removed', () => {
  /** Of the second block: what the first one says was signed before. */
  const REMOVED_AT = '2025-11-20T10:10:00.000Z';
  const remove = (person: typeof provider) =>
    t.deps.write(({ tx }) =>
      tx
        .updateTable('account_keys')
        .set({ removed_at: REMOVED_AT })
        .where('key', '=', keyOf(person))
        .execute(),
    );

  test('says nothing more for it on the chain, but what it said before stands', async () => {
    const [harbour, sailor] = [
      await signUp(t, 'harbour', { person: provider }),
      await signUp(t, 'sailor', { person: renter }),
    ];
    await remove(provider);
    await remove(renter);
    const asked = request(renter, provider);
    const late = request(renter, makePerson('another'), { memo: 'late' });
    chain.add(asked.entry);
    chain.add(reply(provider, asked, true), late.entry, offering(provider, CSV));
    chain.add(register(provider), profile(provider, 'A Thief'));
    await read();
    const reason = 'its key was removed from its account here before';
    expect((await outcomes()).slice(1)).toEqual(
      Array.from({ length: 5 }, () => ['refused', reason]),
    );
    const contracts = await t.deps.db.selectFrom('contract_sign_requests').selectAll().execute();
    expect(contracts).toMatchObject([
      { state: 'pending', provider_id: harbour.account.id, renter_id: sailor.account.id },
    ]);
    const rows = await t.deps.db.selectFrom('offerings').select('state').execute();
    expect(rows).toEqual([{ state: 'archived' }]);
  });
});

test('a label is told as one line, whatever it says to a terminal', async () => {
  chain.add(unknown('\u001b[2JErased\r\n'));
  const told: string[] = [];
  await read((label) => told.push(label));
  expect(told).toEqual(['[2JErased']);
});
