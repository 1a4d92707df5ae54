import { join } from 'node:path';
import { affectedBy } from './affected.ts';
import { findChromium } from './chromium.ts';
import { sourcesOf } from './files.ts';
import { findPostgres } from './postgres.ts';
import { ROOT } from './run.ts';

/** One step of `make test`. Without a report it counts as one check. */
export interface Rung {
  readonly name: string;
  readonly command: string[];
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Who writes the report that its tests are counted from. */
  readonly report?: 'vitest' | 'playwright';
  /** Names of rungs that must have ended before. */
  readonly after?: readonly string[];
  /** Needs the whole machine, so it runs when all others have ended. */
  readonly alone?: boolean;
  /** Why it cannot run, and whether that fails the whole. */
  readonly missing?: { readonly why: string; readonly fails: boolean };
}

/** The types of a workspace; what has not changed since the last time is not checked again. */
export const typesOf = (folder: string): Rung => ({
  name: `types ${folder}`,
  command: [
    ...['tsc', '-p', folder, '--incremental', '--tsBuildInfoFile'],
    join(ROOT, 'node_modules/.cache/tsc', `${folder.replace('/', '-')}.json`),
  ],
});

/** Tests that vitest runs: of a project, or of files. */
export const vitestOf = (name: string, what: string[], env: Record<string, string> = {}): Rung => ({
  name,
  command: ['vitest', 'run', '--maxWorkers', '1', ...what],
  report: 'vitest',
  env,
});

const vitest = (project: string) => vitestOf(`tests ${project}`, ['--project', project]);

/** What opens no database says the same on every one. */
const onDatabase = (): string[] =>
  [...affectedBy(sourcesOf(ROOT), ['api/test/harness.ts'])].filter((path) =>
    /^api\/.*\.test\.ts$/.test(path),
  );

async function onPostgres(): Promise<Rung> {
  const url = await findPostgres();
  const rung = vitestOf('tests api on PostgreSQL', onDatabase(), {
    TEST_DATABASE: 'postgres',
    TEST_POSTGRES_URL: url ?? '',
  });
  const why = 'no PostgreSQL answers at 127.0.0.1:5432; TEST_POSTGRES_URL names another';
  return url === null ? { ...rung, missing: { why, fails: false } } : rung;
}

async function inChromium(): Promise<Rung> {
  const rung: Rung = {
    name: 'e2e',
    command: ['playwright', 'test'],
    cwd: 'website',
    report: 'playwright',
    after: ['build'],
    alone: true,
  };
  try {
    return { ...rung, env: { CHROMIUM_PATH: await findChromium() } };
  } catch (error) {
    return { ...rung, missing: { why: (error as Error).message, fails: true } };
  }
}

/** Every rung of the ladder, the longest first where the order is free. */
export async function allRungs(): Promise<Rung[]> {
  const rungs: Rung[] = [
    { name: 'website types made', command: ['svelte-kit', 'sync'], cwd: 'website' },
    { name: 'build', command: ['node', 'scripts/build.ts'], after: ['website types made'] },
    vitest('api'),
    await onPostgres(),
    {
      name: 'types website',
      command: ['svelte-check', '--fail-on-warnings', '--output', 'human'],
      cwd: 'website',
      after: ['website types made'],
    },
    {
      name: 'lint',
      command: ['eslint', '--cache', '--cache-location', 'node_modules/.cache/eslint', '.'],
      after: ['website types made'],
    },
    ...['shared', 'api', 'sdk', 'cli', 'scripts', 'website/e2e'].map(typesOf),
    vitest('shared'),
    vitest('scripts'),
    vitest('sdk'),
    vitest('cli'),
    vitest('website'),
    {
      name: 'format',
      command: ['prettier', '--check', '--cache', '--log-level', 'warn', '.'],
    },
    { name: 'architecture', command: ['node', 'scripts/architecture.ts'] },
    {
      name: 'dead code',
      command: ['knip', '--config', 'scripts/config/knip.json'],
      after: ['website types made'],
    },
    await inChromium(),
  ];
  return rungs;
}
