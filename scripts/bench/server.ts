/**
 * The server that is measured: the API and the website as `main.ts` starts them, pages in their own
 * thread, and beside them bare routes that say what the machine can do at most.
 */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as z from 'zod';
import { openBerth } from '../../api/src/berth.ts';
import { readConfig } from '../../api/src/config.ts';
import type { Module } from '../../api/src/context.ts';
import { readActor, readToken } from '../../api/src/http/session.ts';
import { modules } from '../../api/src/modules.ts';
import { PLAIN_FILE } from './search/plain-sql.ts';

const INSERT = 'INSERT INTO rows (account_id, created_at) VALUES (?, ?)';

/** A file of its own, where each insert is a transaction and an fsync. */
function openPlain(file: string): Sqlite.Statement<[string, string]> {
  const plain = new Sqlite(file);
  plain.pragma('journal_mode = WAL');
  plain.pragma('synchronous = FULL');
  plain.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, account_id TEXT, created_at TEXT)');
  return plain.prepare(INSERT);
}

/**
 * `/bare` answers a constant, `/cpu` the processor time so far in µs. `/one-row` verifies the
 * session and writes one durable row, each in a transaction of its own; `/one-grouped-row` writes
 * it through our writer, where requests that wait together share a commit.
 */
const limits: Module = {
  name: 'limits',
  routes(app) {
    const insert = openPlain(join(app.deps.config.data_dir, 'one-row.db'));
    app.get('/bare', async () => ({ status: 'ok' }));
    app.get('/cpu', async () => process.cpuUsage());
    app.post('/one-row', async (request) => {
      const actor = await readActor(request, readToken(request));
      insert.run(actor.acting_for, app.deps.clock.now());
      return { status: 'ok' };
    });
    app.post('/one-grouped-row', async (request) => {
      const actor = await readActor(request, readToken(request));
      const at = app.deps.clock.now();
      await app.deps.database.write((tx) =>
        tx
          .insertInto('stream_events')
          .values({ account_id: '-', topic: '-', subject_id: actor.acting_for, created_at: at })
          .execute(),
      );
      return { status: 'ok' };
    });
  },
};

const QUERY = z.object({ sql: z.string() });

/**
 * `/plain-sql` answers a query's rows, from a copy, as a page; `/search-index` says how large the
 * index is.
 */
const plain: Module = {
  name: 'plain',
  routes(app) {
    const { config, search } = app.deps;
    let reader: Sqlite.Database | undefined;
    app.post('/plain-sql', async ({ body }) => {
      reader ??= new Sqlite(join(config.data_dir, PLAIN_FILE), { readonly: true });
      return { items: reader.prepare(QUERY.parse(body).sql).all() };
    });
    app.get('/search-index', async () => {
      const rss_bytes = process.memoryUsage.rss();
      return { ...(await search.stats()), rss_bytes };
    });
  },
};

const config = readConfig();
const { app, start, close } = await openBerth({
  config,
  checkpoints_apart: true,
  modules: [...modules, limits, plain],
});
await start();
await app.listen({ port: config.port, host: config.host });
process.stdout.write('ready\n');
process.on('SIGTERM', () => void close());
