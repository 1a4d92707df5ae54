import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeTestApp, openBeside, type TestApp } from '../../test/harness.ts';
import { renew, signUp } from '../../test/people.ts';
import {
  isRefused,
  makePayments,
  openPayments,
  type PaymentOptions,
  type PaymentServer,
} from '../../test/payments.ts';
import type { AnyEffect, WriteCtx } from '../context.ts';
import { modules } from '../modules.ts';
import { setAdmin } from '../modules/admin/index.ts';
import { claimEffects, wantEffect } from '../db/effects.ts';
import { listEventsAfter } from '../db/stream-events.ts';
import { runEffects } from './effects.ts';
import { erasers } from './erase.ts';
import { sweep } from './timers.ts';

const { admin } = endpoints;
const KIND = 'test.pay';
let berth: TestApp;
let server: PaymentServer;

beforeEach(async () => {
  server = await openPayments();
  berth = await makeTestApp({ modules: [] });
});
afterEach(async () => {
  await berth.close();
  await server.close();
});

const want = (...those: number[]): Promise<string[]> =>
  berth.deps.write(async ({ tx, clock }) => {
    const ids: string[] = [];
    for (const n of those) ids.push(await wantEffect(tx, KIND, { n }, clock.now()));
    return ids;
  });
const run = (options: PaymentOptions = {}) =>
  runEffects(makePayments(server.address, options))(berth.deps);
const effects = () => berth.deps.db.selectFrom('effects').selectAll().execute();
const work = () => berth.deps.db.selectFrom('due_work').selectAll().execute();
const told = async () =>
  (await listEventsAfter(berth.deps.db, 'payments', 0, 10_000)).map((event) => event.subject_id);
const pauseOf = async () => Date.parse((await work())[0]?.not_before ?? '') - berth.clock.nowMs();
const times = (many: number, word: string) => Array.from({ length: many }, () => word);

const refuse = () => {
  throw new Error('no account');
};

