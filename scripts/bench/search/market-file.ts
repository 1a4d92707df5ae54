/** The large market that searches are measured on: made once, kept below the system's temp. */
import { createHash } from 'node:crypto';
import {
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDatabase } from '../../../api/src/db/database.ts';
import { migrate, MIGRATIONS } from '../../../api/src/db/migrate.ts';
import { DATABASE_FILE, makeLog } from '../../../api/src/deps.ts';
import { realClock } from '../../../api/src/lib/clock.ts';
import { fillLargeMarket, SEED } from '../../seed/large/fill.ts';
import { addPlainIndexes } from './plain-sql.ts';

const KEPT = 'berth-bench-market-';
const SEEDING = resolve(import.meta.dirname, '../../seed/large');
const KEY_LENGTH = 16;

/** Another seed, migration or index makes another file. */
function keyOf(offerings: number): string {
  const files = [SEEDING, MIGRATIONS].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  const hash = createHash('sha256').update(`${offerings} ${SEED}`);
  for (const file of [...files.sort(), join(import.meta.dirname, 'plain-sql.ts')]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, KEY_LENGTH);
}

async function makeMarketFile(file: string, offerings: number): Promise<void> {
  const database = await openDatabase(file, {
    log: makeLog('error'),
    onLostWrite(error) {
      throw error;
    },
  });
  await migrate({ database, clock: realClock });
  await database.close();
  await fillLargeMarket(file, { offerings, seed: SEED, now_ms: realClock.nowMs() });
  addPlainIndexes(file);
}

/** Lays a market of so many offerings down as the database of a data folder. */
export async function layMarket(data_dir: string, offerings: number): Promise<void> {
  const kept = join(tmpdir(), `${KEPT}${offerings}-${keyOf(offerings)}`);
  const file = join(kept, DATABASE_FILE);
  const old = readdirSync(tmpdir()).filter((name) => name.startsWith(`${KEPT}${offerings}-`));
  if (!old.includes(`${KEPT}${offerings}-${keyOf(offerings)}`)) {
    for (const name of old) rmSync(join(tmpdir(), name), { recursive: true });
    const making = `${kept}.${process.pid}`;
    mkdirSync(making);
    await makeMarketFile(join(making, DATABASE_FILE), offerings);
    renameSync(making, kept);
  }
  copyFileSync(file, join(data_dir, DATABASE_FILE), constants.COPYFILE_FICLONE);
}
