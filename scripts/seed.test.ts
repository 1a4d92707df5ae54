import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCredentials } from '@berth/shared/contracts/credentials';
import { contractStateNames } from '@berth/shared/contracts/machine';
import { endpoints } from '@berth/shared/endpoints';
import { E9 } from '@berth/shared/money';
import { offeringKinds } from '@berth/shared/offerings/schemas';
import { demoIdentities } from '@berth/shared/platform/demo';
import { addHours, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, makeTestDatabase, testDialect, type TestApp } from '../api/test/harness.ts';
import { checkContract, checkStock } from '../api/test/invariants.ts';
import { makeCast } from '../api/test/cast.ts';
import { checkLedger, checkMoney, checkPapers, payIn } from '../api/test/money.ts';
import { makePerson, signIn, type Client } from '../api/test/people.ts';
import { viewOf } from '../api/test/rental.ts';
import { run } from './lib/run.ts';
import { copyMarket, hasAccounts, readMarket } from './seed/copy.ts';
import { fillMarket } from './seed/fill.ts';
import { ICP_CONTRACTS, icpProviders } from './seed/icp.ts';
import { stories } from './seed/market.ts';
import { offeringBatches } from './seed/offerings.ts';
import { providers } from './seed/people.ts';

let t: TestApp;
let renter: Client;
let provider: Client;

const [renterIdentity, providerIdentity] = demoIdentities;

beforeAll(async () => {
  t = await makeTestApp({ config: { demo: true, payments: 'balance' } });
  expect(await fillMarket(t.deps)).toBe(true);
  renter = await signIn(t, makePerson(renterIdentity.phrase));
  provider = await signIn(t, makePerson(providerIdentity.phrase));
});

afterAll(() => t.close());

const contracts = () => t.deps.db.selectFrom('contract_sign_requests').selectAll().execute();
const offerings = () => t.deps.db.selectFrom('offerings').selectAll().execute();

