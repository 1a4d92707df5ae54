import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Config } from './config.ts';
import type { Deps, Tools, Worker, WriteCtx } from './context.ts';
import { makeCanisterIcp } from './adapters/internet-computer/index.ts';
import type { OpenOptions } from './db/database.ts';
import { openDatabase } from './db/open.ts';
import { realClock } from './lib/clock.ts';
import { makeHub } from './lib/hub.ts';
import { makeViews } from './lib/views.ts';
import { loadServiceKey, makeServiceKey } from './lib/service-key.ts';
import type { IcpPort } from './ports/icp.ts';
import { openIndexHere } from './search/here.ts';
import type { SearchIndex } from './search/index-port.ts';
import { openIndexThread } from './search/thread.ts';

export const DATABASE_FILE = 'berth.db';
const DATA_DIR_MODE = 0o700;

/** Headers that hold secrets; bodies are never logged at all. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  'headers.authorization',
  'headers.cookie',
];

/** What an error says, without what else its maker hung on it: rows, parameters, packets. */
function describeError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { name, message, code, stack, cause } = error as Error & { code?: unknown };
  return {
    name,
    message,
    code,
    stack,
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** Writes to standard output unless it is given somewhere else. */
export const makeLog = (level: Config['log_level'], to?: DestinationStream): Logger =>
  pino(
    {
      level,
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: describeError },
    },
    to ?? pino.destination(1),
  );

/**
 * Joins the parts: a write gets its transaction as `ctx.tx`, and its commit wakes the worker. The
 * search is in this thread unless another is given.
 */
export function joinDeps(
  parts: Omit<Tools, 'search' | 'views'>,
  database: Deps['database'],
  search: SearchIndex = openIndexHere({ db: database.read, clock: parts.clock }),
): Deps {
  const tools = { ...parts, search, views: makeViews(parts.clock) };
  return {
    ...tools,
    database,
    db: database.read,
    async write(work) {
      const value = await database.write((tx) => work({ ...tools, tx } satisfies WriteCtx));
      tools.worker.wake();
      return value;
    },
  };
}

/** The chain that is followed; null where none is set. */
export const makeIcp = ({ icp_canister: canister, icp_host: host }: Config): IcpPort | null =>
  canister === null ? null : makeCanisterIcp({ canister, host });

/** Everything the process needs, from its settings; a server asks for checkpoints apart. */
export async function makeDeps(
  config: Config,
  worker: Worker,
  { checkpoints_apart = false }: Pick<OpenOptions, 'checkpoints_apart'> = {},
): Promise<Deps> {
  mkdirSync(config.data_dir, { recursive: true, mode: DATA_DIR_MODE });
  const log = makeLog(config.log_level);
  const serviceKey =
    config.service_key === null
      ? loadServiceKey(config.data_dir)
      : makeServiceKey(config.service_key);
  const where = config.database_url ?? join(config.data_dir, DATABASE_FILE);
  const database = await openDatabase(where, {
    log,
    checkpoints_apart,
    onLostWrite(error) {
      log.fatal({ err: error }, 'the disk did not keep a write; stopping at once');
      process.exit(1);
    },
  });
  const search = openIndexThread({ where, clock: realClock, log });
  const parts = { config, clock: realClock, log, serviceKey, hub: makeHub(), worker };
  return joinDeps(parts, database, search);
}
