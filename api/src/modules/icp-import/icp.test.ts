import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { principalBytesOf } from '@berth/shared/signing/principal';
import { toHex } from '@berth/shared/signing/bytes';
import { makeFakeIcp } from '../../adapters/fake/icp.ts';
import {
  approval,
  checkIn,
  makeIcp,
  profile,
  register,
  reply,
  reputation,
  request,
  takenBack,
  transfer,
  unknown,
  type Chain,
} from '../../../test/icp.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { checkContract } from '../../../test/invariants.ts';
import { makePerson, signUp, type Client } from '../../../test/people.ts';
import { move, signedMove, viewOf } from '../../../test/rental.ts';
import { importIcp } from './index.ts';

const MOST = 2n ** 64n - 1n;
const provider = makePerson('provider on the chain');
const renter = makePerson('renter on the chain');
const stranger = makePerson('stranger on the chain');
const keyOf = (person: typeof provider) => person.account_key.public_key;

let t: TestApp;
let chain: Chain;
beforeEach(async () => {
  t = await makeTestApp();
  chain = makeIcp();
});
afterEach(() => t.close());

const read = (page_bytes?: number) =>
  importIcp(t.deps, { port: makeFakeIcp(chain.bytes(), page_bytes), source: 'a test' });
const entries = () =>
  t.deps.db
    .selectFrom('icp_entries')
    .orderBy('block_position')
    .orderBy('place')
    .selectAll()
    .execute();
const outcomes = async () => (await entries()).map(({ status, reason }) => [status, reason]);
const contract = (contract_id: string) =>
  t.deps.db
    .selectFrom('contract_sign_requests')
    .where('contract_id', '=', contract_id)
    .selectAll()
    .executeTakeFirst();

describe('a request on the chain', () => {
  test('becomes a pending contract with id, amount, parties and time as they are there', async () => {
    const asked = request(renter, provider);
    chain.add(register(provider), register(renter, 'user_register'));
    chain.add(asked.entry);
    expect(await read()).toMatchObject({ outcome: 'done', blocks: 2, entries: 3, refused: 0 });
    expect(await contract(asked.contract_id)).toMatchObject({
      state: 'pending',
      total_e9s: 9_000_000_001n,
      currency: 'DCT',
      hours: 72,
      renter_key: keyOf(renter),
      provider_key: keyOf(provider),
      title: 'xeon-1 on the Internet Computer',
      requested_at: '2025-11-20T10:10:00.000Z',
      due_at: null,
      on_chain: 1,
    });
    await checkContract(t.deps, asked.contract_id);
  });

  test.each([
    ['its signature is not that of its renter', () => request(renter, provider, {}, stranger)],
    [/18446744073709551615 e9s is beyond/, () => request(renter, provider, { amount_e9s: MOST })],
    ['its renter and its provider are the same', () => request(renter, renter)],
    [
      'its provider’s key is none that can sign',
      () => request(renter, provider, { provider: '00'.repeat(32) }),
    ],
    [/more than 32768/, () => request(renter, provider, { instance_config: 'x'.repeat(40_000) })],
    [
      /lasts at most/,
      () =>
        request(renter, provider, {
          payments: [{ pricing_model: '', unit: 'year', quantity: MOST, amount_e9s: MOST }],
        }),
    ],
  ])('is refused where %s, and shown', async (reason, make) => {
    const asked = make();
    chain.add(asked.entry);
    expect(await read()).toMatchObject({ outcome: 'done', refused: 1 });
    expect(await contract(asked.contract_id)).toBe(undefined);
    const [[status, said]] = (await outcomes()) as [[string, string]];
    expect(status).toBe('refused');
    expect(said).toMatch(reason);
  });
});