describe('the demo marketplace', () => {
  test('has 12 providers and 150 offerings for everybody to see, of every kind', async () => {
    const query = { limit: 1 };
    const { total, excluded_by_hours } = (await t.call(endpoints.market.search, { query })).body;
    expect(total + excluded_by_hours).toBeGreaterThanOrEqual(150);
    const { facets } = (await t.call(endpoints.market.facets, { query: {} })).body;
    const kinds = facets.find(({ field }) => field === 'kind')?.values ?? [];
    expect(kinds.map(({ value }) => value).sort()).toEqual([...offeringKinds].sort());
    for (const { count } of kinds) expect(count).toBeGreaterThanOrEqual(10);
    const listing = (await offerings()).filter(({ state }) => state === 'listed');
    expect(new Set(listing.map(({ provider_id }) => provider_id)).size).toBe(
      providers.length + icpProviders.length,
    );
    expect(providers.length).toBeGreaterThanOrEqual(12);
  });

  test('has offerings in every state and visibility, and rules that accept at once', async () => {
    const all = await offerings();
    for (const state of ['draft', 'listed', 'paused', 'archived']) {
      expect(all.filter((one) => one.state === state).length, state).toBeGreaterThanOrEqual(3);
    }
    for (const visibility of ['public', 'unlisted', 'private']) {
      expect(all.some((one) => one.visibility === visibility)).toBe(true);
    }
    const query = { q: 'auto_accept:yes', hours: 24 };
    const { items } = (await t.call(endpoints.market.search, { query })).body;
    expect(items.length).toBeGreaterThanOrEqual(5);
  });

  test('has prices that make sense, each amount above zero and each text filled in', async () => {
    for (const one of await offerings()) {
      const hourly = Number(one.hourly_e9s) / Number(E9);
      expect(hourly, one.title).toBeGreaterThan(0.003);
      expect(hourly, one.title).toBeLessThan(40);
      if (one.gpu_count) {
        expect(hourly / one.gpu_count, one.title).toBeGreaterThan(0.15);
        expect(hourly / one.gpu_count, one.title).toBeLessThan(5);
      }
      expect(`${one.title} ${one.description}`).not.toMatch(/[{}]|undefined|null|NaN/);
    }
  });

  test('asks more for more of the same', () => {
    for (const { rows } of offeringBatches()) {
      for (const row of rows.filter(({ gpu_count }) => gpu_count)) {
        const smaller = rows.filter(
          ({ gpu_model, city, gpu_count }) =>
            gpu_model === row.gpu_model && city === row.city && (gpu_count ?? 0) < row.gpu_count!,
        );
        for (const { price } of smaller) expect(Number(price)).toBeLessThan(Number(row.price));
      }
    }
  });

  test('has contracts in every state that lasts, ended early by either side', async () => {
    const all = await contracts();
    expect(all).toHaveLength(stories.length + ICP_CONTRACTS);
    expect(all.length).toBeGreaterThanOrEqual(60);
    // A request is submitted in the transaction that makes it, so none stays `requested`.
    for (const state of contractStateNames.filter((name) => name !== 'requested')) {
      expect(all.filter((one) => one.state === state).length, state).toBeGreaterThanOrEqual(2);
    }
    const log = await t.deps.db.selectFrom('log').selectAll().execute();
    for (const role of ['renter', 'provider']) {
      const cancelled = log.filter((one) => one.action === 'cancel' && one.role === role);
      expect(cancelled.length, role).toBeGreaterThanOrEqual(2);
    }
    for (const action of ['extend', 'rotate_credentials', 'message', 'activate', 'fail']) {
      expect(
        log.some((one) => one.action === action),
        action,
      ).toBe(true);
    }
  });

  test('has what was agreed on chain, marked, for both sides, and lets a real one be imported', async () => {
    const imported = (await contracts()).filter(({ on_chain }) => on_chain === 1);
    expect(imported.map(({ state }) => state).sort()).toEqual(['accepted', 'pending', 'pending']);
    const { items } = (await t.call(endpoints.market.search, { query: { q: 'on_chain:yes' } }))
      .body;
    expect(items).toHaveLength(4);
    const maas = items.find(({ title }) => title === 'Maas VPS 8');
    const params = { handle: maas?.provider.handle ?? '' };
    const said = (await t.call(endpoints.icp.provider, { params, query: {} })).body;
    expect(said).toMatchObject({ reputation: '120', streak_days: 9 });
    expect(said.items).toHaveLength(7);
    expect(await t.deps.db.selectFrom('icp_cursor').selectAll().execute()).toEqual([]);
  });

  test('keeps a log of each that verifies, and the stock that its contracts leave', async () => {
    for (const { contract_id } of await contracts()) await checkContract(t.deps, contract_id);
    const accounts = await t.deps.db.selectFrom('accounts').selectAll().execute();
    const idOf = new Map(accounts.map(({ handle, id }) => [handle, id]));
    const kept = new Map(
      (await offerings()).map((one) => [`${one.provider_id} ${one.reference ?? ''}`, one.id]),
    );
    for (const { provider: handle, rows } of offeringBatches()) {
      for (const { reference, stock } of rows) {
        const id = kept.get(`${idOf.get(handle) ?? ''} ${reference}`);
        await checkStock(t.deps, id ?? '', stock ?? 0);
      }
    }
  });

  test('was paid, with papers for all of it, and pays its provider out', async () => {
    await checkLedger(t.deps);
    const paid = (await contracts()).filter(({ on_chain }) => on_chain === 0);
    for (const { contract_id } of paid) {
      await checkMoney(t.deps, contract_id);
      await checkPapers(t.deps, contract_id);
    }
    const { items: invoices } = await renter.ask(endpoints.papers.list, { query: {} });
    expect(invoices.length).toBeGreaterThanOrEqual(10);
    const { details } = await renter.ask(endpoints.papers.details, {});
    expect(details?.city).toBe('Utrecht');
    const { items: payouts } = await provider.ask(endpoints.payouts.list, { query: {} });
    expect(payouts).toMatchObject([{ source: 'payable', currency: 'EUR' }]);
  });

  test('has happened over ten weeks, each thing in order and nothing in the future', async () => {
    const now = t.clock.now();
    const log = await t.deps.db
      .selectFrom('log')
      .orderBy('subject_id')
      .orderBy('seq')
      .selectAll()
      .execute();
    const times = log.map(({ at }) => at).sort();
    expect(times[0]! < addHours(now, -60 * 24)).toBe(true);
    expect(times.at(-1)! <= now).toBe(true);
    for (const [at, entry] of log.entries()) {
      if (entry.seq > 0) expect(entry.at >= log[at - 1]!.at).toBe(true);
    }
  });

  test('stays as it is for the first hour: no deadline is nearer', async () => {
    const soon = addHours(t.clock.now(), 1);
    const due = (await contracts()).flatMap(({ due_at }) => due_at ?? []).sort();
    expect(due[0]! > soon).toBe(true);
    expect(Date.parse(due[0]!) - t.clock.nowMs()).toBeLessThan(3 * HOUR_MS);
  });

  test('holds no phrase and no key that signs', async () => {
    const dump = JSON.stringify(await readMarket(t.deps), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const { phrase } of demoIdentities) {
      expect(dump).not.toContain(phrase);
      expect(dump).not.toContain(makePerson(phrase).account_key.secret);
    }
  });
});

