import { createHash } from 'node:crypto';

/** Migration file -> SHA-256 of its bytes, as `scripts/config/frozen-migrations.json` keeps it. */
export type Frozen = Readonly<Record<string, string>>;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The hashes of these migrations, in the order of their names. */
export function hashesOf(migrations: Readonly<Record<string, string>>): Record<string, string> {
  const sorted = Object.entries(migrations).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, text]) => [name, sha256(text)]));
}

/** One sentence for each migration that was changed, dropped or not yet frozen. */
export function thawed(migrations: Readonly<Record<string, string>>, frozen: Frozen): string[] {
  const present = hashesOf(migrations);
  return [
    ...Object.keys(frozen)
      .filter((name) => present[name] !== frozen[name])
      .map((name) => `${name} has landed and cannot change: write the next migration instead`),
    ...Object.keys(present)
      .filter((name) => !(name in frozen))
      .map((name) => `${name} is new: freeze it with node scripts/freeze.ts`),
  ];
}
