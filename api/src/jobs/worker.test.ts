import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, openBeside, testDialect, type TestApp } from '../../test/harness.ts';
import { signUp } from '../../test/people.ts';
import type { Consumer } from '../context.ts';
import { emit } from '../db/outbox.ts';
import { insertStreamEvents, listEventsAfter } from '../db/stream-events.ts';
import { modules } from '../modules.ts';
import { setAdmin } from '../modules/admin/index.ts';
import { erasers } from './erase.ts';
import { sweep } from './timers.ts';
import { consumersOf, drain, makeWorker } from './worker.ts';

const { admin } = endpoints;
let berth: TestApp;
/** Where the consumer that can fail does so, and what it says. */
let refused: Map<number, string>;

/** Leaves one stream event for each news, for the account of its name. */
const makeTeller = (name: string, can_fail = false): Consumer => ({
  name,
  handlers: {
    async 'contract.moved'({ tx, clock }, { seq }) {
      const event = { account_id: name, topic: 'contract', subject_id: String(seq) } as const;
      await insertStreamEvents(tx, [{ ...event, created_at: clock.now() }]);
      if (can_fail && refused.has(seq)) throw new Error(refused.get(seq));
      return [name];
    },
  },
});
const teller = makeTeller('teller', true);
const other = makeTeller('other');
const tellers = { name: 'tellers', routes: () => undefined, consumers: [teller, other] };

beforeEach(async () => {
  refused = new Map();
  const rest = modules.map(({ consumers: _, ...module }) => module);
  berth = await makeTestApp({ modules: [...rest, tellers] });
});
afterEach(() => berth.close());

/** Each beside news that nobody here takes. */
const send = (...those: number[]) =>
  berth.deps.write(async ({ tx, clock }) => {
    for (const seq of those) {
      await emit(tx, 'notices.read', { account_id: 'nobody' }, clock.now());
      await emit(tx, 'contract.moved', { contract_id: 'none', seq }, clock.now());
    }
  });
const told = async (name = 'teller') =>
  (await listEventsAfter(berth.deps.db, name, 0, 10_000)).map(({ subject_id }) =>
    Number(subject_id),
  );
const rows = () => berth.deps.db.selectFrom('outbox').selectAll().orderBy('id').execute();
const failing = () => berth.deps.db.selectFrom('due_work').selectAll().execute();
const upTo = (many: number) => Array.from({ length: many }, (_, n) => n);