describe('the ready identities', () => {
  const dashboardOf = (who: Client) => who.ask(endpoints.contracts.dashboard, {});

  test('sign in by their phrases to full dashboards, with what waits on each', async () => {
    for (const [who, role] of [
      [renter, 'renter'],
      [provider, 'provider'],
    ] as const) {
      const { waiting, running, counts } = await dashboardOf(who);
      expect(waiting.length, role).toBeGreaterThanOrEqual(1);
      expect(running.length, role).toBeGreaterThanOrEqual(4);
      expect(Object.keys(counts[role]).length, role).toBeGreaterThanOrEqual(8);
    }
    expect((await dashboardOf(provider)).waiting.length).toBeGreaterThanOrEqual(4);
  });

  test('have notices, some read and some new', async () => {
    for (const who of [renter, provider]) {
      const { items, unread } = await who.ask(endpoints.notices.list, { query: { limit: 100 } });
      expect(unread).toBeGreaterThanOrEqual(3);
      expect(items.length - unread).toBeGreaterThanOrEqual(10);
    }
  });

  test('can go on from there: the renter opens credentials that wait for it', async () => {
    const { waiting } = await dashboardOf(renter);
    const found = waiting.find(({ state, role }) => state === 'provisioned' && role === 'renter');
    const view = await viewOf(renter, found!.contract_id);
    const [{ envelope, seq }] = view.details as [(typeof view.details)[number]];
    const { contract_id } = view;
    const sealedFor = {
      ...{ contract_id, seq, provider_key: view.provider.key },
      recipient_key: renter.encryption_key,
    };
    const { fields } = readCredentials(await renter.open(sealedFor, envelope!));
    expect(fields.length).toBeGreaterThanOrEqual(1);
  });

  test('are the only ones whose keys come from the source', async () => {
    const { items } = (await t.call(endpoints.market.search, { query: { limit: 100 } })).body;
    const others = items
      .map((one) => one.provider)
      .filter((one) => one.key !== provider.account.key);
    for (const { handle, key } of others) {
      expect(makePerson(handle).account_key.public_key).not.toBe(key);
    }
  });
});

describe('filling', () => {
  test('a second time changes nothing', async () => {
    const before = await readMarket(t.deps);
    expect(await fillMarket(t.deps)).toBe(false);
    // What another process has filled while this one played is not filled again.
    expect(await copyMarket(t.deps, t.deps)).toBe(false);
    expect(await readMarket(t.deps)).toEqual(before);
  });

  test('posts anew what was posted', async () => {
    const from = await makeCast();
    await payIn(from.t.deps, from.renter, 'USD', 5n);
    await payIn(from.t.deps, from.renter, 'USD', 2n);
    const { database, drop } = await makeTestDatabase();
    expect(await copyMarket(from.t.deps, { database })).toBe(true);
    const balances = (db: typeof database.read) =>
      db.selectFrom('ledger_accounts').orderBy('account').selectAll().execute();
    expect(await balances(database.read)).toEqual(await balances(from.t.deps.db));
    await drop();
    await from.t.close();
  });

  test.runIf(testDialect === 'sqlite')('that is stopped half way leaves nothing', async () => {
    const { database, drop } = await makeTestDatabase();
    const refusal = `CREATE TRIGGER stop BEFORE INSERT ON contract_extensions
      BEGIN SELECT RAISE(ABORT, 'stopped'); END`;
    await database.write((_, runScript) => runScript(refusal));
    await expect(copyMarket(t.deps, { database })).rejects.toThrow('stopped');
    expect(await hasAccounts(database.read)).toBe(false);
    await database.write((_, runScript) => runScript('DROP TRIGGER stop'));
    expect(await copyMarket(t.deps, { database })).toBe(true);
    expect(await readMarket({ db: database.read })).toEqual(await readMarket(t.deps));
    await drop();
  });
});

describe('node scripts/seed.ts', () => {
  let data_dir: string;
  beforeAll(() => {
    data_dir = mkdtempSync(join(tmpdir(), 'berth-seed-test-'));
  });
  afterAll(() => {
    rmSync(data_dir, { recursive: true });
  });
  const seed = (args: string[], env: Record<string, string>) =>
    run(['node', 'scripts/seed.ts', ...args], {
      env: { DATA_DIR: data_dir, DATABASE_URL: '', NODE_ENV: '', ...env },
    });

  test('refuses in production, and without DEMO=on', async () => {
    const production = await seed([], { NODE_ENV: 'production', DEMO: 'on' });
    expect(production).toEqual({
      code: 1,
      output: 'DEMO is "on", but with NODE_ENV=production it should be off.\n',
    });
    const plain = await seed(['--if-empty'], { DEMO: '' });
    expect(plain).toEqual({ code: 1, output: 'Set DEMO=on to fill a demo marketplace.\n' });
    expect(readdirSync(data_dir)).toEqual([]);
  });

  test('fills an empty database, and leaves one with accounts alone', async () => {
    const first = await seed(['--if-empty'], { DEMO: 'on' });
    expect(first).toEqual({ code: 0, output: 'Filling the demo marketplace …\n' });
    expect(await seed(['--if-empty'], { DEMO: 'on' })).toEqual({ code: 0, output: '' });
    const again = await seed([], { DEMO: 'on' });
    expect(again.code).toBe(1);
    expect(again.output).toContain('wants an empty one');
  });
});