describe('a reply on the chain', () => {
  const answered = async (
    ...replies: ((asked: ReturnType<typeof request>) => ReturnType<typeof reply>)[]
  ) => {
    const asked = request(renter, provider);
    chain.add(asked.entry);
    for (const make of replies) chain.add(make(asked));
    await read();
    await checkContract(t.deps, asked.contract_id);
    return contract(asked.contract_id);
  };

  test('by the contract’s provider accepts it, without a deadline', async () => {
    const row = await answered((asked) => reply(provider, asked, true));
    expect(row).toMatchObject({ state: 'accepted', due_at: null, version: 2 });
  });

  test('by the contract’s provider rejects it, and the whole amount is paid back', async () => {
    const row = await answered((asked) => reply(provider, asked, false));
    expect(row).toMatchObject({ state: 'rejected', refund_e9s: 9_000_000_001n });
  });

  test('by anyone else is refused', async () => {
    const row = await answered(
      (asked) => reply(stranger, asked, true),
      (asked) => reply(renter, asked, true),
    );
    expect(row?.state).toBe('pending');
    const reason = 'it is not signed by the provider of its contract';
    expect((await outcomes()).slice(1)).toEqual([
      ['refused', reason],
      ['refused', reason],
    ]);
  });

  test('for another renter, another contract or none is refused', async () => {
    const asked = request(renter, provider);
    const other = request(renter, provider, { memo: 'another' });
    chain.add(asked.entry, reply(provider, asked, true, { requester: keyOf(stranger) }));
    chain.add(reply(provider, asked, true, { contract_id: other.contract_id }));
    chain.add(reply(provider, other, true));
    await read();
    expect((await contract(asked.contract_id))?.state).toBe('pending');
    expect((await outcomes()).slice(1)).toEqual([
      ['refused', 'it names another renter'],
      ['refused', expect.stringContaining('the key is another contract')],
      ['refused', 'it answers a contract that the Internet Computer did not bring'],
    ]);
  });

  test('that comes after another one changes nothing more', async () => {
    const row = await answered(
      (asked) => reply(provider, asked, true),
      (asked) => reply(provider, asked, false),
    );
    expect(row?.state).toBe('accepted');
    expect((await outcomes()).at(-1)).toEqual(['kept', 'the contract was accepted here already']);
  });
});

describe('an imported contract', () => {
  test('goes on in the ordinary machine to active, once its parties have taken their accounts', async () => {
    const asked = request(renter, provider);
    chain.add(register(provider), profile(provider, 'Rotterdam Racks'), asked.entry);
    chain.add(reply(provider, asked, true));
    await read();
    const harbour = await signUp(t, 'harbour', { person: provider });
    const { contract_id } = asked;
    await move(harbour, contract_id, 'start_provisioning');
    const early = await viewOf(harbour, contract_id);
    const { encryption_key } = early.provider;
    const body = await signedMove(
      harbour,
      { ...early, renter: { ...early.renter, encryption_key } },
      'mark_provisioned',
    );
    const refused = { params: { contract_id }, body };
    expect(await harbour.refused(endpoints.contracts.move, refused)).toMatchObject({
      code: 'contract.not_yet',
      detail: expect.stringContaining('Wait until the renter has signed in') as string,
    });
    const sailor = await signUp(t, 'sailor', { person: renter });
    const view = await viewOf(harbour, contract_id);
    expect(view.request).toMatchObject({
      contact: { kind: 'email', value: 'sailor@example.org' },
      memo: 'for a test',
    });
    expect(view.chain).toMatchObject({ block_offset: 8_388_608, entry: 2 });
    await move(harbour, contract_id, 'mark_provisioned');
    await move(sailor, contract_id, 'open_credentials');
    expect((await viewOf(sailor, contract_id)).state).toBe('active');
    const listed = await sailor.ask(endpoints.contracts.list, { query: { role: 'renter' } });
    expect(listed.items).toMatchObject([{ contract_id, on_chain: true }]);
    await t.drain();
    await checkContract(t.deps, contract_id);
  });

  test('that has moved on here is never reset, whatever the chain says after', async () => {
    const asked = request(renter, provider);
    chain.add(asked.entry);
    await read();
    const sailor = await signUp(t, 'sailor', { person: renter });
    await move(sailor, asked.contract_id, 'cancel');
    chain.add(reply(provider, asked, true), asked.entry);
    await read();
    expect((await contract(asked.contract_id))?.state).toBe('cancelled');
    expect((await outcomes()).slice(1)).toEqual([
      ['kept', 'the contract was cancelled here already'],
      ['kept', 'it is here already'],
    ]);
  });
});

