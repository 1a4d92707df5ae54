import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isEnded, type ContractState } from '@berth/shared/contracts/machine';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, testDialect, type TestApp } from '../../../test/harness.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import {
  listOffering,
  move,
  rentalIn,
  requestRental,
  setAutoAccept,
  signedMove,
  viewOf,
} from '../../../test/rental.ts';
import { MIGRATIONS } from '../../db/migrate.ts';
import { lastNewsId, listOfferingNews } from '../../db/search-rows.ts';
import { listEventsAfter } from '../../db/stream-events.ts';
import { keepRecord } from './jobs.ts';

/** A provider that answers at once, waits a day, refuses, fails, cancels and lets expire. */
const CONTRACTS = 40;

let t: TestApp;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const records = () =>
  t.deps.db.selectFrom('provider_records').orderBy('provider_id').selectAll().execute();
const facts = () =>
  t.deps.db.selectFrom('provider_contracts').orderBy('contract_id').selectAll().execute();

/** The same numbers everywhere, so that a failure can be repeated. */
function makeDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** What the logs say of a provider, counted anew and by other means than the module's. */
async function recount(provider_id: string) {
  const rows = await t.deps.db
    .selectFrom('log as h')
    .innerJoin('contract_sign_requests as c', 'c.contract_id', 'h.subject_id')
    .where('c.provider_id', '=', provider_id)
    .orderBy('h.subject_id')
    .orderBy('h.seq')
    .select(['c.contract_id', 'h.action', 'h.to_state', 'h.role', 'h.at'])
    .select('c.renter_id')
    .execute();
  const logs = Object.values(Object.groupBy(rows, ({ contract_id }) => contract_id)).map(
    (log) => log ?? [],
  );
  const answers = logs.flatMap((log) => {
    const answer = log.find(({ action }) => ['accept', 'reject'].includes(action));
    const first = log[0];
    if (!answer || !first) return [];
    const s = (Date.parse(answer.at) - Date.parse(first.at)) / 1_000;
    return [{ at: `${answer.at} ${first.contract_id}`, s: Math.round(s) }];
  });
  const ends = logs.flatMap((log) => {
    const end = log.find(({ to_state }) => isEnded(to_state as ContractState));
    return end ? [end] : [];
  });
  const completed = ends.filter(({ to_state }) => to_state === 'completed');
  const broken = ends.filter(
    ({ to_state, role }) =>
      ['failed', 'expired'].includes(to_state) || (to_state === 'cancelled' && role === 'provider'),
  );
  const latest = answers.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 100);
  const times = latest.map(({ s }) => s).sort((a, b) => a - b);
  return {
    provider_id,
    renters: new Set(completed.map(({ renter_id }) => renter_id)).size,
    completed: completed.length,
    kept: ends.length - broken.length,
    ended: ends.length,
    answered: answers.length,
    median_response_s: times[Math.floor(times.length / 2)] ?? null,
  };
}

