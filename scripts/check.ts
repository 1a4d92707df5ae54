/**
 * `make check`: what a change can affect, by who imports whom: its layout, lint, types and tests.
 * `node scripts/check.ts REV` checks what has changed since REV; without it, since the last commit.
 * The browser and PostgreSQL are for `make test`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { affectedBy } from './lib/affected.ts';
import { climbAll } from './lib/climb.ts';
import { sourcesOf } from './lib/files.ts';
import { typesOf, vitestOf, type Rung } from './lib/rungs.ts';
import { ROOT } from './lib/run.ts';

const [, , since = 'HEAD'] = process.argv;
const SOURCE = /\.(ts|js|svelte)$/;

const git = (...args: string[]): string[] =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);

const changed = [
  ...git('diff', '--name-only', '--diff-filter=d', since),
  ...git('ls-files', '--others', '--exclude-standard'),
].filter((path) => existsSync(join(ROOT, path)));
const affected = [...affectedBy(sourcesOf(ROOT), changed)];
const tests = affected.filter((path) => path.endsWith('.test.ts'));
const code = changed.filter((path) => SOURCE.test(path));
const isIn = (folder: string) => affected.some((path) => path.startsWith(`${folder}/`));

const rungs: Rung[] = [
  ...['shared', 'api', 'sdk', 'cli', 'scripts', 'website/e2e'].filter(isIn).map(typesOf),
  ...(code.length > 0
    ? [
        {
          name: 'lint',
          command: ['eslint', '--cache', '--cache-location', 'node_modules/.cache/eslint', ...code],
        },
      ]
    : []),
  ...(tests.length > 0 ? [vitestOf('tests', tests)] : []),
  {
    name: 'format',
    command: ['prettier', '--check', '--ignore-unknown', '--log-level', 'warn', ...changed],
  },
];

if (changed.length === 0) {
  console.log(`Nothing has changed since ${since}.`);
} else {
  const { passed, failed } = await climbAll(rungs);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