describe('an effect', () => {
  test('is done once, after the transaction that wanted it', async () => {
    const [id = ''] = await want(1);
    expect(server.asked).toEqual([]);
    expect(await run()).toBe(1);
    expect(await run()).toBe(0);
    expect(server.asked).toEqual([`call ${id}`]);
    expect(await told()).toEqual([`${id} receipt of ${id}`]);
    expect(await effects()).toMatchObject([{ id, state: 'done' }]);
    expect(await work()).toEqual([]);
  });

  test('of a write that was rolled back is none', async () => {
    const failed = berth.deps.write(async ({ tx, clock }) => {
      await wantEffect(tx, KIND, { n: 1 }, clock.now());
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await run()).toBe(0);
    expect(server.asked).toEqual([]);
  });

  test('is called with no transaction open', async () => {
    await want(1);
    await run({ before: () => berth.deps.write(async () => undefined) });
    expect(await told()).toHaveLength(1);
  });

  test('that is refused is not asked for again', async () => {
    const [id = ''] = await want(3);
    await run();
    berth.clock.advance(DAY_MS);
    await run();
    expect(server.asked).toEqual([`call ${id}`]);
    expect(await told()).toEqual([`${id} refused`]);
    expect(await effects()).toMatchObject([{ state: 'refused' }]);
  });

  test('that fails is called again after pauses that grow, and is given up in the end', async () => {
    server.faults.call = ['busy'];
    const [id = ''] = await want(1);
    await run();
    const first_ms = await pauseOf();
    expect(first_ms).toBeGreaterThanOrEqual(1_000);
    expect(first_ms).toBeLessThanOrEqual(1_200);
    berth.clock.advance(999);
    expect(await run()).toBe(0);
    for (let tries = 1; tries < 40; tries += 1) {
      berth.clock.advance(2 * HOUR_MS);
      await run();
    }
    expect(server.asked).toEqual(times(30, `call ${id}`));
    expect(await effects()).toMatchObject([{ state: 'given_up' }]);
    expect(await work()).toMatchObject([{ attempts: 30, last_error: 'it said 503' }]);
    expect(await told()).toEqual([]);
  });

  test('whose answer is lost is asked for after 5 minutes, an hour and each day', async () => {
    server.faults = { call: ['lose'], ask: ['drop', 'crash', 'drop', 'drop', 'none'] };
    const [id = ''] = await want(1);
    const pauses_ms = [5 * MINUTE_MS, HOUR_MS, DAY_MS, DAY_MS, DAY_MS];
    for (const pause_ms of pauses_ms) {
      expect(await run()).toBe(1);
      const least = await pauseOf();
      expect(least).toBeGreaterThanOrEqual(pause_ms);
      expect(least).toBeLessThanOrEqual(1.2 * pause_ms);
      berth.clock.advance(pause_ms - 1);
      expect(await run()).toBe(0);
      berth.clock.advance(least - pause_ms + 1);
    }
    await run();
    expect(server.asked).toEqual([`call ${id}`, ...times(5, `ask ${id}`)]);
    expect(await told()).toEqual([`${id} receipt of ${id}`]);
  });

  test('that turns out not to have been done is called again under the same id', async () => {
    server.faults.call = ['drop', 'none'];
    const [id = ''] = await want(1);
    await run();
    berth.clock.advance(10 * MINUTE_MS);
    await run();
    berth.clock.advance(10 * MINUTE_MS);
    await run();
    expect(server.asked).toEqual([`call ${id}`, `ask ${id}`, `call ${id}`]);
    expect(await told()).toEqual([`${id} receipt of ${id}`]);
  });

  test('that gets no answer in its time is unknown, though the port minds no signal', async () => {
    await want(1);
    await run({ time_limit_ms: 1, before: () => new Promise(() => undefined) });
    expect(await effects()).toMatchObject([{ state: 'called' }]);
    expect((await work())[0]?.last_error).toContain('TimeoutError');
  });

  test('whose port throws before it waits is unknown, and its time limit ends nothing', async () => {
    await want(1);
    const timers = vi.spyOn(AbortSignal, 'timeout');
    const call = () => {
      throw new Error('no host');
    };
    await runEffects({ ...makePayments(server.address, { time_limit_ms: 1 }), call })(berth.deps);
    const limit = timers.mock.results[0]?.value as AbortSignal;
    timers.mockRestore();
    await expect.poll(() => limit.aborted).toBe(true);
    expect(await effects()).toMatchObject([{ state: 'called' }]);
    expect((await work())[0]?.last_error).toBe('Error: no host');
  });

  test('of which a process died is asked for when its lease is over', async () => {
    const [id = ''] = await want(1);
    const now = berth.clock.now();
    const until = new Date(berth.clock.nowMs() + MINUTE_MS).toISOString();
    await berth.deps.write(({ tx }) => claimEffects(tx, KIND, [id], { now, until }));
    expect(await run()).toBe(0);
    berth.clock.advance(MINUTE_MS);
    await run();
    berth.clock.advance(MINUTE_MS);
    await run();
    expect(server.asked).toEqual([`ask ${id}`, `call ${id}`]);
    expect(await told()).toHaveLength(1);
  });

  test('whose outcome comes after its lease changes nothing that another has found', async () => {
    const [id = ''] = await want(1);
    const before = async () => {
      berth.clock.advance(DAY_MS);
      await run();
      berth.clock.advance(HOUR_MS);
      await run({ onOutcome: refuse });
      expect(await effects()).toMatchObject([{ id, state: 'answered' }]);
      server.faults.call = ['busy'];
    };
    await run({ before });
    expect(server.asked).toEqual([`ask ${id}`, `call ${id}`, `call ${id}`]);
    expect(await effects()).toMatchObject([{ id, state: 'answered' }]);
    berth.clock.advance(HOUR_MS);
    await run();
    expect(await told()).toHaveLength(1);
  });

  test('is called by itself once Berth has started, and closing ends with its call', async () => {
    const payments = makePayments(server.address);
    const payer = { name: 'payer', routes: () => undefined, effects: [payments] };
    const own = await makeTestApp({ modules: [payer], live: true });
    await own.deps.write(({ tx, clock }) => wantEffect(tx, KIND, { n: 1 }, clock.now()));
    await expect.poll(() => server.asked).toHaveLength(1);
    await own.close();
    expect(server.paid.size).toBe(1);
  });
});

describe('an outcome', () => {
  test('is kept before anything acts on it: what throws then is not paid again', async () => {
    const [id = ''] = await want(1);
    await run({ onOutcome: refuse });
    expect(await told()).toEqual([]);
    expect(await effects()).toMatchObject([{ state: 'answered' }]);
    expect(await work()).toMatchObject([{ attempts: 1, last_error: 'Error: no account' }]);
    berth.clock.advance(1_000);
    await run({ onOutcome: refuse });
    expect(await pauseOf()).toBe(2_000);
    berth.clock.advance(2_000);
    await run();
    expect(server.asked).toEqual([`call ${id}`]);
    expect(await told()).toEqual([`${id} receipt of ${id}`]);
  });

  test('is forgotten a month after it was brought back, and not before', async () => {
    await want(1);
    await run();
    server.faults.call = ['busy'];
    await want(2);
    await run();
    berth.clock.advance(29 * DAY_MS);
    await sweep(berth.deps, erasers);
    expect(await effects()).toHaveLength(2);
    berth.clock.advance(2 * DAY_MS);
    await sweep(berth.deps, erasers);
    expect(await effects()).toMatchObject([{ state: 'waiting' }]);
  });
});

test('what was given up an admin sees, and has it called again', async () => {
  const own = await makeTestApp({
    modules: [
      ...modules,
      { name: 'payer', routes: () => undefined, effects: [makePayments(server.address)] },
    ],
  });
  const boss = await signUp(own, 'boss');
  await own.deps.write((ctx) => setAdmin(ctx, boss.account.handle, true));
  server.faults.call = ['busy'];
  const id = await own.deps.write(({ tx, clock }) => wantEffect(tx, KIND, { n: 1 }, clock.now()));
  for (let tries = 0; tries < 30; tries += 1) {
    await own.sweep();
    own.clock.advance(2 * HOUR_MS);
  }
  const thing = { kind: KIND, subject_id: id };
  const renewed = await renew(boss);
  expect(await renewed.ask(admin.work, {})).toMatchObject({
    failing: [{ ...thing, attempts: 30, not_before: null }],
    effects: [{ kind: KIND, waiting: 0, called: 0, answered: 0, given_up: 1 }],
  });
  server.faults.call = ['none'];
  await renewed.ask(admin.runAgain, { params: thing });
  await own.sweep();
  expect(await renewed.ask(admin.work, {})).toMatchObject({ failing: [], effects: [] });
  expect(server.paid.get(id)).toEqual({ n: 1, times: 1 });
  await own.close();
});

const MANY = 200;
/** Longer than a lease. */
const LATER_MS = 2 * MINUTE_MS;

test('of hundreds none is lost or done twice, with faults, two processes and kills', async () => {
  const turns = ['none', 'drop', 'busy', 'lose', 'none', 'crash', 'double', 'none'] as const;
  server.faults = {
    call: [...turns, ...turns, 'late', ...turns],
    ask: ['none', 'crash', 'none', 'drop', 'none'],
  };
  const script = fileURLToPath(new URL('../../test/killed-payments.ts', import.meta.url));
  const killed = (kill_at: number, when: string) =>
    new Promise((resolve) => {
      const given = [berth.where, server.address, berth.clock.now(), String(kill_at), when];
      execFile(process.execPath, [script, ...given], (error) => {
        resolve(error?.signal);
      });
    });
  const ids = await want(...Array.from({ length: MANY }, (_, n) => n));
  for (const kill_at of [10, 20]) {
    const ends = await Promise.all([killed(kill_at, 'before'), killed(kill_at, 'after')]);
    expect(ends).toEqual(['SIGKILL', 'SIGKILL']);
    berth.clock.advance(LATER_MS);
  }
  const beside = await openBeside(berth.where, { clock: berth.clock });
  const open = async () => (await effects()).some(({ ended_at }) => ended_at === null);
  for (let rounds = 0; rounds < 60 && (await open()); rounds += 1) {
    await Promise.all([run(), runEffects(makePayments(server.address))(beside)]);
    berth.clock.advance(DAY_MS);
    // Each of these takes as long as a call may; enough have come.
    server.faults.call = turns;
  }
  await beside.close();
  const ends = ids.map((id, n) => `${id} ${isRefused(n) ? 'refused' : `receipt of ${id}`}`);
  expect((await told()).sort()).toEqual(ends.sort());
  const paid = ids.flatMap((id, n) => (isRefused(n) ? [] : [[id, { n, times: 1 }] as const]));
  expect(server.paid).toEqual(new Map(paid));
  expect(await work()).toEqual([]);
});

/** Compiles only because each of these does not without its mark. */
export function refusedByTypes({ tx, clock, ...ctx }: WriteCtx) {
  const at = clock.now();
  // @ts-expect-error: with a transaction open no port is at hand
  void ctx.ports;
  // @ts-expect-error: no such kind
  void wantEffect(tx, 'test.borrow', { n: 1 }, at);
  // @ts-expect-error: a field is of another type
  void wantEffect(tx, KIND, { n: '1' }, at);
  // @ts-expect-error: a field is missing
  void wantEffect(tx, KIND, {}, at);
  const effect: Pick<AnyEffect, 'call'> = {
    // @ts-expect-error: a reply that the kind does not have
    call: async () => ({ outcome: 'done', reply: { paid: true } }),
  };
  return effect;
}