describe('news', () => {
  test('reach their consumers in order, each once, whatever the batch', async () => {
    await send(...upTo(250));
    expect(await berth.drain()).toBe(500);
    expect(await berth.drain()).toBe(0);
    expect(await told()).toEqual(upTo(250));
    expect(await told('other')).toEqual(upTo(250));
  });

  test('of a write that was rolled back are none', async () => {
    const failed = berth.deps.write(async ({ tx, clock }) => {
      await emit(tx, 'contract.moved', { contract_id: 'none', seq: 1 }, clock.now());
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await berth.drain()).toBe(0);
  });

  test('wake the streams of the accounts they concern, after the commit', async () => {
    const { promise, resolve } = Promise.withResolvers<number[]>();
    berth.deps.hub.subscribe('teller', () => void told().then(resolve));
    await send(1);
    await berth.drain();
    expect(await promise).toEqual([1]);
  });

  test.runIf(testDialect === 'postgres')('that are committed late are not passed', async () => {
    const begun = Promise.withResolvers<undefined>();
    const open = Promise.withResolvers<undefined>();
    const late = berth.deps.write(async ({ tx, clock }) => {
      await emit(tx, 'contract.moved', { contract_id: 'none', seq: 1 }, clock.now());
      begun.resolve(undefined);
      await open.promise;
    });
    await begun.promise;
    await send(2);
    await berth.drain();
    expect(await told()).toEqual([2]);
    open.resolve(undefined);
    await late;
    await berth.drain();
    expect(await told()).toEqual([2, 1]);
    const [first, , second] = await rows();
    expect(first?.position).toBeGreaterThan(second?.position ?? Infinity);
  });
});

describe('a consumer', () => {
  test('that comes later begins at the end', async () => {
    await send(1);
    await berth.drain();
    const third = makeTeller('third');
    const all = [teller, other, third];
    await drain(berth.deps, all);
    await send(2);
    await drain(berth.deps, all);
    expect(await told('third')).toEqual([2]);
    expect(await told()).toEqual([1, 2]);
  });

  test('shares its name with no other', () => {
    expect(() => consumersOf([tellers, tellers])).toThrow('consumer is named teller');
  });

  test('that fails leaves nothing behind at its row, and holds up no other', async () => {
    refused.set(2, 'no 2');
    await send(...upTo(5));
    await berth.drain();
    expect(await told()).toEqual([0, 1]);
    expect(await told('other')).toEqual(upTo(5));
    expect(await failing()).toMatchObject([
      {
        ...{ kind: 'projection', subject_id: 'teller', attempts: 1 },
        last_error: 'contract.moved in row 6 of the outbox: Error: no 2',
      },
    ]);
  });

  test('that fails tries again after a pause that grows, and then goes on', async () => {
    refused.set(1, 'no 1');
    await send(1, 2);
    await berth.drain();
    berth.clock.advance(999);
    expect(await berth.drain()).toBe(0);
    berth.clock.advance(1);
    await berth.drain();
    const [row] = await failing();
    expect(row).toMatchObject({ attempts: 2 });
    expect(Date.parse(row?.not_before ?? '') - berth.clock.nowMs()).toBe(2_000);
    refused.clear();
    berth.clock.advance(2_000);
    await berth.drain();
    expect(await told()).toEqual([1, 2]);
    expect(await failing()).toEqual([]);
  });

  test('that fails at another row than before begins its pauses anew', async () => {
    refused.set(1, 'no 1').set(3, 'no 3');
    await send(1, 2, 3);
    await berth.drain();
    berth.clock.advance(1_000);
    await berth.drain();
    refused.delete(1);
    berth.clock.advance(2_000);
    await berth.drain();
    expect(await told()).toEqual([1, 2]);
    expect(await failing()).toMatchObject([{ attempts: 1 }]);
  });

  test('never passes a row by itself: it catches up, thousands of rows later', async () => {
    const many = upTo(2_000);
    refused.set(7, 'no 7');
    await send(...many);
    for (let tries = 0; tries < 30; tries += 1) {
      await berth.drain();
      berth.clock.advance(HOUR_MS);
    }
    expect(await told()).toEqual(upTo(7));
    expect(await told('other')).toEqual(many);
    expect((await failing())[0]?.attempts).toBe(30);
    refused.clear();
    await berth.drain();
    expect(await told()).toEqual(many);
  });

  test('that fails by a word of the database leaves what the others wrote', async () => {
    const twice: Consumer = {
      name: 'twice',
      handlers: {
        'contract.moved': async ({ tx }) => {
          const row = { name: 'twice', position: 0 };
          await tx.insertInto('projections').values(row).execute();
          return [];
        },
      },
    };
    await send(1);
    await drain(berth.deps, [teller, twice, other]);
    expect(await told()).toEqual([1]);
    expect(await told('other')).toEqual([1]);
    expect(await failing()).toMatchObject([{ subject_id: 'twice', attempts: 1 }]);
  });

  test('that failed at a row which somebody took out goes on without it', async () => {
    refused.set(1, 'no 1');
    await send(1);
    await berth.drain();
    await berth.deps.write(({ tx }) =>
      tx.deleteFrom('outbox').where('topic', '=', 'contract.moved').execute(),
    );
    berth.clock.advance(1_000);
    await berth.drain();
    expect(await failing()).toEqual([]);
    await send(2);
    await berth.drain();
    expect(await told()).toEqual([2]);
  });

  test('takes no row that it cannot read, and others of other topics go on', async () => {
    const poison = { topic: 'contract.moved', payload: '{', created_at: berth.clock.now() };
    await berth.deps.write(({ tx }) => tx.insertInto('outbox').values(poison).execute());
    await send(1);
    const reader: Consumer = { name: 'reader', handlers: { 'notices.read': async () => [] } };
    expect(await drain(berth.deps, [teller, reader])).toBe(3);
    expect(await told()).toEqual([]);
    expect(await failing()).toMatchObject([{ subject_id: 'teller' }]);
  });
});

describe('an admin', () => {
  test('sees which consumer fails without any secret, and has it tried again', async () => {
    const boss = await signUp(berth, 'boss');
    await berth.deps.write((ctx) => setAdmin(ctx, boss.account.handle, true));
    refused.set(1, 'postgres://berth:hunter2@db.internal/x refused sk_live_51HxYzAbCdEfGh1234');
    await send(1);
    await berth.drain();
    const { failing: seen, consumers } = await boss.ask(admin.work, {});
    expect(seen).toMatchObject([{ kind: 'projection', subject_id: 'teller', attempts: 1 }]);
    expect(consumers).toContainEqual({ name: 'teller', behind: 1 });
    expect(consumers).toContainEqual({ name: 'other', behind: 0 });
    expect(seen[0]?.last_error).toContain('postgres://…@db.internal/x refused …');
    refused.clear();
    expect(await berth.drain()).toBe(0);
    await boss.ask(admin.runAgain, { params: { kind: 'projection', subject_id: 'teller' } });
    await berth.drain();
    expect(await told()).toEqual([1]);
    expect((await boss.ask(admin.work, {})).failing).toEqual([]);
  });
});

describe('the worker', () => {
  test('delivers by itself once it is woken, and stops when told', async () => {
    const worker = makeWorker();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    berth.deps.hub.subscribe('teller', () => {
      resolve(undefined);
    });
    expect(worker.isAlive()).toBe(false);
    worker.start(berth.deps, [teller]);
    await send(1);
    worker.wake();
    await promise;
    await worker.stop();
    expect(worker.isAlive()).toBe(false);
    await send(2);
    expect(await told()).toEqual([1]);
  });

  test('applies each news exactly once though it is killed in the middle', async () => {
    await send(...upTo(60));
    const kills = [
      { kill_at: 7, kept: 0 },
      { kill_at: 33, kept: 0 },
      { kill_at: 55, kept: 50 },
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
    await expect.poll(left).toEqual(upTo(60));
  });

  test('of two processes hands each news to one', async () => {
    const beside = await openBeside(berth.where, { clock: berth.clock });
    await send(...upTo(100));
    await Promise.all([berth.drain(), drain(beside, [teller, other])]);
    await berth.drain();
    await beside.close();
    expect(await told()).toEqual(upTo(100));
    expect(await told('other')).toEqual(upTo(100));
  });
});

test('what all consumers passed or was told long ago is erased, and nothing else', async () => {
  refused.set(2, 'no 2');
  await send(1, 2, 3);
  await berth.drain();
  berth.clock.advance(8 * DAY_MS);
  await send(4);
  await sweep(berth.deps, erasers);
  const kept = (await rows()).filter(({ topic }) => topic === 'contract.moved');
  expect(kept.map(({ payload }) => (JSON.parse(payload) as { seq: number }).seq)).toEqual([
    2, 3, 4,
  ]);
  expect(await told()).toEqual([]);
  refused.clear();
  await berth.drain();
  expect(await told()).toEqual([2, 3, 4]);
  berth.clock.advance(8 * DAY_MS);
  await sweep(berth.deps, erasers);
  expect(await rows()).toEqual([]);
  await send(5);
  await berth.drain();
  expect(await told()).toEqual([5]);
});

test('a sweeper that fails does not keep the others', async () => {
  const fail = () => Promise.reject(new Error('no'));
  expect(await sweep(berth.deps, [fail, async () => 3])).toBe(3);
});