describe('a provider’s record', () => {
  let provider: Client;
  const others: Client[] = [];

  beforeAll(async () => {
    const dice = makeDice(7);
    provider = await signUp(t, 'harbour');
    others.push(await signUp(t, 'sailor'), await signUp(t, 'diver'), await signUp(t, 'pilot'));
    const offering = await listOffering(provider, { stock: CONTRACTS, max_hours: 48 });
    const ids: { id: string; who: number }[] = [];
    const wait = async (ms: number) => {
      t.clock.advance(ms);
      await t.sweep();
      provider = await signIn(t, provider);
      for (const [at, one] of others.entries()) others[at] = await signIn(t, one);
    };
    for (let at = 0; at < CONTRACTS; at += 1) {
      if (at === CONTRACTS / 2) {
        await setAutoAccept(provider, await listed(offering.id), 24);
      }
      const who = dice(others.length);
      const hours = 1 + dice(30);
      const { contract_id } = await requestRental(others[who]!, await listed(offering.id), {
        hours,
      });
      ids.push({ id: contract_id, who });
      const { id, who: whose } = ids[dice(ids.length)]!;
      for (let step = dice(8); step > 0; step -= 1) await walk(id, others[whose]!, dice);
      if (dice(3) === 0) await wait((1 + dice(20)) * HOUR_MS);
      if (dice(4) === 0) await t.drain();
    }
    await wait(5 * DAY_MS);
    await t.drain();
  });

  async function listed(offering_id: string) {
    return provider.ask(endpoints.offerings.getOwn, { params: { offering_id } });
  }

  async function walk(contract_id: string, renter: Client, dice: (sides: number) => number) {
    const who = dice(6) === 0 ? renter : provider;
    const view = await viewOf(who, contract_id);
    // Mostly the first button, which leads on, so that some get to the end.
    const next = view.moves[dice(4) > 0 ? 0 : dice(view.moves.length || 1)];
    if (!next) return;
    const body = await signedMove(who, view, next.action);
    await who.send(endpoints.contracts.move, { params: { contract_id }, body });
  }

  test('is what a recount of the contract logs says, after random contracts', async () => {
    const counted = await recount(provider.account.id);
    expect(await records()).toEqual([counted]);
    expect(counted.ended).toBeGreaterThan(CONTRACTS / 2);
    expect(counted.completed).toBeGreaterThan(3);
    expect(counted.kept).toBeLessThan(counted.ended);
    expect(counted.answered).toBeGreaterThan(10);
    expect(counted.median_response_s).not.toBeNull();
  });

  test('counts each entry once, however often its news comes', async () => {
    const before = await records();
    const log = await t.deps.db
      .selectFrom('log')
      .where('subject_kind', '=', 'contract')
      .select(['subject_id as contract_id', 'seq'])
      .execute();
    for (const entry of log) await t.deps.write((ctx) => keepRecord(ctx, entry));
    expect(await records()).toEqual(before);
  });

  test('is filled by the migration with the same figures, for contracts from before', async () => {
    const [kept, said] = [await facts(), await records()];
    const file = join(MIGRATIONS, `0007_market.${testDialect}.sql`);
    const text = readFileSync(file, 'utf8');
    await t.deps.database.write(async (_, runScript) => {
      await runScript('DELETE FROM provider_contracts; DELETE FROM provider_records;');
      await runScript(text.slice(text.indexOf('INSERT INTO provider_contracts')));
    });
    expect(await facts()).toEqual(kept);
    expect(await records()).toEqual(said);
  });
});

test('what each end says of the provider is as agreed', async () => {
  const provider = await signUp(t, 'lighthouse');
  const renter = await signUp(t, 'gull');
  const offering = await listOffering(provider, { stock: 10 });
  const cast = { provider, renter, offering };
  const record = async () => {
    await t.drain();
    return (await records()).find((one) => one.provider_id === provider.account.id);
  };
  expect(await record()).toBeUndefined();
  await rentalIn('pending', cast);
  expect(await record()).toBeUndefined();
  await rentalIn('cancelled', cast);
  expect(await record()).toMatchObject({ ended: 1, kept: 1, answered: 0, median_response_s: null });
  await rentalIn('rejected', cast);
  expect(await record()).toMatchObject({ ended: 2, kept: 2, answered: 1, median_response_s: 0 });
  await rentalIn('failed', cast);
  expect(await record()).toMatchObject({ ended: 3, kept: 2, answered: 2 });
  await move(provider, await rentalIn('accepted', cast), 'cancel');
  expect(await record()).toMatchObject({ ended: 4, kept: 2, answered: 3, completed: 0 });
});

test('an answer has the index read all that its provider lists again, and nothing else', async () => {
  const [provider, renter] = [await signUp(t, 'quay'), await signUp(t, 'rower')];
  const [rented, other] = [await listOffering(provider), await listOffering(provider)];
  const hidden = await listOffering(provider, { visibility: 'unlisted' });
  const head = await requestRental(renter, rented);
  await t.drain();
  const before = await lastNewsId(t.deps.db);
  t.clock.advance(HOUR_MS / 10);
  await move(provider, head.contract_id, 'accept');
  await t.drain();
  const { ids } = await listOfferingNews(t.deps.db, before, 1_000);
  expect(ids).toContain(other.id);
  expect(ids).not.toContain(hidden.id);
  const told = await listEventsAfter(t.deps.db, renter.account.id, before, 1_000);
  expect(told.map(({ topic }) => topic)).not.toContain('provider');
});
