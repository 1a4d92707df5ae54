import type { Consumer, Deps, Module, Worker, WriteCtx } from '../context.ts';
import { saveDone, saveFailed } from '../db/due-work.ts';
import { beginConsumers, givePositions, isOurTurn, listNews, type News } from '../db/outbox.ts';
import { hasNews, listCursors, PROJECTION, saveCursors, type Cursor } from '../db/projections.ts';
import { attempt } from '../db/savepoint.ts';
import { failureOf } from './failure.ts';

/** Rows that a consumer takes in one transaction. */
const BATCH = 100;
/** News of one moment shares a batch, and so a commit; nobody sees so short a wait. */
const GATHER_MS = 50;
const POLL_MS = 1_000;
/** Without a look at the outbox for this long the process is not ready. */
const ALIVE_MS = 10_000;

/** Throws where two things of one sort have one name, and so one row. */
export function refuseTwice(sort: string, names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`More than one ${sort} is named ${twice}`);
}

/** The consumers of all modules; throws where two have one name, and so one cursor. */
export function consumersOf(modules: readonly Module[]): readonly Consumer[] {
  const consumers = modules.flatMap((one) => one.consumers ?? []);
  refuseTwice(
    'consumer',
    consumers.map(({ name }) => name),
  );
  return consumers;
}

export interface OutboxWorker extends Worker {
  /** Looks for news at once and from then on. */
  start(deps: Deps, consumers: readonly Consumer[]): void;
  /** Waits for the batch that is being handled. */
  stop(): Promise<void>;
}

/** Lets the consumers go on by a batch each time it is woken: after commits and by a poll. */
export function makeWorker(): OutboxWorker {
  let work: (() => Promise<void>) | null = null;
  let poll: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;
  let current: Promise<void> | null = null;
  let looked_at_ms = 0;

  function lookAfter(pause_ms: number): void {
    if (work === null || soon !== undefined) return;
    soon = setTimeout(run, pause_ms);
  }

  const wake = () => lookAfter(GATHER_MS);

  function run(): void {
    soon = undefined;
    if (work === null) return;
    if (current !== null) return wake();
    current = work().finally(() => {
      current = null;
    });
  }

  return {
    wake,
    isAlive: () => work !== null && performance.now() - looked_at_ms < ALIVE_MS,
    start(deps, consumers) {
      work = async () => {
        try {
          const done = await drainBatch(deps, consumers);
          if (done > 0) lookAfter(done < BATCH ? GATHER_MS : 0);
          looked_at_ms = performance.now();
        } catch (error) {
          deps.log.error({ err: error }, 'the outbox could not be drained; trying again');
        }
      };
      poll = setInterval(wake, POLL_MS);
      looked_at_ms = performance.now();
      wake();
    },
    async stop() {
      clearInterval(poll);
      clearTimeout(soon);
      soon = undefined;
      work = null;
      await current;
    },
  };
}

/** Lets consumers go on until none can; answers how many rows the quickest has passed. */
export async function drain(deps: Deps, consumers: readonly Consumer[]): Promise<number> {
  let passed = 0;
  for (;;) {
    const done = await drainBatch(deps, consumers);
    if (done === 0) return passed;
    passed += done;
  }
}

/**
 * One transaction, in which each consumer goes on by a batch. One that fails is undone alone as far
 * as it failed, and pauses: the others go on, and it comes back to the row at which it stopped.
 */
async function drainBatch(deps: Deps, consumers: readonly Consumer[]): Promise<number> {
  const names = consumers.map(({ name }) => name);
  if (names.length === 0 || !(await hasNews(deps.db, names, deps.clock.now()))) return 0;
  const rounds = await deps.database.write(async (tx) => {
    if (!(await isOurTurn(tx, deps.database.dialect))) return [];
    const cursors = await findReady(tx, names, deps.clock.now());
    await givePositions(tx, BATCH);
    const ctx: WriteCtx = { ...deps, tx };
    const done: Round[] = [];
    for (const [position, those] of Map.groupBy(cursors, (cursor) => cursor.position)) {
      const news = await listNews(tx, position, BATCH);
      for (const cursor of those) {
        if (news.length === 0 && cursor.attempts === 0) continue;
        const { handlers } = consumers.find(({ name }) => name === cursor.name)!;
        done.push(await goOn(ctx, cursor, handlers, news));
      }
    }
    for (const [position, those] of Map.groupBy(done, (round) => round.position)) {
      const moved = those.map(({ name }) => name);
      await saveCursors(tx, moved, position);
    }
    return done;
  });
  deps.hub.publish(rounds.flatMap(({ told }) => told));
  return Math.max(0, ...rounds.map(({ passed }) => passed));
}

/** The cursors of those that do not pause; who has none begins at the end. */
async function findReady(
  tx: WriteCtx['tx'],
  names: readonly string[],
  now: string,
): Promise<Cursor[]> {
  let cursors = await listCursors(tx, names);
  if (cursors.length < names.length) {
    await beginConsumers(tx, names);
    cursors = await listCursors(tx, names);
  }
  return cursors.filter(({ not_before }) => not_before === null || not_before <= now);
}

/** How far a consumer has come in one transaction, and whose streams have news of it. */
interface Round {
  name: string;
  position: number;
  passed: number;
  told: readonly string[];
}

async function goOn(
  ctx: WriteCtx,
  { name, position: before, attempts }: Cursor,
  handlers: Consumer['handlers'],
  news: readonly News[],
): Promise<Round> {
  const own = news.filter(({ topic }) => topic in handlers);
  const { told, failed } = await takeAll(ctx, handlers, own);
  const thing = { kind: PROJECTION, subject_id: name };
  if (failed === null) {
    if (attempts > 0) await saveDone(ctx.tx, thing);
    return { name, position: news.at(-1)?.position ?? before, passed: news.length, told };
  }
  const { id, topic, position } = failed.news;
  ctx.log.error({ err: failed.error, consumer: name, outbox_id: id, topic }, 'a consumer failed');
  const isAgain = position === before + 1;
  const failure = failureOf(ctx.clock, isAgain ? attempts : 0, failed.error);
  const last_error = `${topic} in row ${id} of the outbox: ${failure.last_error}`;
  await saveFailed(ctx.tx, thing, { ...failure, last_error });
  return { name, position: position - 1, passed: position - 1 - before, told };
}

interface Taken {
  told: readonly string[];
  /** The row at which it stopped, with nothing written for it or what follows. */
  failed: { news: News; error: unknown } | null;
}

/** Hands rows to their handlers in order; where one throws, the rows before it are taken again. */
async function takeAll(
  ctx: WriteCtx,
  handlers: Consumer['handlers'],
  rows: readonly News[],
): Promise<Taken> {
  let failed: Taken['failed'] = null;
  let [many, at] = [rows.length, 0];
  while (many > 0) {
    const told: string[] = [];
    const thrown = await attempt(ctx.tx, async () => {
      for (at = 0; at < many; at += 1) told.push(...(await handle(ctx, handlers, rows[at]!)));
    });
    if (thrown === null) return { told, failed };
    failed = { news: rows[at]!, error: thrown.error };
    many = at;
  }
  return { told: [], failed };
}

function handle(
  ctx: WriteCtx,
  handlers: Consumer['handlers'],
  { topic, payload }: News,
): Promise<readonly string[]> {
  const handler = handlers[topic as keyof typeof handlers] as (
    ctx: WriteCtx,
    payload: unknown,
  ) => Promise<readonly string[]>;
  return handler(ctx, JSON.parse(payload));
}
