import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { toHex } from '@berth/shared/signing/bytes';
import { principalBytesOf, principalOf } from '@berth/shared/signing/principal';
import { makeFakeIcp, type FakeIcp } from '../../adapters/fake/icp.ts';
import { checkIn, makeIcp, register, reputation, transfer, type Chain } from '../../../test/icp.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { makePerson, signUp, type Client } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';
import { importIcp } from '../icp-import/index.ts';
import { followIcp } from './index.ts';

const { icp } = endpoints;
const provider = makePerson('provider on the chain');
const stranger = makePerson('stranger on the chain');
const ownerOf = ({ account_key }: typeof provider) => ({
  owner: toHex(principalBytesOf(account_key.public_key)),
  sub: null,
});

let t: TestApp;
let chain: Chain;
let port: FakeIcp;
beforeEach(async () => {
  t = await makeTestApp({ config: { icp_canister: 'ggi4a-wyaaa-aaaai-actqq-cai' } });
  chain = makeIcp();
  port = makeFakeIcp();
});
afterEach(() => t.close());

const read = () => {
  port.replace(chain.bytes());
  return importIcp(t.deps, { port, source: 'a test' });
};
async function adminOf(handle: string): Promise<Client> {
  const client = await signUp(t, handle);
  await t.deps.write(({ tx }) =>
    tx.updateTable('accounts').set({ is_admin: 1 }).where('handle', '=', handle).execute(),
  );
  return client;
}

describe('a provider’s page', () => {
  test('tells reputation, check-ins and transfers of all its keys, in pages, to anybody', async () => {
    const harbour = await signUp(t, 'harbour', { person: provider });
    await listOffering(harbour);
    chain.add(register(provider));
    for (let n = 0; n < 5; n += 1) {
      const changes = { amount_e9s: 2n ** 64n - 1n - BigInt(n) };
      const own = ownerOf(provider);
      chain.add(
        transfer(`${n}`, n % 2 === 0 ? { ...changes, to: own } : { ...changes, from: own }),
      );
    }
    chain.add(reputation([provider, 12n], [stranger, 3n]), transfer('of others'));
    chain.add(checkIn(provider));
    await read();
    const params = { handle: 'harbour' };
    const first = (await t.call(icp.provider, { params, query: { limit: 3 } })).body;
    expect(first).toMatchObject({ reputation: '12', check_ins: 1, streak_days: 1 });
    expect(first.registered_at).toBe('2025-11-20T10:00:00.000Z');
    const cursor = first.next_cursor ?? '';
    const second = (await t.call(icp.provider, { params, query: { limit: 3, cursor } })).body;
    expect(second.next_cursor).toBe(null);
    const all = [...first.items, ...second.items];
    expect(all.map(({ amount_e9s }) => amount_e9s)).toEqual(
      [4n, 3n, 2n, 1n, 0n].map((n) => (2n ** 64n - 1n - n).toString()),
    );
    expect(all.map(({ direction }) => direction)).toEqual(['in', 'out', 'in', 'out', 'in']);
    expect(all[1]?.other).not.toBe(principalOf(harbour.account.key));
  });

  test('lists transfers newest first over parts of a long chain that lie far apart', async () => {
    const harbour = await signUp(t, 'harbour', { person: provider });
    await listOffering(harbour);
    const own = ownerOf(provider);
    // Its beginning is the provider's, so only the whole tells it apart.
    const alike = `${own.owner.slice(0, 12)}${'00'.repeat(23)}`;
    chain.add(register(provider), transfer('first', { from: own, to: own }));
    await read();
    const { tx_hash: _, ...made } = await t.deps.db
      .selectFrom('icp_transfers')
      .selectAll()
      .executeTakeFirstOrThrow();
    const positions = [9, 13, 40, 1_000, 2_000].map((mebibytes) => mebibytes * 1024 * 1024);
    await t.deps.write(async ({ tx }) => {
      const rows = positions.flatMap((block_position) => [
        { ...made, block_position, place: 7, tx_hash: `${block_position}`.padStart(64, '0') },
        { ...made, block_position, place: 8, tx_hash: 'x', from_owner: alike, to_owner: alike },
      ]);
      await tx.insertInto('icp_transfers').values(rows).execute();
      await tx
        .updateTable('icp_cursor')
        .set({ position: 2_001 * 1024 * 1024 })
        .execute();
    });
    const params = { handle: 'harbour' };
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const { body } = await t.call(icp.provider, { params, query });
      found.push(...body.items.map(({ block_offset }) => block_offset));
      cursor = body.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual([...positions.toReversed(), made.block_position]);
  });

  test('is not there for an account that has never listed anything', async () => {
    chain.add(register(provider), checkIn(provider));
    await read();
    const { handle } = await t.deps.db
      .selectFrom('accounts')
      .select('handle')
      .executeTakeFirstOrThrow();
    const reply = await t.call(icp.provider, { params: { handle }, query: {} });
    expect(reply.status).toBe(404);
  });
});

