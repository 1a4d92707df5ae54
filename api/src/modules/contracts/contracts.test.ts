import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { makeTestApp, testDialect } from '../../../test/harness.ts';
import { checkContract } from '../../../test/invariants.ts';
import { signUp, type Client } from '../../../test/people.ts';
import {
  listOffering,
  move,
  rentalIn,
  requestRental,
  setAutoAccept,
  viewOf,
} from '../../../test/rental.ts';

const { contracts, notices } = endpoints;

let cast: Cast;

beforeAll(async () => {
  cast = await makeCast();
});

afterAll(() => cast.t.close());

describe('the sweeper', () => {
  test('makes each timed move once, after a stop of any length', async () => {
    const ids = {
      expired: await rentalIn('pending', cast),
      failed: await rentalIn('provisioning', cast),
      active: await rentalIn('provisioned', cast),
      completed: await rentalIn('active', cast),
    };
    await cast.wait(400 * DAY_MS);
    await cast.wait(0);
    for (const [state, contract_id] of Object.entries(ids)) {
      const view = await viewOf(cast.renter, contract_id);
      expect(view.state).toBe(state);
      expect(view.entries.filter(({ role, seq }) => role === 'system' && seq > 1).length).toBe(
        state === 'completed' ? 2 : 1,
      );
      // What is not ready in time has failed by its provider.
      const fault = state === 'failed' ? 10_102 : undefined;
      expect(view.entries.at(-1)?.data['fault']).toBe(fault);
      await checkContract(cast.t.deps, contract_id);
    }
  });

  test('leaves alone what is not due yet', async () => {
    const contract_id = await rentalIn('pending', cast);
    await cast.wait(DAY_MS - 1);
    expect((await viewOf(cast.renter, contract_id)).state).toBe('pending');
    await cast.wait(1);
    expect((await viewOf(cast.renter, contract_id)).state).toBe('expired');
  });

  test('erases credentials after 7 days and personal parts after 90; the log still verifies', async () => {
    const contract_id = await rentalIn('active', cast, { memo: 'my memo' });
    await move(cast.renter, contract_id, 'cancel');
    await cast.wait(7 * DAY_MS);
    const week = await viewOf(cast.renter, contract_id);
    expect(week.details[0]).toMatchObject({ envelope: null, address: null });
    expect(week.request?.memo).toBe('my memo');
    await cast.wait(83 * DAY_MS);
    expect((await viewOf(cast.renter, contract_id)).request).toBe(null);
    await checkContract(cast.t.deps, contract_id);
  });
});

describe('an auto-accept rule', () => {
  test('accepts at once what it covers, and names the provider’s signature', async () => {
    const quick = await listOffering(cast.provider, { title: 'Quick one' });
    await setAutoAccept(cast.provider, quick, 48);
    const covered = await requestRental(cast.renter, quick, { hours: 48 });
    expect(covered.state).toBe('accepted');
    const view = await viewOf(cast.renter, covered.contract_id);
    expect(view.entries.at(-1)).toMatchObject({ action: 'accept', role: 'system' });
    await checkContract(cast.t.deps, covered.contract_id);
    expect((await requestRental(cast.renter, quick, { hours: 49 })).state).toBe('pending');
  });
});

describe('the parties', () => {
  test('are told by a notice and the stream, each once, and not of their own moves', async () => {
    await cast.t.drain();
    await cast.provider.ask(notices.read, { body: { all: true } });
    const contract_id = await rentalIn('accepted', cast);
    await cast.t.drain();
    await cast.t.drain();
    const about = async (client: Client) => {
      const { items } = await client.ask(notices.list, { query: {} });
      return items.filter(({ link }) => link.endsWith(contract_id)).map(({ title }) => title);
    };
    expect(await about(cast.provider)).toEqual(['sailor asks to rent 8x H100 SXM in Amsterdam']);
    expect(await about(cast.renter)).toEqual(['harbour accepted 8x H100 SXM in Amsterdam']);
    const { unread } = await cast.provider.ask(notices.list, { query: { unread: '1' } });
    expect(unread).toBe(1);
  });

  test('see their contracts in pages that lose and repeat nothing', async () => {
    for (const sort of ['newest', 'due'] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await cast.provider.ask(contracts.list, {
          query: { role: 'provider', sort, limit: 7, ...(cursor ? { cursor } : {}) },
        });
        seen.push(...page.items.map(({ contract_id }) => contract_id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(seen.length).toBe(await cast.countContracts());
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  test('see on the dashboard what waits on them, runs, costs and earns', async () => {
    const t2 = await makeTestApp();
    const provider = await signUp(t2, 'quay');
    const renter = await signUp(t2, 'mate');
    const offering = await listOffering(provider);
    await rentalIn('active', { renter, provider, offering });
    await requestRental(renter, offering, { hours: 2 });
    const own = await renter.ask(contracts.dashboard, {});
    expect(own).toMatchObject({
      waiting: [],
      hourly: [{ currency: 'USD', amount_e9s: '19920000000' }],
      counts: { renter: { active: 1, pending: 1 }, provider: {} },
    });
    const theirs = await provider.ask(contracts.dashboard, {});
    expect(theirs.waiting.map(({ state }) => state)).toEqual(['pending']);
    // The setup fee is the provider's from the start; the first hour has not begun.
    expect(theirs.earned).toEqual([{ currency: 'USD', amount_e9s: '5000000000' }]);
    await t2.close();
  });
});

test('a log row is never changed and never removed, even by hand', async () => {
  await requestRental(cast.renter, cast.offering);
  const write = (work: Parameters<Cast['t']['deps']['write']>[0]) => cast.t.deps.write(work);
  await expect(
    write(({ tx }) => tx.updateTable('log').set({ memo: 'x' }).execute()),
  ).rejects.toThrow(/append only/);
  await expect(write(({ tx }) => tx.deleteFrom('log').execute())).rejects.toThrow(/append only/);
});

// SQLite's REPLACE removes a row without asking the trigger that refuses removals.
const replacing: [string, string][] = [
  ['log', 'REPLACE INTO log SELECT * FROM log'],
  [
    'log by the number of its row',
    `REPLACE INTO log (rowid, subject_kind, subject_id, seq, action, to_state, "by", role, at, memo,
        statement, signature, "key", hash)
      SELECT rowid, subject_kind, subject_id, seq + 1000, action, to_state, "by", role, at, memo,
        statement, signature, "key", hash FROM log`,
  ],
  [
    'offering_terms',
    `REPLACE INTO offering_terms SELECT terms_hash, offering_id, '{}', created_at
      FROM offering_terms`,
  ],
  ['account_key_events', 'REPLACE INTO account_key_events SELECT * FROM account_key_events'],
];
test.each(testDialect === 'sqlite' ? replacing : [])(
  'nothing is written over in %s, even by hand',
  async (_, text) => {
    await requestRental(cast.renter, cast.offering);
    const run = cast.t.deps.write(({ tx }) => sql.raw(text).execute(tx));
    await expect(run).rejects.toThrow(/append only/);
  },
);
