import { hash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Scope } from '@berth/shared/access';
import { scopes as allScopes } from '@berth/shared/access';
import { addressOf } from '@berth/shared/endpoint';
import type { Answer, Ask, Endpoint } from '@berth/shared/endpoint';
import { makeId } from '@berth/shared/ids';
import type { ProblemDocument } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import { makeApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { Config } from '../src/config.ts';
import type { Deps, Module } from '../src/context.ts';
import { openDatabase } from '../src/db/open.ts';
import type { Database, Dialect } from '../src/db/database.ts';
import { migrate, MIGRATIONS, readMigrations } from '../src/db/migrate.ts';
import { joinDeps, makeLog } from '../src/deps.ts';
import { signSession } from '../src/http/session.ts';
import type { Website } from '../src/http/website.ts';
import { sweep } from '../src/jobs/timers.ts';
import { drain, handlersOf, makeWorker } from '../src/jobs/worker.ts';
import type { FixedClock } from '../src/lib/clock.ts';
import { fixedClock } from '../src/lib/clock.ts';
import { makeHub } from '../src/lib/hub.ts';
import { makeServiceKey } from '../src/lib/service-key.ts';
import { modules as allModules } from '../src/modules.ts';

const POSTGRES = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** The database that the module tests run on: SQLite, or PostgreSQL with TEST_DATABASE=postgres. */
export const testDialect: Dialect =
  process.env['TEST_DATABASE'] === 'postgres' ? 'postgres' : 'sqlite';

const log = makeLog('silent');
const onLostWrite = (error: unknown) => {
  throw error;
};

export interface TestDatabase {
  database: Database;
  /** What `openDatabase` takes to open the same database once more. */
  where: string;
  /** Closes it and removes every trace. */
  drop(): Promise<void>;
}

let template: Promise<string> | undefined;
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/berth');

/** A fresh database of its own: a SQLite file, or a schema in PostgreSQL. */
export async function makeTestDatabase(
  dialect: Dialect = testDialect,
  { migrated = true } = {},
): Promise<TestDatabase> {
  if (dialect === 'postgres') return makeTestSchema(migrated);
  const folder = mkdtempSync(join(tmpdir(), 'berth-test-'));
  const where = join(folder, 'berth.db');
  if (migrated) copyFileSync(await (template ??= makeTemplate()), where);
  const database = await openDatabase(where, { log, onLostWrite });
  const drop = async () => {
    await database.close();
    rmSync(folder, { recursive: true });
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
  const database = await openDatabase(draft, { log, onLostWrite });
  await migrate({ database, clock: fixedClock() });
  await database.close();
  renameSync(draft, file);
  return file;
}

async function makeTestSchema(migrated: boolean): Promise<TestDatabase> {
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const asAdmin = async (statement: string) => {
    const client = new pg.Client({ connectionString: POSTGRES });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await asAdmin(`CREATE SCHEMA ${schema}`);
  const address = new URL(POSTGRES);
  address.searchParams.set('options', `-c search_path=${schema}`);
  const database = await openDatabase(address.href, { log, onLostWrite });
  if (migrated) await migrate({ database, clock: fixedClock() });
  const drop = async () => {
    await database.close();
    await asAdmin(`DROP SCHEMA ${schema} CASCADE`);
  };
  return { database, where: address.href, drop };
}

export interface TestOptions {
  dialect?: Dialect;
  clock?: FixedClock;
  config?: Partial<Config>;
  /** Instead of all modules of the API. */
  modules?: readonly Module[];
  website?: Website;
  /** Instead of one that is silent. */
  log?: Logger;
  /** Runs the outbox worker by itself, for streams; else call `drain`. */
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
  /** Handles the outbox until it is empty; answers how many rows. */
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
  const { clock = fixedClock(), modules = allModules } = options;
  const { database, where, drop } = await makeTestDatabase(options.dialect);
  const worker = makeWorker();
  const config = { ...readConfig({}), rate_limits: false, ...options.config };
  const serviceKey = makeServiceKey('5e'.repeat(32));
  const tools = { config, clock, log: options.log ?? log, serviceKey, hub: makeHub(), worker };
  const deps = joinDeps(tools, database);
  const app = await makeApp(deps, modules, options.website);
  const handlers = handlersOf(modules);
  if (options.live === true) worker.start(deps, handlers);
  return {
    app,
    deps,
    clock,
    where,
    call: (endpoint, ask, how) => call(app, endpoint, ask, how),
    drain: () => drain(deps, handlers),
    sweep: () =>
      sweep(
        deps,
        modules.flatMap((one) => one.sweepers ?? []),
      ),
    plantAccount: (handle) => plantAccount(deps, handle),
    openSession: (session) => openSession(app, deps, session),
    async close() {
      await app.close();
      await worker.stop();
      await drop();
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
      ...(endpoint.method === 'GET' ? {} : { 'idempotency-key': idempotency_key }),
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
