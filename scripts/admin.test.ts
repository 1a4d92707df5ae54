import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestApp, testDialect, type TestApp } from '../api/test/harness.ts';
import { signUp } from '../api/test/people.ts';
import { run } from './lib/run.ts';

let t: TestApp;
let data_dir: string;
beforeAll(async () => {
  t = await makeTestApp();
  data_dir = mkdtempSync(join(tmpdir(), 'berth-admin-'));
  await signUp(t, 'harbour', { display_name: 'Harbour Racks' });
});
afterAll(async () => {
  await t.close();
  rmSync(data_dir, { recursive: true });
});

const settings = () =>
  testDialect === 'postgres'
    ? { DATABASE_URL: t.where, DATA_DIR: data_dir }
    : { DATA_DIR: join(t.where, '..') };
const admin = async (...args: string[]) => {
  const { code, output } = await run(['node', 'scripts/admin.ts', ...args], { env: settings() });
  return [code, output];
};

test('npm run admin makes an account an admin, says who is one, and takes it back', async () => {
  expect(await admin('list')).toEqual([0, 'Nobody is an admin.\n']);
  expect(await admin('grant', '@Harbour')).toEqual([0, 'harbour is an admin now.\n']);
  expect(await admin('grant', 'harbour')).toEqual([0, 'harbour is an admin already.\n']);
  expect(await admin('list')).toEqual([0, 'harbour (Harbour Racks)\n']);
  expect(await admin('revoke', 'harbour')).toEqual([0, 'harbour is no admin any more.\n']);
  expect(await admin('grant', 'nobody')).toEqual([3, 'No account has the handle nobody.\n']);
});

test('npm run admin answers a wrong use with a sentence, and makes no database', async () => {
  const [code, said] = await admin('crown', 'harbour');
  expect([code, said]).toEqual([2, expect.stringMatching(/^Say what to do: grant HANDLE/)]);
  const empty = { env: { DATA_DIR: join(data_dir, 'none'), DATABASE_URL: '' } };
  const nowhere = await run(['node', 'scripts/admin.ts', 'list'], empty);
  expect(nowhere.code).toBe(2);
  expect(nowhere.output).toMatch(/^DATA_DIR is .* but no database of Berth is there\.\n$/);
});
