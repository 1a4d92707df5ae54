import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFrozen, readMigrations } from './freeze.ts';
import { repositoryFiles } from './lib/files.ts';
import { hashesOf, thawed } from './lib/migrations.ts';
import { namedPaths, rules, testTitles, untidy, type SourceFile } from './tidy.ts';

const ROOT = resolve(import.meta.dirname, '..');
const NOT_TEXT = /\.(png|jpg|webp|ico|woff2)$/;

const files: SourceFile[] = repositoryFiles(ROOT)
  .filter((path) => !NOT_TEXT.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

const at = (path: string, text: string): SourceFile => ({ path, text });
const lines = (count: number): string => 'x();\n'.repeat(count);
const bodyOf = (count: number): string => `function f() {\n${lines(count - 2)}}\n`;

/** For each rule: what it refuses, and what comes close and is right. */
const PLANTED: Record<keyof typeof rules, { bad: SourceFile[]; good: SourceFile[] }> = {
  fileLength: {
    bad: [at('api/src/a.ts', lines(401)), at('website/src/A.svelte', lines(251))],
    good: [at('api/src/a.ts', lines(400)), at('website/src/A.svelte', lines(250))],
  },
  functionLength: {
    bad: [
      at('api/src/a.ts', bodyOf(71)),
      at('website/src/A.svelte', `<script lang="ts">\n${bodyOf(71)}</script>`),
      at('website/src/a.svelte.ts', `function outer() {\n${bodyOf(71)}}`),
      at('api/src/a.ts', `function outer() {\n${bodyOf(40)}${bodyOf(40)}}`),
    ],
    good: [
      at('api/src/a.ts', bodyOf(70)),
      at('website/src/a.svelte.ts', `function outer() {\n${bodyOf(40)}${bodyOf(40)}}`),
      at('api/src/a.test.ts', `describe('x', () => {\n${lines(80)}});`),
    ],
  },
  lineLength: {
    bad: [at('docs/a.md', 'word '.repeat(21)), at('api/src/a.ts', `// ${'word '.repeat(21)}`)],
    good: [
      at('docs/a.md', `| ${'word '.repeat(21)}|`),
      at('api/src/a.ts', `'${'f'.repeat(128)}'`),
      at('api/src/b.ts', `say('${'word '.repeat(20)}')`),
    ],
  },
  machineNames: {
    bad: [
      at('website/src/A.svelte', `{#if view.state === 'active'}running{/if}`),
      at('website/src/a.ts', `const words = {\n  mark_provisioned: 'ready',\n};`),
    ],
    good: [
      at('website/src/A.svelte', `{#if isRunning(view.state)}It is active.{/if}`),
      at('website/src/a.test.ts', `expect(state).toBe('active')`),
      at('api/src/a.ts', `const state = 'active';`),
      at('website/src/a.ts', `const what = 'message';`),
    ],
  },
  countedWords: {
    bad: [
      at('api/src/a.ts', 'throw refused(`Choose up to ${most} hours`);'),
      at('website/src/A.svelte', '<b>{count}</b>\n  open requests wait'),
      at('website/src/a.ts', `\`${'${'}n} ${'${'}n === 1 ? 'entry' : 'entries'}\``),
      at('website/src/A.svelte', 'Your {hoursWords(view.hours)} begin.'),
      at('shared/src/a.ts', `const what = 'at least 1 days';`),
    ],
    good: [
      at('api/src/a.ts', "throw refused(`Up to ${counted(most, 'hour')}, ${MOST_ROWS} rows`);"),
      at('website/src/A.svelte', '<Table {columns} rows={entries} class="flex-1 items-start" />'),
      at('website/src/A.svelte', 'Your paid time of {hoursWords(view.hours)} begins.'),
      at('website/src/a.ts', `wordFor(n, 'is', 'are'); n === 1 ? 'The only row' : 'Some rows'`),
      at('website/src/a.test.ts', 'expect(`${n} rows`)'),
    ],
  },
  explainedWords: {
    bad: [
      at('website/src/A.svelte', '<p>Your <b>principal</b> is shown.</p>'),
      at('website/src/A.svelte', '<Dialog title="Seal it?">{#if a}{b}{/if}</Dialog>'),
      at('website/src/A.svelte', '<Term name="sealed" /> Download the evidence'),
    ],
    good: [
      at('website/src/A.svelte', 'They are <Term name="sealed">sealed</Term> for you.'),
      at(
        'website/src/A.svelte',
        '<Description label="Principal" term="principal">{a}</Description>',
      ),
      at('website/src/A.svelte', '<script>const evidence = 1;</script>{principal}'),
      at('website/src/a.ts', `const what = 'evidence';`),
    ],
  },
  noPromises: {
    bad: [at('api/src/a.ts', `// ${'TO'}${'DO'}: later`), at('docs/a.md', `${'FIX'}${'ME'}`)],
    good: [at('api/src/a.ts', 'const todos = 1;')],
  },
  selfContained: {
    bad: [at('README.md', 'as DESIGN.md says'), at('api/src/a.ts', `read('/work/x')`)],
    good: [at('README.md', 'the design, in docs/STYLE.md'), at('api/src/a.test.ts', 'LEDGER.md')],
  },
  noSkipping: {
    bad: [
      at('api/src/a.test.ts', `test.skip('x', f)`),
      at('website/e2e/a.test.ts', `test.describe.only('x', f)`),
      at('api/src/b.test.ts', `it.skipIf(slow)('x', f)`),
    ],
    good: [
      at('api/src/a.test.ts', `test('x', f); test.each(rows)('y', f); it.runIf(sqlite)('z', f)`),
    ],
  },
  wholeZod: {
    bad: [
      at('api/src/a.ts', `import { z } from 'zod';`),
      at('api/src/b.ts', `import z from 'zod';`),
    ],
    good: [at('api/src/a.ts', `import * as z from 'zod'; import type * as t from 'zod';`)],
  },
  settingsOnce: {
    bad: [
      at('api/src/app.ts', 'const port = process.env.PORT;'),
      at('website/src/lib/A.svelte', '<script>const a = process.env;</script>'),
    ],
    good: [
      at('api/src/config.ts', 'read(process.env)'),
      at('api/src/app.ts', 'process.exit(1); log.env()'),
    ],
  },
  oneClock: {
    bad: [at('api/src/app.ts', 'Date.now()'), at('api/src/app.ts', 'new Date()')],
    good: [
      at('api/src/app.ts', 'new Date(at); Date.parse(at)'),
      at('api/src/lib/clock.ts', 'Date.now()'),
      at('website/src/lib/a.ts', 'Date.now()'),
    ],
  },
  sqlInRepos: {
    bad: [
      at('api/src/modules/carts/service.ts', `tx.insertInto('carts')`),
      at('api/src/jobs/worker.ts', `db.selectFrom('outbox')`),
    ],
    good: [
      at('api/src/modules/carts/repo-list.ts', `db.selectFrom('carts')`),
      at('api/src/db/outbox.ts', `tx.deleteFrom('outbox')`),
    ],
  },
  readsFromActor: {
    bad: [
      at('api/src/modules/a/repo.ts', 'export function listEntries(db: Db, id: string) {}'),
      at('api/src/modules/a/repo-log.ts', 'export const getEntry = (db: Db, id: string) => 1;'),
      at('api/src/modules/a/repo.ts', 'export async function findOne(tx: Tx, id: string) {}'),
      at('api/src/modules/a/b/repo.ts', 'export const many = (db: Db) => 1;'),
    ],
    good: [
      at('api/src/modules/a/repo.ts', 'export function list(db: Db, actor: AccountActor) {}'),
      at(
        'api/src/modules/a/repo.ts',
        `export const get = (db: Db, { acting_for }: Pick<AccountActor, 'acting_for'>) => 1;`,
      ),
      at('api/src/modules/a/repo.ts', 'export function listDetails(db: Db, row: SeenRow) {}'),
      at('api/src/modules/a/repo.ts', 'export function findAnyEntry(db: Db, id: string) {}'),
      at('api/src/modules/a/repo.ts', 'export function listPublicOnes(db: Db) {}'),
      at('api/src/modules/a/repo.ts', 'function findOne(db: Db, id: string) {}'),
      at('api/src/modules/a/repo.ts', 'export function saveOne(tx: Tx, id: string) {}'),
      at('api/src/modules/a/service.ts', 'export function findOne(db: Db, id: string) {}'),
    ],
  },
  oneTransaction: {
    bad: [
      at('api/src/modules/carts/service.ts', 'deps.write(work)'),
      at('api/src/modules/carts/repo.ts', 'db.transaction().execute(work)'),
    ],
    good: [
      at('api/src/modules/carts/jobs.ts', 'deps.write(work)'),
      at('api/src/modules/carts/service.ts', 'out.write(text)'),
    ],
  },
  jobsTell: {
    bad: [at('api/src/modules/carts/service.ts', `import { notify } from '../notices/index.ts';`)],
    good: [
      at('api/src/modules/carts/jobs.ts', `import { notify } from '../notices/index.ts';`),
      at('api/src/modules/carts/service.ts', `import { countUnread } from '../notices/index.ts';`),
    ],
  },
  moduleShape: {
    bad: [
      at('api/src/modules/carts/helpers.ts', ''),
      at('api/src/modules/carts/lib/index.ts', ''),
      at('api/src/modules/carts/service-accept.ts', ''),
      at('api/src/modules/carts/repo-list.ts', ''),
      at('api/src/modules/carts/jobs-mail.ts', ''),
    ],
    good: [
      ...['index', 'routes', 'service', 'repo', 'jobs', 'carts.test'].map((name) =>
        at(`api/src/modules/carts/${name}.ts`, ''),
      ),
      at('api/src/modules/graph.ts', ''),
    ],
  },
  decisionShape: {
    bad: [
      at('docs/decisions/a.md', '\n## Held by\n'),
      at('docs/decisions/0001-a.md', 'no test'),
      at('docs/decisions/0001-a.md', `\n## Held by\n${lines(40)}`),
    ],
    good: [at('docs/decisions/0001-a.md', `\n## Held by\n${lines(38)}`)],
  },
  fileNames: {
    bad: [at('api/src/rateLimit.ts', ''), at('website/src/lib/ui/state-badge.svelte', '')],
    good: [
      at('api/src/rate-limit.ts', ''),
      at('website/src/lib/ui/StateBadge.svelte', ''),
      at('website/src/routes/+page.server.ts', ''),
    ],
  },
  rootNames: {
    bad: [at('notes.md', ''), at('tools/a.ts', '')],
    good: [at('Makefile', ''), at('docs/notes.md', '')],
  },
};

describe('our own rules', () => {
  test('every file of this repository keeps to them', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(untidy)).toEqual([]);
  });

  test.each(Object.entries(PLANTED))(
    'the rule %s bites, and only where it should',
    (name, cases) => {
      const rule = rules[name as keyof typeof rules];
      for (const file of cases.bad) expect(rule(file), file.text).not.toEqual([]);
      for (const file of cases.good) expect(rule(file), file.text).toEqual([]);
    },
  );
});

