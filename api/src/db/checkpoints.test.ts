import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { makeLog } from '../deps.ts';
import { startCheckpoints, type CheckpointFault } from './checkpoints.ts';
import { openDatabase } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-checkpoints-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const BYTES = 2_000_000;

test('a thread carries the log over while the database is open, and commits wait for nothing', async () => {
  const file = join(folder, 'apart.db');
  const options = { log: makeLog('silent'), onLostWrite: () => undefined };
  const database = await openDatabase(file, { ...options, checkpoints_apart: true });
  await database.write((_, runScript) => runScript('CREATE TABLE things (body BLOB)'));
  await database.write((tx) =>
    sql`INSERT INTO things VALUES (zeroblob(${BYTES}))`.execute(tx).then(() => undefined),
  );
  await expect.poll(() => statSync(file).size).toBeGreaterThan(BYTES);
  await database.close();
  const again = await openDatabase(file, options);
  const { rows } = await sql`SELECT length(body) AS bytes FROM things`.execute(again.read);
  expect(rows).toEqual([{ bytes: BYTES }]);
  await again.close();
});

test('a thread that cannot go on says so', async () => {
  const faults: CheckpointFault[] = [];
  const checkpoints = startCheckpoints(join(folder, 'nowhere.db'), (fault) => faults.push(fault));
  await expect.poll(() => faults.map(({ message }) => message).join()).toContain('unable to open');
  await checkpoints.stop();
});
