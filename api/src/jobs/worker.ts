import { sql } from 'kysely';
import { isoAt } from '@berth/shared/time';
import type { Deps, Module, OutboxHandler, Worker, WriteCtx } from '../context.ts';

/** Rows whose handlers share one transaction. */
const BATCH = 50;
const POLL_MS = 1_000;
/** Without a look at the outbox for this long the process is not ready. */
const ALIVE_MS = 10_000;
const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 10 * 60_000;
const MAX_ERROR_LENGTH = 500;

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

interface Row {
  id: number;
  topic: string;
  payload: string;
  attempts: number;
}

/** Drains the outbox in order, woken after commits and by a poll. */
export function makeWorker(): OutboxWorker {
  let work: (() => Promise<void>) | null = null;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> | null = null;
  let again = false;
  let looked_at_ms = 0;

  async function run(): Promise<void> {
    do {
      again = false;
      await work?.();
      looked_at_ms = performance.now();
    } while (again && work !== null);
    current = null;
  }

  function wake(): void {
    if (work === null) return;
    again = true;
    current ??= run();
  }

  return {
    wake,
    isAlive: () => work !== null && performance.now() - looked_at_ms < ALIVE_MS,
    start(deps, handlers) {
      work = async () => {
        try {
          await drain(deps, handlers);
        } catch (error) {
          deps.log.error({ err: error }, 'the outbox could not be drained; trying again');
        }
      };
      timer = setInterval(wake, POLL_MS);
      wake();
    },
    async stop() {
      clearInterval(timer);
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
  if ((await findWaiting(deps.db, deps.clock.now())).length === 0) return 0;
  const news: string[] = [];
  let failing: Row | null = null;
  try {
    const done = await deps.database.write(async (tx) => {
      if (!(await isOurTurn(deps, tx))) return 0;
      const ctx: WriteCtx = { ...deps, tx };
      const rows = await findWaiting(tx, deps.clock.now());
      for (const row of rows) {
        failing = row;
        news.push(...(await handle(ctx, row, handlers)));
      }
      failing = null;
      await markDelivered(ctx, rows);
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

const findWaiting = (db: Deps['db'], now: string): Promise<Row[]> =>
  db
    .selectFrom('outbox')
    .select(['id', 'topic', 'payload', 'attempts'])
    .where('delivered_at', 'is', null)
    .where('attempts', '<', MAX_ATTEMPTS)
    .where((eb) => eb.or([eb('next_attempt_at', 'is', null), eb('next_attempt_at', '<=', now)]))
    .orderBy('id')
    .limit(BATCH)
    .execute();

/** Of several processes on one PostgreSQL one drains: so stream ids follow the commits. */
async function isOurTurn({ database }: Deps, tx: WriteCtx['tx']): Promise<boolean> {
  if (database.dialect === 'sqlite') return true;
  const { rows } = await sql<{ mine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || ' outbox')) AS mine`.execute(tx);
  return rows[0]?.mine === true;
}

async function handle(ctx: WriteCtx, row: Row, handlers: Handlers): Promise<string[]> {
  const own = handlers[row.topic];
  if (own === undefined) throw new Error(`Nothing handles the topic ${row.topic}`);
  const news: string[] = [];
  for (const handler of own) news.push(...(await handler(ctx, JSON.parse(row.payload))));
  return news;
}

async function markDelivered({ tx, clock }: WriteCtx, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .updateTable('outbox')
    .set({ delivered_at: clock.now() })
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
}

/** A row whose handler failed waits longer each time; after the last it stays for a person. */
async function postpone(deps: Deps, { id, topic, attempts }: Row, error: unknown): Promise<void> {
  const tried = attempts + 1;
  const pause_ms = Math.min(FIRST_PAUSE_MS * 2 ** attempts, MAX_PAUSE_MS);
  await deps.database.write((tx) =>
    tx
      .updateTable('outbox')
      .set({
        attempts: tried,
        next_attempt_at: isoAt(deps.clock.nowMs() + pause_ms),
        last_error: String(error).slice(0, MAX_ERROR_LENGTH),
      })
      .where('id', '=', id)
      .execute(),
  );
  const parked = tried >= MAX_ATTEMPTS;
  deps.log[parked ? 'error' : 'warn'](
    { err: error, outbox_id: id, topic, attempts: tried },
    parked ? 'an outbox row failed for the last time' : 'an outbox row failed; it is tried again',
  );
}