describe('an admin', () => {
  test('sees the tip, the lag, the last runs, counts by label and what was refused', async () => {
    const admin = await adminOf('boss');
    expect(await admin.ask(icp.sync, {})).toMatchObject({ tip: null, cursor: null, runs: [] });
    chain.add(register(provider), register(provider, 'provider_register', stranger));
    chain.add(transfer('a'));
    await read();
    port.append(new Uint8Array(100));
    const sync = await admin.ask(icp.sync, {});
    expect(sync).toMatchObject({
      canister: 'ggi4a-wyaaa-aaaai-actqq-cai',
      cursor: { blocks: 2, entries: 3, position: chain.cursor().position },
      lag_bytes: 0,
      running: false,
      runs: [{ outcome: 'done', blocks: 2, entries: 3, refused: 1 }],
      counts: [
        { label: 'DCTokenTransfer', applied: 1, kept: 0, refused: 0 },
        { label: 'ProvRegister', applied: 1, kept: 0, refused: 1 },
      ],
    });
    const { items } = await admin.ask(icp.entries, { query: { status: 'refused' } });
    expect(items).toMatchObject([
      { label: 'ProvRegister', entry: 1, reason: 'its signature is not that of its key' },
    ]);
    const register_only = { query: { label: 'ProvRegister' } };
    expect((await admin.ask(icp.entries, register_only)).items.map((it) => it.entry)).toEqual([
      1, 0,
    ]);
    const { block_offset, entry } = items[0] ?? { block_offset: 0, entry: 0 };
    const one = await admin.ask(icp.entry, { params: { block_offset, entry } });
    expect(one).toMatchObject({ ...items[0] });
    expect(one.value).toMatch(/^[0-9a-f]{128}$/);
    const missing = { params: { block_offset, entry: 9 } };
    expect((await admin.refused(icp.entry, missing)).code).toBe('request.not_found');
    const pages: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = { limit: 1, ...(cursor === undefined ? {} : { cursor }) };
      const page = await admin.ask(icp.entries, { query });
      pages.push(...page.items.map(({ entry }) => entry));
      cursor = page.next_cursor;
    }
    expect(pages).toEqual([0, 1, 0]);
  });

  test('asks for a run, which the process that follows makes at once', async () => {
    const admin = await adminOf('boss');
    const follower = followIcp(t.deps, { port, source: 'x', poll_ms: 1e9, look_ms: 5 });
    const runs = () => t.deps.db.selectFrom('icp_runs').selectAll().execute();
    await expect.poll(async () => (await admin.ask(icp.sync, {})).tip).not.toBe(null);
    chain.add(transfer('a'));
    port.replace(chain.bytes());
    expect(await runs()).toEqual([]);
    const { asked_at } = await admin.ask(icp.run, {});
    expect(asked_at).toBe(t.clock.now());
    await expect.poll(async () => (await runs())[0]?.outcome).toBe('done');
    await follower.stop();
    expect(await runs()).toMatchObject([{ blocks: 1, outcome: 'done' }]);
  });
});

describe('following', () => {
  test('goes on after a failure, and ends at once when it is told to', async () => {
    chain.add(transfer('a'));
    port.replace(chain.bytes());
    port.fail('unreachable', 1);
    const follower = followIcp(t.deps, { port, source: 'x', poll_ms: 5, look_ms: 5 });
    const admin = await adminOf('boss');
    const outcomes = async () => (await admin.ask(icp.sync, {})).runs.map((run) => run.outcome);
    await expect.poll(outcomes).toContain('unreachable');
    await admin.ask(icp.run, {});
    await expect.poll(outcomes).toContain('done');
    await follower.stop();
  });
});
