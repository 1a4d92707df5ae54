import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import type { Clock } from '../lib/clock.ts';
import { startError } from '../lib/start-error.ts';
import type { Database, Dialect } from './database.ts';

export const MIGRATIONS = resolve(import.meta.dirname, '../../../migrations');

const FILE_NAME = /^(\d{4})_[a-z0-9_]+?(?:\.(sqlite|postgres))?\.sql$/;

interface Migration {
  /** `0002_outbox`, without the dialect. */
  name: string;
  text: string;
  sha256: string;
}

/** The files of this dialect in order; throws a StartError where a file does not belong. */
export function readMigrations(folder: string, dialect: Dialect): Migration[] {
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .filter((file) => {
      const match = FILE_NAME.exec(file);
      if (!match) throw startError(`migrations/${file} should be named NNNN_name.sql.`);
      return match[2] === undefined || match[2] === dialect;
    });
  return found.map((file, index) => {
    if (Number(file.slice(0, 4)) !== index + 1) {
      throw startError(
        `migrations/${file} should be number ${index + 1}: no gap, no number twice.`,
      );
    }
    const text = readFileSync(join(folder, file), 'utf8');
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { name: file.replace(/(\.(sqlite|postgres))?\.sql$/, ''), text, sha256 };
  });
}

/**
 * Brings the tables up to date, each file in its own transaction; answers how many it ran.
 * Throws a StartError when a file that has run was changed or is missing.
 */
export async function migrate(
  { database, clock }: { database: Database; clock: Clock },
  folder = MIGRATIONS,
): Promise<number> {
  const wanted = readMigrations(folder, database.dialect);
  const runNext = () =>
    database.write(async (tx, runScript) => {
      // Processes that start together take turns; SQLite's write lock does this by itself.
      if (database.dialect === 'postgres') {
        await sql`SELECT pg_advisory_xact_lock(hashtext(current_schema() || ' migrate'))`.execute(
          tx,
        );
      }
      await runScript(
        `CREATE TABLE IF NOT EXISTS schema_migrations (
          position INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          sha256 TEXT NOT NULL,
          applied_at TEXT NOT NULL
        )`,
      );
      const { rows } = await sql<Applied>`
        SELECT name, sha256 FROM schema_migrations ORDER BY position`.execute(tx);
      refuseChanged(rows, wanted);
      const position = rows.length;
      const next = wanted[position];
      if (next === undefined) return false;
      await runScript(next.text);
      await sql`
        INSERT INTO schema_migrations (position, name, sha256, applied_at)
        VALUES (${position}, ${next.name}, ${next.sha256}, ${clock.now()})`.execute(tx);
      return true;
    });
  let ran = 0;
  while (await runNext()) ran += 1;
  // A new database has no rows yet to know of.
  if (ran > 0 && ran < wanted.length) await database.analyze();
  return ran;
}

interface Applied {
  name: string;
  sha256: string;
}

function refuseChanged(applied: readonly Applied[], wanted: readonly Migration[]): void {
  for (const [position, { name, sha256 }] of applied.entries()) {
    const file = wanted[position];
    if (file?.name !== name) {
      throw startError(
        `The database has run the migration ${name}, which this version does not have; ` +
          'start the version that wrote it, or a later one.',
      );
    }
    if (file.sha256 !== sha256) {
      throw startError(
        `The migration ${name} was changed after it had run; put it back and add a new file.`,
      );
    }
  }
}

/** Whether every migration has run; for the readiness check. */
export async function isCurrent(
  { read, dialect }: Pick<Database, 'read' | 'dialect'>,
  folder = MIGRATIONS,
): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM schema_migrations`.execute(read);
  return rows[0]?.count === readMigrations(folder, dialect).length;
}
