import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Config } from './config.ts';
import type { Deps, Ports, Tools, Worker, WriteCtx } from './context.ts';
import { makeCanisterIcp } from './adapters/internet-computer/index.ts';
import { makeEcbRates } from './adapters/ecb/index.ts';
import { makeStripePayments } from './adapters/stripe/index.ts';
import { makeVies } from './adapters/vies/index.ts';
import { makeWebhookSender } from './adapters/webhooks/index.ts';
import { fixedVat } from './adapters/fixed-vat/index.ts';
import { fixedRates } from './adapters/fixed-rates/index.ts';
import { makeFolderMail } from './adapters/mail/folder.ts';
import { makeSmtpMail } from './adapters/mail/smtp.ts';
import { openDatabase } from './db/open.ts';
import { makeWorker } from './jobs/worker.ts';
import { realClock, type Clock } from './lib/clock.ts';
import { makeHub } from './lib/hub.ts';
import { makeTokenUses } from './lib/token-uses.ts';
import { makeViews } from './lib/views.ts';
import {
  loadServiceKey,
  loadWebhookRoot,
  makeServiceKey,
  type ServiceKey,
} from './lib/service-key.ts';
import { makeWebhookKey } from './lib/webhook-signing.ts';
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

const openMail = ({ from, smtp_url, folder }: NonNullable<Config['mail']>) =>
  smtp_url === null ? makeFolderMail(folder, from) : makeSmtpMail(smtp_url, from);

/** What is outside, as the settings name it. */
export const openPorts = (
  {
    icp_canister: canister,
    icp_host: host,
    mail,
    rates_url,
    vies_url,
    webhook_loopback: loopback,
    demo,
    stripe,
  }: Config,
  clock: Clock = realClock,
): Ports => ({
  icp: canister === null ? null : makeCanisterIcp({ canister, host }),
  mail: mail === null ? null : openMail(mail),
  payments: stripe && makeStripePayments(stripe),
  webhooks: makeWebhookSender({ loopback }),
  rates: rates_url !== null ? makeEcbRates(rates_url, clock) : demo ? fixedRates : null,
  vat: vies_url !== null ? makeVies(vies_url) : demo ? fixedVat : null,
});

/** Whatever is left out is as the settings say. */
export interface DepsOptions extends Partial<Pick<Tools, 'clock' | 'log' | 'serviceKey'>> {
  config: Config;
  /** Instead of those that the settings name. */
  ports?: Partial<Ports>;
  /** Opens the index of the market; in a thread of its own if not given. */
  search?: (options: IndexOptions) => SearchIndex;
  /** A server asks for checkpoints apart. */
  checkpoints_apart?: boolean;
}

/** What an index reads: its own connection to `where`, or the one that is open. */
interface IndexOptions extends Pick<Tools, 'clock' | 'log'> {
  where: string;
  db: Deps['db'];
}

export interface OpenedDeps extends Deps {
  /** Closes the index and the database. */
  close(): Promise<void>;
}

/** Everything that is used by requests, jobs and commands; a commit wakes the worker. */
export async function openDeps({
  config,
  clock = realClock,
  log = makeLog(config.log_level),
  worker = makeWorker(),
  search: openIndex = openIndexThread,
  checkpoints_apart = false,
  ...options
}: DepsOptions & { worker?: Worker }): Promise<OpenedDeps> {
  mkdirSync(config.data_dir, { recursive: true, mode: DATA_DIR_MODE });
  const where = config.database_url ?? join(config.data_dir, DATABASE_FILE);
  const database = await openDatabase(where, {
    log,
    checkpoints_apart,
    onLostWrite(error) {
      log.fatal({ err: error }, 'the disk did not keep a write; stopping at once');
      process.exit(1);
    },
  });
  const search = openIndex({ where, db: database.read, clock, log });
  const tools: Tools = {
    ...{ config, clock, log, worker, search },
    serviceKey: options.serviceKey ?? serviceKeyOf(config),
    webhookKey: makeWebhookKey(config.webhook_key ?? loadWebhookRoot(config.data_dir)),
    hub: makeHub(),
    views: makeViews(clock),
    tokenUses: makeTokenUses(clock),
  };
  return {
    ...tools,
    ports: { ...openPorts(config, clock), ...options.ports },
    database,
    db: database.read,
    async write(work) {
      const value = await database.write((tx) => work({ ...tools, tx } satisfies WriteCtx));
      worker.wake();
      return value;
    },
    async close() {
      await search.close();
      await database.close();
    },
  };
}

const serviceKeyOf = ({ service_key, data_dir }: Config): ServiceKey =>
  service_key === null ? loadServiceKey(data_dir) : makeServiceKey(service_key);
