import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { HOUR_MS } from '@berth/shared/time';
import { makeTestApp, openBeside, type TestApp } from '../../test/harness.ts';
import { signUp } from '../../test/people.ts';
import type { Deps, DueWork } from '../context.ts';
import { isFree } from '../db/due-work.ts';
import { setAdmin } from '../modules/admin/index.ts';
import { forget, sweepDue } from './due.ts';
import { sweep } from './timers.ts';

const { admin } = endpoints;
const MANY = 1_000;
const POISONED = 'thing 0000';
let t: TestApp;
let moves: string[];
let is_poisoned: boolean;

beforeEach(async () => {
  t = await makeTestApp();
  moves = [];
  is_poisoned = true;
});
afterEach(() => t.close());

/** Things that fall due an hour from now, in a table that is at hand: challenges nobody uses. */
const nonceOf = (n: number) => `thing ${String(n).padStart(4, '0')}`;
async function plant(many: number): Promise<void> {
  const expires_at = new Date(t.clock.nowMs() + HOUR_MS).toISOString();
  const rows = Array.from({ length: many }, (_, n) => ({
    nonce: nonceOf(n),
    key: 'k',
    issued_at: t.clock.now(),
    expires_at,
    used_at: null,
  }));
  await t.deps.write(async ({ tx }) => {
    for (let from = 0; from < many; from += 200) {
      await tx
        .insertInto('challenges')
        .values(rows.slice(from, from + 200))
        .execute();
    }
  });
}

const work: DueWork = {
  kind: 'test.move',
  list: async (db, now, limit) => {
    const rows = await db
      .selectFrom('challenges')
      .where('expires_at', '<=', now)
      .where('used_at', 'is', null)
      .where(isFree('test.move', 'nonce', now))
      .orderBy('nonce')
      .limit(limit)
      .select('nonce')
      .execute();
    return rows.map(({ nonce }) => nonce);
  },
  run: async ({ tx, clock }, nonce) => {
    if (is_poisoned && nonce === POISONED) throw new Error('it is poisoned');
    const { numUpdatedRows } = await tx
      .updateTable('challenges')
      .set({ used_at: clock.now() })
      .where('nonce', '=', nonce)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) moves.push(nonce);
  },
};
const sweeper = sweepDue(work);

const sweepUp = async (deps: Deps) => {
  while ((await sweeper(deps)) > 0);
};
const rows = () => t.deps.db.selectFrom('due_work').selectAll().execute();

async function anAdmin() {
  const boss = await signUp(t, 'boss');
  await t.deps.write((ctx) => setAdmin(ctx, boss.account.handle, true));
  return boss;
}

describe('what falls due', () => {
  test('is done once each by two processes, though one thing can never be done', async () => {
    await plant(MANY);
    const other = await openBeside(t.where, { clock: t.clock });
    await sweepUp(t.deps);
    expect(moves).toEqual([]);
    t.clock.advance(HOUR_MS);
    await Promise.all([sweepUp(t.deps), sweepUp(other)]);
    await other.close();
    expect(moves.length).toBe(MANY - 1);
    expect(new Set(moves).size).toBe(MANY - 1);
    expect(await rows()).toMatchObject([
      { kind: 'test.move', subject_id: POISONED, attempts: 1, last_error: 'Error: it is poisoned' },
    ]);
  });

  test('is tried again after a pause that grows, and is forgotten once it is done', async () => {
    await plant(2);
    t.clock.advance(HOUR_MS);
    await sweepUp(t.deps);
    t.clock.advance(999);
    expect(await sweeper(t.deps)).toBe(0);
    t.clock.advance(1);
    expect(await sweeper(t.deps)).toBe(1);
    const [failing] = await rows();
    expect(Date.parse(failing?.not_before ?? '') - t.clock.nowMs()).toBe(2_000);
    is_poisoned = false;
    t.clock.advance(2_000);
    await sweepUp(t.deps);
    expect(moves).toContain(POISONED);
    expect(await rows()).toEqual([]);
  });

  test('is taken up again when the process that took it is gone', async () => {
    await plant(1);
    t.clock.advance(HOUR_MS);
    is_poisoned = false;
    await t.deps.write(async ({ tx }) => {
      const not_before = new Date(t.clock.nowMs() + 60_000).toISOString();
      const gone = { kind: 'test.move', subject_id: POISONED, attempts: 0 };
      await tx
        .insertInto('due_work')
        .values({ ...gone, not_before })
        .execute();
    });
    expect(await sweeper(t.deps)).toBe(0);
    t.clock.advance(60_000);
    expect(await sweeper(t.deps)).toBe(1);
    expect(moves).toEqual([POISONED]);
  });

  test('is forgotten though it failed when something else has moved it meanwhile', async () => {
    await plant(1);
    t.clock.advance(HOUR_MS);
    await sweepUp(t.deps);
    await t.deps.write(({ tx }) =>
      tx.updateTable('challenges').set({ used_at: t.clock.now() }).execute(),
    );
    t.clock.advance(HOUR_MS);
    await sweep(t.deps, [forget([work])]);
    expect(await rows()).toEqual([]);
  });
});

describe('an admin', () => {
  test('sees what fails and why, and has it tried again at once', async () => {
    await plant(1);
    t.clock.advance(HOUR_MS);
    await sweepUp(t.deps);
    const boss = await anAdmin();
    const { failing, failing_count } = await boss.ask(admin.work, {});
    expect(failing_count).toBe(1);
    const thing = { kind: 'test.move', subject_id: POISONED };
    expect(failing).toMatchObject([{ ...thing, attempts: 1, last_error: 'Error: it is poisoned' }]);
    is_poisoned = false;
    await boss.ask(admin.runAgain, { params: thing });
    expect(await sweeper(t.deps)).toBe(1);
    expect(await boss.ask(admin.work, {})).toMatchObject({ failing: [], failing_count: 0 });
    const { items: acts } = await boss.ask(admin.log, { query: {} });
    expect(acts[0]).toMatchObject({ act: 'run_again', subject: `test.move ${POISONED}` });
    expect((await boss.refused(admin.runAgain, { params: thing })).code).toBe('request.not_found');
  });
});
