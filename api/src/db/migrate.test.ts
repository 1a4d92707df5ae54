import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestDatabase, testDialect } from '../../test/harness.ts';
import type { TestDatabase } from '../../test/harness.ts';
import { fixedClock } from '../lib/clock.ts';
import { isCurrent, migrate, readMigrations } from './migrate.ts';

const clock = fixedClock();
let made: TestDatabase;
let folder: string;

beforeEach(async () => {
  made = await makeTestDatabase(testDialect, { migrated: false });
  folder = mkdtempSync(join(tmpdir(), 'berth-migrations-'));
  put('0001_first.sql', 'CREATE TABLE first (id INTEGER); INSERT INTO first VALUES (1);');
  put('0002_second.sqlite.sql', 'CREATE TABLE second (id INTEGER DEFAULT 7);');
  put('0002_second.postgres.sql', 'CREATE TABLE second (id BIGINT DEFAULT 7);');
});
afterEach(async () => {
  await made.drop();
  rmSync(folder, { recursive: true });
});

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const run = () => migrate({ database: made.database, clock }, folder);
const firsts = async () => {
  const { rows } = await sql<{ id: number }>`SELECT id FROM first`.execute(made.database.read);
  return rows.length;
};

test('runs each file once, however often it is started', async () => {
  expect(await run()).toBe(2);
  expect(await run()).toBe(0);
  expect(await firsts()).toBe(1);
  expect(await isCurrent(made.database, folder)).toBe(true);
});

test('runs each file once when two processes start together', async () => {
  const ran = await Promise.all([run(), run()]);
  expect(ran[0] + ran[1]).toBe(2);
  expect(await firsts()).toBe(1);
});

test('a file that fails leaves nothing behind, and goes on when it is put right', async () => {
  put('0003_third.sql', 'CREATE TABLE third (id INTEGER); CREATE TABLE first (id INTEGER);');
  await expect(run()).rejects.toThrow('already exists');
  expect(await isCurrent(made.database, folder)).toBe(false);
  put('0003_third.sql', 'CREATE TABLE third (id INTEGER);');
  expect(await run()).toBe(1);
});

test('refuses a file that was changed after it had run, and says which', async () => {
  await run();
  put('0001_first.sql', 'CREATE TABLE first (id TEXT);');
  await expect(run()).rejects.toThrow('0001_first was changed after it had run');
});

test('refuses a database that a later version has written', async () => {
  await run();
  rmSync(join(folder, `0002_second.${testDialect}.sql`));
  await expect(run()).rejects.toThrow('0002_second, which this version does not have');
});

test('refuses gaps, doubles and other names', () => {
  put('0004_fourth.sql', '');
  expect(() => readMigrations(folder, testDialect)).toThrow('0004_fourth.sql should be number 3');
  rmSync(join(folder, '0004_fourth.sql'));
  put('0002_again.sql', '');
  expect(() => readMigrations(folder, testDialect)).toThrow('no number twice');
  put('more.sql', '');
  expect(() => readMigrations(folder, testDialect)).toThrow('more.sql should be named');
});
