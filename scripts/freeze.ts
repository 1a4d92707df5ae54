/** Adds the hashes of new migrations to the list of frozen ones; what is there already stays. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hashesOf, type Frozen } from './lib/migrations.ts';

const FOLDER = resolve(import.meta.dirname, '../migrations');
const LIST = resolve(import.meta.dirname, 'config/frozen-migrations.json');

/** The texts of all migrations, by file name. */
export const readMigrations = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.sql'))
      .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
  );

export const readFrozen = (): Frozen =>
  existsSync(LIST) ? (JSON.parse(readFileSync(LIST, 'utf8')) as Frozen) : {};

if (import.meta.main) {
  const list = { ...hashesOf(readMigrations()), ...readFrozen() };
  writeFileSync(LIST, `${JSON.stringify(list, null, 2)}\n`);
}
