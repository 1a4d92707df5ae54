import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOffering } from '../../api/test/rental.ts';
import { serve, type Served } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Of what is brought at once: calling, signing, sealing, opening, events and webhooks. */
const MOST_BYTES = 30_000;
const run = promisify(execFile);

let folder: string;
let project: string;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-sdk-'));
  project = join(folder, 'project');
  mkdirSync(project);
  await run(process.execPath, [join(ROOT, 'sdk/build.ts'), join(folder, 'package')]);
  const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd });
  await npm(folder, 'pack', './package', '--silent');
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "type": "module" }');
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await npm(project, 'install', '../berth-sdk-0.1.0.tgz', ...options);
  for (const file of ['life.js', 'types.mts']) {
    cpSync(join(import.meta.dirname, 'project', file), join(project, file));
  }
  served = await serve();
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

test('the packed SDK, alone in an empty project, rents, provides, opens and verifies', async () => {
  const offering = await listOffering(served.provider, {
    operating_systems: ['Debian 12', 'Ubuntu 24.04'],
  });
  const { origin, renter, provider } = served;
  const given = { origin, offering_id: offering.id };
  const phrases = { renter: renter.phrase, provider: provider.phrase };
  const env = { ...process.env, GIVEN: JSON.stringify({ ...given, phrases }) };
  const { stdout } = await run(process.execPath, ['life.js'], { cwd: project, env });
  expect(JSON.parse(stdout)).toEqual({
    total_e9s: '24920000000',
    opened: { fields: [{ label: 'Password', value: 'hunter2' }], note: '' },
    address: 'node7.example.net',
    state: 'active',
    states_seen: ['active'],
    verified: true,
    forged: false,
    refused: 'offering.own',
  });
});

test('the packed SDK needs no other package', () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(project, 'node_modules/@berth/sdk/package.json'), 'utf8'),
  ) as { dependencies?: object };
  expect(dependencies).toBeUndefined();
  expect(existsSync(join(project, 'node_modules/zod'))).toBe(false);
});

test('the packed SDK types every call, with no other types at hand', async () => {
  const options = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext'];
  const lib = ['--lib', 'es2024,dom,dom.asynciterable'];
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const checked = run(tsc, [...options, ...lib, 'types.mts'], { cwd: project });
  await expect(checked.catch(({ stdout }: { stdout: string }) => stdout)).resolves.toMatchObject({
    stdout: '',
  });
});

test('the packed SDK bundles for a browser, without Node, in less than 30 kB', async () => {
  writeFileSync(
    join(project, 'page.js'),
    `import { createBerth } from '@berth/sdk';\nglobalThis.berth = createBerth({ origin: location.origin });\n`,
  );
  await build({
    configFile: false,
    root: project,
    logLevel: 'silent',
    build: {
      outDir: 'out',
      target: 'es2022',
      rolldownOptions: { input: join(project, 'page.js'), output: { entryFileNames: 'page.js' } },
    },
  });
  const page = readFileSync(join(project, 'out/page.js'), 'utf8');
  expect(page).not.toMatch(/(?:from|import|require)\s*\(?["'`](?:node:|crypto)/);
  expect(gzipSync(page, { level: 9 }).length).toBeLessThan(MOST_BYTES);
});
