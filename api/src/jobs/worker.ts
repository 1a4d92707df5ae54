import { isoAt } from '@berth/shared/time';
import type { Deps, Module, OutboxHandler, Worker, WriteCtx } from '../context.ts';
import {
  findWaiting,
  isOurTurn,
  markDelivered,
  savePostponed,
  type OutboxRow,
} from '../db/outbox.ts';

/** Rows whose handlers share one transaction. */
const BATCH = 100;
/** News of one moment shares a batch, and so a commit; nobody sees so short a wait. */
const GATHER_MS = 50;
const POLL_MS = 1_000;
/** Without a look at the outbox for this long the process is not ready. */
const ALIVE_MS = 10_000;
const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 10 * 60_000;
const MAX_ERROR_LENGTH = 500;
const DUE = { max_attempts: MAX_ATTEMPTS, limit: BATCH };

export type Handlers = Readonly<Record<string, readonly OutboxHandler[]>>;

/** The modules' handlers by topic; several modules may take the same news. */
export function handlersOf(modules: readonly Module[]): Handlers {
  const byTopic: Record<string, OutboxHandler[]> = {};
  for (const { handlers = {} } of modules) {
    for (const [topic, handler] of Object.entries(handlers)) (byTopic[topic] ??= []).push(handler);
  }
  return byTopic;
}

export interface OutboxWorker extends Worker {
  /** Looks for news at once and from then on. */
  start(deps: Deps, handlers: Handlers): void;
  /** Waits for the batch that is being handled. */
  stop(): Promise<void>;
}

/** Drains the outbox in order, a batch each time it is woken: after commits and by a poll. */
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
    start(deps, handlers) {
      work = async () => {
        try {
          const done = await drainBatch(deps, handlers);
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

/** Handles what waits, oldest first, until nothing that is due is left; answers how many rows. */
export async function drain(deps: Deps, handlers: Handlers): Promise<number> {
  let delivered = 0;
  for (;;) {
    const done = await drainBatch(deps, handlers);
    if (done === 0) return delivered;
    delivered += done;
  }
}

async function drainBatch(deps: Deps, handlers: Handlers): Promise<number> {
  if ((await findWaiting(deps.db, deps.clock.now(), DUE)).length === 0) return 0;
  const news: string[] = [];
  let failing: OutboxRow | null = null;
  try {
    const done = await deps.database.write(async (tx) => {
      if (!(await isOurTurn(tx, deps.database.dialect))) return 0;
      const ctx: WriteCtx = { ...deps, tx };
      const rows = await findWaiting(tx, deps.clock.now(), DUE);
      for (const row of rows) {
        failing = row;
        news.push(...(await handle(ctx, row, handlers)));
      }
      failing = null;
      await markDelivered(
        tx,
        rows.map(({ id }) => id),
        deps.clock.now(),
      );
      return rows.length;
    });
    deps.hub.publish(news);
    return done;
  } catch (error) {
    if (failing === null) throw error;
    await postpone(deps, failing, error);
    return 1;
  }
}

async function handle(ctx: WriteCtx, row: OutboxRow, handlers: Handlers): Promise<string[]> {
  const own = handlers[row.topic];
  if (own === undefined) throw new Error(`Nothing handles the topic ${row.topic}`);
  const news: string[] = [];
  for (const handler of own) news.push(...(await handler(ctx, JSON.parse(row.payload))));
  return news;
}

/** A row whose handler failed waits longer each time; after the last it stays for a person. */
async function postpone(
  deps: Deps,
  { id, topic, attempts }: OutboxRow,
  error: unknown,
): Promise<void> {
  const tried = attempts + 1;
  const pause_ms = Math.min(FIRST_PAUSE_MS * 2 ** attempts, MAX_PAUSE_MS);
  await deps.database.write((tx) =>
    savePostponed(tx, id, {
      attempts: tried,
      next_attempt_at: isoAt(deps.clock.nowMs() + pause_ms),
      last_error: String(error).slice(0, MAX_ERROR_LENGTH),
    }),
  );
  const parked = tried >= MAX_ATTEMPTS;
  deps.log[parked ? 'error' : 'warn'](
    { err: error, outbox_id: id, topic, attempts: tried },
    parked ? 'an outbox row failed for the last time' : 'an outbox row failed; it is tried again',
  );
}
