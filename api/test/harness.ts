import { hash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Scope } from '@berth/shared/access';
import { scopes as allScopes } from '@berth/shared/access';
import { addressOf, isQuery, type Answer, type Ask, type Endpoint } from '@berth/shared/endpoint';
import { makeId } from '@berth/shared/ids';
import type { ProblemDocument } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import { openBerth } from '../src/berth.ts';
import { readConfig } from '../src/config.ts';
import type { Config } from '../src/config.ts';
import type { Deps, Module, Ports } from '../src/context.ts';
import { openDatabase } from '../src/db/open.ts';
import type { Database, Dialect } from '../src/db/database.ts';
import { migrate, MIGRATIONS, readMigrations } from '../src/db/migrate.ts';
import { DATABASE_FILE, makeLog, openDeps, type DepsOptions } from '../src/deps.ts';
import { signSession } from '../src/http/session.ts';
import type { Website } from '../src/http/website.ts';
import type { FixedClock } from '../src/lib/clock.ts';
import { fixedClock } from '../src/lib/clock.ts';
import { makeServiceKey } from '../src/lib/service-key.ts';
import { openIndexHere } from '../src/search/here.ts';
import { makeBareSchema, takeSchema } from './postgres.ts';

/** The database that the module tests run on: SQLite, or PostgreSQL with TEST_DATABASE=postgres. */
export const testDialect: Dialect =
  process.env['TEST_DATABASE'] === 'postgres' ? 'postgres' : 'sqlite';

const log = makeLog('silent');
const onLostWrite = (error: unknown) => {
  throw error;
};

/** Where a fresh database is. */
interface Place {
  /** What `openDatabase` takes to open it. */
  where: string;
  /** Removes every trace, once it is closed. */
  leave(): Promise<void>;
}

export interface TestDatabase {
  database: Database;
  /** What `openDatabase` takes to open the same database once more. */
  where: string;
  /** Closes it and removes every trace. */
  drop(): Promise<void>;
}

let template: Promise<string> | undefined;
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/berth');

/** A SQLite file, or a schema in PostgreSQL, that nobody else uses. */
async function makePlace(dialect: Dialect, migrated: boolean): Promise<Place> {
  if (dialect === 'postgres') return migrated ? takeSchema(migrateAt) : makeBareSchema();
  const folder = mkdtempSync(join(tmpdir(), 'berth-test-'));
  const where = join(folder, DATABASE_FILE);
  if (migrated) copyFileSync(await (template ??= makeTemplate()), where);
  const leave = async () => {
    rmSync(folder, { recursive: true });
  };
  return { where, leave };
}

/** The settings of a Berth on the database at a place. */
const settingsAt = (where: string): Config => ({
  ...readConfig({ LOG_LEVEL: 'silent', RATE_LIMITS: 'off', WEBSITE_BUILD: 'off' }),
  webhook_key: '77'.repeat(32),
  ...(where.startsWith('postgres')
    ? { data_dir: tmpdir(), database_url: where }
    : { data_dir: dirname(where) }),
});
const alike = { log, search: openIndexHere, serviceKey: makeServiceKey('5e'.repeat(32)) };

/** What another process of the same Berth has, on the database at a place. */
export const openBeside = (where: string, options: Partial<DepsOptions> = {}) =>
  openDeps({ config: settingsAt(where), ...alike, ...options });

/** A fresh database of its own. */
export async function makeTestDatabase(
  dialect: Dialect = testDialect,
  { migrated = true } = {},
): Promise<TestDatabase> {
  const { where, leave } = await makePlace(dialect, migrated);
  const database = await openDatabase(where, { log, onLostWrite });
  const drop = async () => {
    await database.close();
    await leave();
  };
  return { database, where, drop };
}

/** Migrating takes longer than copying, so it is done once for each state of the migrations. */
async function makeTemplate(): Promise<string> {
  const hashes = readMigrations(MIGRATIONS, 'sqlite').map(({ sha256 }) => sha256);
  const file = join(CACHE, `${hash('sha256', hashes.join()).slice(0, 16)}.db`);
  if (existsSync(file)) return file;
  mkdirSync(CACHE, { recursive: true });
  const draft = join(CACHE, `${randomBytes(8).toString('hex')}.draft`);
  await migrateAt(draft);
  renameSync(draft, file);
  return file;
}

async function migrateAt(where: string): Promise<void> {
  const database = await openDatabase(where, { log, onLostWrite });
  await migrate({ database, clock: fixedClock() });
  await database.close();
}

