/** Builds the website when something it is made of is newer than the build. */
import { existsSync, globSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, run } from './lib/run.ts';

const BUILT = join(ROOT, 'website/build/.built');
const SOURCES = [
  'package-lock.json',
  'shared/src/**',
  'website/*.{json,ts}',
  'website/{config,src,static}/**',
];

const changedAt = (path: string): number => statSync(join(ROOT, path)).mtimeMs;

/** Folders count too: theirs is the time when a file in them was added or removed. */
function isStale(): boolean {
  if (!existsSync(BUILT)) return true;
  const built_at = statSync(BUILT).mtimeMs;
  return globSync(SOURCES, { cwd: ROOT }).some((path) => changedAt(path) > built_at);
}

async function build(): Promise<void> {
  if (!isStale()) return;
  console.log('Building the website …');
  const started_at = new Date();
  const { code, output } = await run(['vite', 'build', '--logLevel', 'warn'], { cwd: 'website' });
  if (code !== 0) {
    console.error(output);
    process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(BUILT), { recursive: true });
  // What was edited while it was being built is newer than the build.
  writeFileSync(BUILT, '');
  utimesSync(BUILT, started_at, started_at);
}

if (import.meta.main) await build();
