/** The large market that searches are measured on. */
import { execFileSync } from 'node:child_process';
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
import { MIGRATIONS } from '../../../api/src/db/migrate.ts';
import { DATABASE_FILE } from '../../../api/src/deps.ts';
import { SEED } from '../../seed/large/fill.ts';
import { addPlainIndexes, PLAIN_FILE } from './plain-sql.ts';

const KEPT = 'berth-bench-market-';
const PROJECT = resolve(import.meta.dirname, '../../..');
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

/** By the product's own command, with nothing added; plain SQL gets a copy with its indexes. */
function makeMarketFiles(folder: string, offerings: number): void {
  const seed = ['scripts/seed.ts', '--offerings', String(offerings)];
  const env = { ...process.env, DATA_DIR: folder, DATABASE_URL: '', NODE_ENV: '' };
  execFileSync(process.execPath, seed, {
    cwd: PROJECT,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const plain = join(folder, PLAIN_FILE);
  copyFileSync(join(folder, DATABASE_FILE), plain, constants.COPYFILE_FICLONE);
  addPlainIndexes(plain);
}

/**
 * Lays a market of so many offerings down as the database of a data folder, with plain SQL's copy
 * beside it. It is made once and kept in `keep`, where one of before is removed.
 */
export function layMarket(data_dir: string, offerings: number, keep: string): void {
  const prefix = `${KEPT}${offerings}-`;
  const name = prefix + keyOf(offerings);
  const found = readdirSync(keep).filter((one) => one.startsWith(prefix));
  if (!found.includes(name)) {
    for (const one of found) rmSync(join(keep, one), { recursive: true });
    const making = join(keep, `${name}.${process.pid}`);
    mkdirSync(making);
    makeMarketFiles(making, offerings);
    renameSync(making, join(keep, name));
  }
  for (const file of [DATABASE_FILE, PLAIN_FILE]) {
    copyFileSync(join(keep, name, file), join(data_dir, file), constants.COPYFILE_FICLONE);
  }
}