export interface TestOptions {
  dialect?: Dialect;
  clock?: FixedClock;
  config?: Partial<Config>;
  /** Instead of all modules of the API. */
  modules?: readonly Module[];
  website?: Website;
  /** Instead of what the settings name outside, which is nothing. */
  ports?: Partial<Ports>;
  /** Instead of one that is silent. */
  log?: Logger;
  /** Runs the jobs by themselves, for streams; else call `drain` and `sweep`. */
  live?: boolean;
}

/** How a call is made: as whom, and with which headers. */
export interface CallOptions {
  token?: string;
  /** A new one each call unless it is given. */
  idempotency_key?: string;
  headers?: Record<string, string>;
}

export interface CallAnswer<T> {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  /** The reply, or the problem where the status says so. */
  body: T;
  problem: ProblemDocument;
}

export interface TestApp {
  app: FastifyInstance;
  deps: Deps;
  clock: FixedClock;
  where: string;
  /** Calls an endpoint in-process, through everything a request goes through. */
  call<E extends Endpoint>(
    endpoint: E,
    ask: Ask<E>,
    options?: CallOptions,
  ): Promise<CallAnswer<Answer<E>>>;
  /** Lets consumers of the outbox go on until none can; answers how many rows they passed. */
  drain(): Promise<number>;
  /** Runs every sweeper once. */
  sweep(): Promise<number>;
  /** Writes a bare account without keys, for tests of what lies below sign-up. */
  plantAccount(handle: string): Promise<{ account_id: string; key: string }>;
  /** Opens a session for an account that is there already, and answers its token. */
  openSession(options: SessionOptions): Promise<string>;
  close(): Promise<void>;
}

export interface SessionOptions {
  account_id: string;
  key: string;
  scopes?: readonly Scope[];
  delegation_id?: string;
}

/** The whole API on a real database, a clock that stands still, and rate limits off. */
export async function makeTestApp(options: TestOptions = {}): Promise<TestApp> {
  const { clock = fixedClock(), dialect = testDialect, live = false, config, ...rest } = options;
  const { where, leave } = await makePlace(dialect, true);
  const berth = await openBerth({
    ...{ ...alike, clock, ...rest },
    config: { ...settingsAt(where), ...config },
  });
  const { app, deps, drain, sweep } = berth;
  if (live) await berth.start();
  return {
    ...{ app, deps, clock, where, drain, sweep },
    call: (endpoint, ask, how) => call(app, endpoint, ask, how),
    plantAccount: (handle) => plantAccount(deps, handle),
    openSession: (session) => openSession(app, deps, session),
    async close() {
      await berth.close();
      await leave();
    },
  };
}

async function call<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  ask: Ask<E>,
  { token, idempotency_key = makeId('session'), headers = {} }: CallOptions = {},
): Promise<CallAnswer<Answer<E>>> {
  const { body, ...place } = ask as { body?: object };
  const reply = await app.inject({
    method: endpoint.method,
    url: addressOf(endpoint, place),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(isQuery(endpoint) ? {} : { 'idempotency-key': idempotency_key }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  const type = String(reply.headers['content-type']);
  const parsed: unknown = type.includes('json') ? reply.json() : reply.payload;
  return {
    status: reply.statusCode,
    headers: reply.headers,
    body: parsed as Answer<E>,
    problem: parsed as ProblemDocument,
  };
}

async function plantAccount({ clock, database }: Deps, handle: string) {
  const account_id = makeId('account');
  const key = randomBytes(32).toString('hex');
  const at = clock.now();
  await database.write((tx) =>
    tx
      .insertInto('accounts')
      .values({
        id: account_id,
        handle,
        display_name: handle,
        encryption_key: key,
        encryption_signed_by: key,
        created_at: at,
        updated_at: at,
      })
      .execute(),
  );
  return { account_id, key };
}

const SESSION_HOURS = 0.25;

async function openSession(
  app: FastifyInstance,
  { clock, database }: Deps,
  { account_id, key, scopes = allScopes, delegation_id }: SessionOptions,
): Promise<string> {
  const created_at = clock.now();
  const session = {
    id: makeId('session'),
    account_id,
    created_at,
    expires_at: addHours(created_at, SESSION_HOURS),
  };
  await database.write((tx) =>
    tx
      .insertInto('sessions')
      .values({
        ...session,
        key,
        delegation_id: delegation_id ?? null,
        scopes: JSON.stringify(scopes),
        user_agent: 'test',
        revoked_at: null,
      })
      .execute(),
  );
  return signSession(app, session);
}