describe('who has an account here', () => {
  const titlesOf = async (client: Client) =>
    (await client.ask(endpoints.notices.list, {})).items.map(({ title }) => title);

  test('is told of what the chain does, but not of what it did long ago', async () => {
    const [harbour, sailor] = [
      await signUp(t, 'harbour', { person: provider }),
      await signUp(t, 'sailor', { person: renter }),
    ];
    const old = request(renter, provider, { memo: 'old' });
    chain.add(old.entry, reply(provider, old, true));
    const begun_ms = Date.parse('2025-11-20T10:00:00Z');
    chain.wait(Math.floor((t.clock.nowMs() - begun_ms) / 1000) - 6 * 86_400);
    const [asked, declined] = [request(renter, provider), request(renter, provider, { memo: '2' })];
    chain.add(asked.entry, declined.entry);
    chain.add(reply(provider, asked, true), reply(provider, declined, false));
    await read();
    await t.drain();
    const title = 'xeon-1 on the Internet Computer';
    const told = `sailor asks on the Internet Computer to rent ${title}`;
    expect(await titlesOf(harbour)).toEqual([told, told]);
    // Both were told at one time, so in either order.
    expect((await titlesOf(sailor)).sort()).toEqual([
      `harbour accepted ${title} on the Internet Computer`,
      `harbour declined ${title} on the Internet Computer`,
    ]);
  });

  test('is told on its page that what waits has no deadline', async () => {
    const asked = request(renter, provider);
    chain.add(asked.entry);
    await read();
    const harbour = await signUp(t, 'harbour', { person: provider });
    const { next, due_at } = await viewOf(harbour, asked.contract_id);
    expect([next, due_at]).toEqual([
      'Accept or decline the request. It came from the Internet Computer and has no deadline.',
      null,
    ]);
  });
});