describe('pages of prose', () => {
  test('every path they name is there', () => {
    const lost = files.flatMap((file) =>
      namedPaths(file)
        .filter((named) => !files.some(({ path }) => path.startsWith(named)))
        .map((named) => `${file.path} names ${named}`),
    );
    expect(lost).toEqual([]);
  });

  test('a path is read between backticks', () => {
    expect(namedPaths(at('README.md', 'in `api/src/app.ts`, not `app.ts`'))).toEqual([
      'api/src/app.ts',
    ]);
  });
});

describe('test titles', () => {
  test('no two tests of a workspace promise the same', () => {
    const seen = new Map<string, string>();
    const doubled: string[] = [];
    for (const file of files) {
      for (const title of testTitles(file)) {
        const key = `${dirname(file.path).split('/', 1).join()} ${title}`;
        const first = seen.get(key);
        if (first !== undefined) doubled.push(`${title}: ${first} and ${file.path}`);
        seen.set(key, file.path);
      }
    }
    expect(doubled).toEqual([]);
  });

  test('a title is read with the groups around it', () => {
    const text = `describe('a', () => { test('b', f); describe('c', () => { it('d', f); }); });`;
    expect(testTitles(at('api/src/a.test.ts', text))).toEqual(['a > b', 'a > c > d']);
  });
});

describe('migrations', () => {
  test('what has landed is frozen', () => {
    expect(thawed(readMigrations(), readFrozen())).toEqual([]);
  });

  test('a migration that is changed, dropped or not frozen is named', () => {
    const frozen = hashesOf({ '0001_a.sql': 'a', '0002_b.sql': 'b' });
    expect(thawed({ '0001_a.sql': 'changed', '0003_c.sql': 'c' }, frozen)).toEqual([
      '0001_a.sql has landed and cannot change: write the next migration instead',
      '0002_b.sql has landed and cannot change: write the next migration instead',
      '0003_c.sql is new: freeze it with node scripts/freeze.ts',
    ]);
  });
});
