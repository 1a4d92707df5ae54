import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTestApp } from '../../test/harness.ts';
import type { TestApp } from '../../test/harness.ts';
import type { Deps, Module, OutboxHandler } from '../context.ts';
import { emit } from '../db/outbox.ts';
import { insertStreamEvents, listEventsAfter } from '../db/stream-events.ts';
import { erasers } from './erase.ts';
import { sweep } from './timers.ts';
import { drain, handlersOf, makeWorker } from './worker.ts';

const DAY_MS = 86_400_000;
let berth: TestApp;
/** Payloads that the handler refuses. */
const refused = new Set<number>();

/** Leaves one stream event for each news, in the transaction of its delivery. */
const tell: OutboxHandler = async ({ tx, clock }, payload) => {
  const { n } = payload as { n: number };
  await insertStreamEvents(tx, [
    { account_id: 'acc', topic: 'contract', subject_id: String(n), created_at: clock.now() },
  ]);
  if (refused.has(n)) throw new Error(`no ${n}`);
  return ['acc'];
};
const teller: Module = { name: 'teller', routes: () => undefined, handlers: { news: tell } };

beforeEach(async () => {
  refused.clear();
  berth = await makeTestApp({ modules: [teller] });
});
afterEach(() => berth.close());

const send = (...those: number[]) =>
  berth.deps.write(async ({ tx, clock }) => {
    for (const n of those) await emit(tx, 'news', { n }, clock.now());
  });
const told = async ({ db }: Deps = berth.deps) =>
  (await listEventsAfter(db, 'acc', 0, 1000)).map(({ subject_id }) => Number(subject_id));
const rows = () => berth.deps.db.selectFrom('outbox').selectAll().orderBy('id').execute();
const upTo = (many: number) => Array.from({ length: many }, (_, n) => n);

describe('news', () => {
  test('reach their handlers in order, each once, whatever the batch', async () => {
    await send(...upTo(250));
    expect(await berth.drain()).toBe(250);
    expect(await berth.drain()).toBe(0);
    expect(await told()).toEqual(upTo(250));
  });

  test('of a write that was rolled back are none', async () => {
    const failing = berth.deps.write(async ({ tx, clock }) => {
      await emit(tx, 'news', { n: 1 }, clock.now());
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await berth.drain()).toBe(0);
  });

  test('wake the streams of the accounts they concern, after the commit', async () => {
    const { promise, resolve } = Promise.withResolvers<number[]>();
    berth.deps.hub.subscribe('acc', () => void told().then(resolve));
    await send(1);
    await berth.drain();
    expect(await promise).toEqual([1]);
  });

  test('go to the handlers of every module that takes them', () => {
    const handlers = handlersOf([teller, teller]);
    expect(handlers['news']).toHaveLength(2);
  });
});

describe('a handler that fails', () => {
  test('leaves nothing behind and does not keep other news', async () => {
    refused.add(1);
    await send(0, 1, 2);
    await berth.drain();
    expect(await told()).toEqual([0, 2]);
    const [, failed] = await rows();
    expect(failed).toMatchObject({ attempts: 1, delivered_at: null, last_error: 'Error: no 1' });
  });

  test('is tried again after a pause that grows', async () => {
    refused.add(1);
    await send(1);
    await berth.drain();
    berth.clock.advance(999);
    expect(await berth.drain()).toBe(0);
    berth.clock.advance(1);
    await berth.drain();
    const now_ms = berth.clock.nowMs();
    const [row] = await rows();
    expect(row).toMatchObject({ attempts: 2 });
    expect(Date.parse(row?.next_attempt_at ?? '') - now_ms).toBe(2000);
    refused.clear();
    berth.clock.advance(2000);
    await berth.drain();
    expect(await told()).toEqual([1]);
  });

  test('is left for a person after the last attempt', async () => {
    await berth.deps.write(({ tx, clock }) => emit(tx, 'nobody', {}, clock.now()));
    for (let attempt = 0; attempt < 12; attempt++) {
      await berth.drain();
      berth.clock.advance(DAY_MS);
    }
    expect(await rows()).toMatchObject([
      { attempts: 10, last_error: 'Error: Nothing handles the topic nobody' },
    ]);
  });
});

describe('the worker', () => {
  test('delivers by itself once it is woken, and stops when told', async () => {
    const worker = makeWorker();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    berth.deps.hub.subscribe('acc', () => {
      resolve(undefined);
    });
    expect(worker.isAlive()).toBe(false);
    worker.start(berth.deps, handlersOf([teller]));
    await send(1);
    worker.wake();
    await promise;
    await worker.stop();
    expect(worker.isAlive()).toBe(false);
    await send(2);
    expect(await told()).toEqual([1]);
  });

  test('applies each news exactly once though it is killed in the middle', async () => {
    await send(...upTo(120));
    const kills = [
      { kill_at: 7, kept: 0 },
      { kill_at: 33, kept: 0 },
      { kill_at: 110, kept: 100 },
    ];
    for (const { kill_at, kept } of kills) {
      const script = new URL('../../test/killed-worker.ts', import.meta.url);
      const signal = await new Promise((resolve) => {
        execFile(
          process.execPath,
          [fileURLToPath(script), berth.where, String(kill_at)],
          (error) => {
            resolve(error?.signal);
          },
        );
      });
      expect(signal).toBe('SIGKILL');
      expect(await told()).toEqual(upTo(kept));
    }
    // PostgreSQL keeps the turn of a killed process until it notices that it is gone.
    const left = async () => {
      await berth.drain();
      return told();
    };
    await expect.poll(left).toEqual(upTo(120));
  });

  test('of two processes hands each news to one', async () => {
    await send(...upTo(200));
    await Promise.all([berth.drain(), drain(berth.deps, handlersOf([teller]))]);
    await berth.drain();
    expect(await told()).toEqual(upTo(200));
  });
});

test('what was delivered or told long ago is erased, and nothing else', async () => {
  refused.add(1);
  await send(0, 1, 2);
  await berth.drain();
  berth.clock.advance(8 * DAY_MS);
  await send(3);
  await sweep(berth.deps, erasers);
  expect((await rows()).map(({ payload }) => payload)).toEqual(['{"n":1}', '{"n":3}']);
  expect(await told()).toEqual([]);
});

test('a sweeper that fails does not keep the others', async () => {
  const fail = () => Promise.reject(new Error('no'));
  expect(await sweep(berth.deps, [fail, async () => 3])).toBe(3);
});