describe('what adds up', () => {
  test('is kept exactly, and taken back where the chain takes it back', async () => {
    const most = transfer('most', {
      amount_e9s: MOST,
      to: { owner: toHex(principalBytesOf(keyOf(provider))), sub: null },
    });
    chain.add(most, transfer('gone'), approval('a', MOST), approval('b'), transfer('gone'));
    chain.add(takenBack(transfer('gone')), takenBack(approval('b')), most);
    const gone = reputation([provider, 100n], [renter, -(2n ** 63n)]);
    chain.add(reputation([provider, 7n]), gone, reputation([renter, -(2n ** 63n)]));
    chain.add(takenBack(gone), reputation([provider, 7n]));
    expect(await read(64)).toMatchObject({ outcome: 'done', refused: 0 });
    const transfers = await t.deps.db.selectFrom('icp_transfers').selectAll().execute();
    expect(transfers).toHaveLength(1);
    expect(transfers[0]).toMatchObject({ amount_e9s: MOST.toString() });
    const approvals = await t.deps.db.selectFrom('icp_approvals').selectAll().execute();
    expect(approvals.map(({ allowance_e9s }) => allowance_e9s)).toEqual([MOST.toString()]);
    const keys = await t.deps.db.selectFrom('icp_keys').selectAll().execute();
    const points = Object.fromEntries(keys.map((row) => [row.public_key, row.reputation]));
    expect(points).toEqual({
      [keyOf(provider)]: '14',
      [keyOf(renter)]: (-(2n ** 63n)).toString(),
    });
  });

  test('counts days in a row of check-ins that sign the block before, in either form', async () => {
    chain.add(register(provider));
    for (let day = 0; day < 3; day += 1) {
      chain.add(checkIn(provider, day === 1 ? null : 'here'));
      chain.wait(86_400);
    }
    chain.add(checkIn(provider, 'forged', stranger));
    await read();
    const row = await t.deps.db.selectFrom('icp_keys').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ check_ins: 3, streak_days: 3 });
    expect((await outcomes()).at(-1)?.[0]).toBe('refused');
    chain.wait(3 * 86_400);
    chain.add(checkIn(provider));
    await read();
    expect(await t.deps.db.selectFrom('icp_keys').selectAll().executeTakeFirst()).toMatchObject({
      check_ins: 4,
      streak_days: 1,
    });
  });

  test('counts a check-in once, however often its block says it', async () => {
    chain.add(register(provider), register(renter));
    chain.add(checkIn(provider), checkIn(provider, 'again'), checkIn(renter), checkIn(provider));
    chain.add(checkIn(provider), takenBack(checkIn(renter)(chain.cursor().parent_hash)));
    await read();
    const keys = await t.deps.db.selectFrom('icp_keys').selectAll().execute();
    const counts = Object.fromEntries(keys.map((row) => [row.public_key, row.check_ins]));
    expect(counts).toEqual({ [keyOf(provider)]: 2, [keyOf(renter)]: 0 });
    expect(await t.deps.db.selectFrom('icp_check_ins').selectAll().execute()).toHaveLength(2);
    expect((await outcomes()).map(([status]) => status)).toEqual([
      'applied',
      'applied',
      'applied',
      'kept',
      'applied',
      'kept',
      'applied',
      'applied',
    ]);
  });

  test('in a large block is what it says at its end, as its rows are written in parts', async () => {
    const many = Array.from({ length: 600 }, (_, n) => transfer(`${n}`));
    const gone = reputation([provider, 100n]);
    chain.add(gone, checkIn(provider), approval('gone'), ...many, checkIn(provider));
    chain.add(...many.slice(0, 2), takenBack(gone), takenBack(approval('gone')), ...many);
    chain.add(takenBack(many[0] as (typeof many)[0]));
    await read();
    const count = async (table: 'icp_approvals' | 'icp_reputation_changes') =>
      (await t.deps.db.selectFrom(table).selectAll().execute()).length;
    const transfers = await t.deps.db.selectFrom('icp_transfers').selectAll().execute();
    expect(new Set(transfers.map(({ tx_hash }) => tx_hash)).size).toBe(599);
    expect(transfers).toHaveLength(599);
    expect(await count('icp_approvals')).toBe(0);
    expect(await count('icp_reputation_changes')).toBe(0);
    const row = await t.deps.db.selectFrom('icp_keys').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ reputation: '0', check_ins: 1 });
    const counts = await t.deps.db.selectFrom('icp_counts').select('entries').execute();
    const counted = counts.reduce((sum, { entries: some }) => sum + some, 0);
    expect(counted).toBe((await entries()).length);
  });

  test('is not what an entry of an unknown label says: it is kept raw', async () => {
    chain.add(unknown('Brand\u0000New', 'raw'));
    await read();
    expect(await entries()).toMatchObject([
      { label: 'Brand New', status: 'kept', value: Buffer.from('raw').toString('base64') },
    ]);
  });
});

describe('an entry', () => {
  test('that is forged or malformed is refused, and makes nobody an account', async () => {
    const broken = { ...register(provider), value: new Uint8Array(63) };
    chain.add(register(provider, 'provider_register', stranger), broken);
    chain.add(profile(provider, 'Not Me', stranger));
    await read();
    expect((await outcomes()).map(([status]) => status)).toEqual(['refused', 'refused', 'refused']);
    expect(await t.deps.db.selectFrom('accounts').selectAll().execute()).toEqual([]);
  });
});
