import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOffering } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let folder: string;
let project: string;
let served: Served;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-cli-packed-'));
  project = join(folder, 'project');
  mkdirSync(project);
  await run(process.execPath, [join(ROOT, 'cli/build.ts'), join(folder, 'package')]);
  const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd });
  await npm(folder, 'pack', './package', '--silent');
  writeFileSync(join(project, 'package.json'), '{ "name": "empty" }');
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await npm(project, 'install', '../berth-cli-0.1.0.tgz', ...options);
  served = await serve({ live: true });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

/** Runs the installed command as this person; it has to succeed. */
async function berth(who: string, args: string[], input = ''): Promise<string> {
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, who), NO_COLOR: '1' };
  const running = run(join(project, 'node_modules/.bin/berth'), args, { env, cwd: project });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

test('the packed command, alone in an empty folder, rents, provides, opens and verifies', async () => {
  const { origin, renter, provider } = served;
  const { id } = await listOffering(provider, { title: 'A packed node' });
  await berth('renter', ['login', '--origin', origin], renter.phrase);
  await berth('provider', ['login', '--origin', origin], provider.phrase);
  expect(await berth('renter', ['search', 'packed'])).toContain(id);
  await berth('provider', ['offerings', 'edit', id, '--yes'], '{"city":"Rotterdam"}');
  const contract = (await berth('renter', ['rent', id, '--hours', '2', '--yes'])).trim();
  await berth('provider', ['accept', contract, '--yes']);
  const credentials = { fields: [{ label: 'Password', value: 'hunter2' }] };
  const details = { address: 'node7.example.net', username: 'root', credentials };
  await berth('provider', ['provision', contract, '--yes'], JSON.stringify(details));
  expect(await berth('renter', ['credentials', contract, '--yes'])).toContain('hunter2');
  await berth('renter', ['evidence', contract, 'contract.json']);
  expect(await berth('nobody', ['verify', 'contract.json'])).toContain('every sentence kept');
});

test('the packed command needs no other package', () => {
  expect(existsSync(join(project, 'node_modules/@berth/sdk'))).toBe(false);
  expect(existsSync(join(project, 'node_modules/zod'))).toBe(false);
});
