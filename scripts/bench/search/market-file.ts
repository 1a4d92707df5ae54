/** The large market that searches are measured on. */
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
import { join, resolve } from 'node:path';
import { openDatabase } from '../../../api/src/db/open.ts';
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

/**
 * Lays a market of so many offerings down as the database of a data folder. It is made once and
 * kept in `keep`, where one of before is removed.
 */
export async function layMarket(data_dir: string, offerings: number, keep: string): Promise<void> {
  const prefix = `${KEPT}${offerings}-`;
  const name = prefix + keyOf(offerings);
  const found = readdirSync(keep).filter((one) => one.startsWith(prefix));
  if (!found.includes(name)) {
    for (const one of found) rmSync(join(keep, one), { recursive: true });
    const making = join(keep, `${name}.${process.pid}`);
    mkdirSync(making);
    await makeMarketFile(join(making, DATABASE_FILE), offerings);
    renameSync(making, join(keep, name));
  }
  const to = join(data_dir, DATABASE_FILE);
  copyFileSync(join(keep, name, DATABASE_FILE), to, constants.COPYFILE_FICLONE);
}
