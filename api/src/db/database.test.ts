import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTestDatabase, testDialect } from '../../test/harness.ts';
import type { TestDatabase } from '../../test/harness.ts';
import { makeLog } from '../deps.ts';
import { openDatabase } from './open.ts';
import type { Database } from './database.ts';

let made: TestDatabase;
let database: Database;

beforeEach(async () => {
  made = await makeTestDatabase(testDialect, { migrated: false });
  ({ database } = made);
  await database.write((_, runScript) =>
    runScript(`
      CREATE TABLE things (name TEXT PRIMARY KEY, count INTEGER, price_e9s BIGINT, size BIGINT);
      CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (name));
    `),
  );
});
afterEach(() => made.drop());

interface Thing {
  name: string;
  count: number;
  price_e9s: bigint | null;
  size: number | null;
}

const add = (name: string, count = 0) =>
  database.write((tx) =>
    sql`INSERT INTO things (name, count) VALUES (${name}, ${count})`.execute(tx),
  );
const increment = () =>
  database.write(async (tx) => {
    const { rows } = await sql<Thing>`SELECT * FROM things WHERE name = 'a'`.execute(tx);
    const count = (rows[0]?.count ?? 0) + 1;
    await sql`UPDATE things SET count = ${count} WHERE name = 'a' AND count = ${count - 1}`.execute(
      tx,
    );
  });
const list = async () =>
  (await sql<Thing>`SELECT * FROM things ORDER BY name`.execute(database.read)).rows;

describe('rows', () => {
  test('give amounts as bigint and other integers as number', async () => {
    await database.write((tx) =>
      sql`INSERT INTO things VALUES ('a', 7, ${9_007_199_254_740_993n}, 12)`.execute(tx),
    );
    expect(await list()).toEqual([
      { name: 'a', count: 7, price_e9s: 9_007_199_254_740_993n, size: 12 },
    ]);
    const { rows } = await sql<{ many: number; total_e9s: bigint }>`
      SELECT count(*) AS many, sum(price_e9s) AS total_e9s FROM things`.execute(database.read);
    expect(rows).toEqual([{ many: 1, total_e9s: 9_007_199_254_740_993n }]);
  });

  test('with an integer that a number cannot hold are an error, never a wrong number', async () => {
    await database.write((tx) =>
      sql`INSERT INTO things (name, size) VALUES ('a', ${9_007_199_254_740_993n})`.execute(tx),
    );
    await expect(list()).rejects.toThrow('no safe integer');
  });
});

describe('a write', () => {
  test('can be read as soon as it resolves', async () => {
    await add('a', 1);
    expect(await list()).toHaveLength(1);
  });

  test('that throws changes nothing, and those beside it stand', async () => {
    const failing = database.write(async (tx) => {
      await sql`INSERT INTO things (name) VALUES ('bad')`.execute(tx);
      throw new Error('no');
    });
    const results = await Promise.allSettled([add('a'), failing, add('b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await list()).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('that breaks a constraint is refused by the database', async () => {
    const orphan = database.write((tx) => sql`INSERT INTO parts VALUES ('nobody')`.execute(tx));
    await expect(orphan).rejects.toThrow(/foreign key/i);
  });

  test('is not seen by a read before its commit', async () => {
    const insideDone = Promise.withResolvers<undefined>();
    const looked = Promise.withResolvers<number>();
    void insideDone.promise.then(list).then((rows) => looked.resolve(rows.length));
    const seen = await database.write(async (tx) => {
      await sql`INSERT INTO things (name) VALUES ('a')`.execute(tx);
      insideDone.resolve(undefined);
      return looked.promise;
    });
    expect(seen).toBe(0);
  });

  test('may not use the outer handle, nor begin another write', async () => {
    await expect(database.write(() => list())).rejects.toThrow('use only its tx');
    await expect(database.write(() => add('a'))).rejects.toThrow('use only its tx');
  });

  test('cannot be used after it has ended', async () => {
    const late = await database.write(async (tx) => () => sql`SELECT 1`.execute(tx));
    await expect(late()).rejects.toThrow('has ended');
  });
});

test('a read handle refuses to write', async () => {
  await expect(sql`DELETE FROM things`.execute(database.read)).rejects.toThrow(/read.?only/i);
});

describe.runIf(testDialect === 'sqlite')('SQLite', () => {
  test('runs 200 writes at once one after the other', async () => {
    await add('a');
    await Promise.all(Array.from({ length: 200 }, increment));
    expect((await list())[0]?.count).toBe(200);
  });

  test('keeps synchronous=FULL when a file is opened again', async () => {
    const again = await openDatabase(made.where, { log: makeLog('silent'), onLostWrite });
    for (const open of [database, again]) {
      const mode = await open.write(async (tx) => {
        const { rows } = await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(tx);
        return rows[0]?.synchronous;
      });
      expect(mode).toBe(2);
    }
    await again.close();
  });

  test('keeps its files to their owner, whatever the folder and umask, and whatever they were', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-modes-'));
    chmodSync(folder, 0o777);
    const before = process.umask(0);
    const file = join(folder, 'berth.db');
    const names = ['berth.db', 'berth.db-shm', 'berth.db-wal'];
    const modes = () =>
      names.map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8));
    try {
      for (const round of [1, 2]) {
        const opened = await openDatabase(file, { log: makeLog('silent'), onLostWrite });
        await opened.write((_, run) => run(`CREATE TABLE t${round} (a INTEGER)`));
        expect(modes()).toEqual(['600', '600', '600']);
        // As an earlier version, a copy or a backup may have left them.
        for (const name of names) chmodSync(join(folder, name), 0o666);
        const again = await openDatabase(file, { log: makeLog('silent'), onLostWrite });
        expect(modes()).toEqual(['600', '600', '600']);
        await again.close();
        await opened.close();
        chmodSync(file, 0o644);
      }
    } finally {
      process.umask(before);
      rmSync(folder, { recursive: true });
    }
  });

  test('waits for the lock of another process, and says busy when it is held on', async () => {
    const other = new Sqlite(made.where);
    other.exec('BEGIN IMMEDIATE');
    const patient = add('a');
    await nextTurn();
    other.exec('COMMIT');
    await patient;
    other.exec('BEGIN IMMEDIATE');
    await expect(add('b')).rejects.toMatchObject({ problem: { code: 'service.busy' } });
    other.exec('COMMIT');
    other.close();
    await add('c');
    expect((await list()).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  test('answers a full disk as a problem, reads on, and recovers by itself', async () => {
    await add('a');
    const limit = (pages: number) =>
      database.write((tx) => sql`PRAGMA max_page_count = ${sql.lit(pages)}`.execute(tx));
    await limit(1);
    await expect(add('x'.repeat(100_000))).rejects.toMatchObject({
      problem: { code: 'service.disk_full' },
    });
    expect(await list()).toHaveLength(1);
    await limit(1_000_000);
    await add('b');
    expect(await list()).toHaveLength(2);
  });
});

const onLostWrite = (error: unknown) => {
  throw error;
};
