import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { life, writeLog } from '../shared/test/log.ts';
import { run } from './lib/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function verify(evidence: unknown, ...args: string[]) {
  const file = join(folder, 'evidence.json');
  writeFileSync(file, typeof evidence === 'string' ? evidence : JSON.stringify(evidence));
  const { code, output } = await run(['node', 'scripts/verify.ts', file, ...args]);
  return { code, output };
}

test('npm run verify says of evidence whether every sentence holds, and else which one broke', async () => {
  const evidence = writeLog(life);
  const lines = [
    `It verifies: ${evidence.entries.length} entries, every sentence kept.`,
    'By them the contract is: Cancelled.',
  ];
  const service_key = evidence.service_keys?.at(-1)?.record.key ?? '';
  const known = await verify(evidence, '--service-key', service_key);
  expect(known).toEqual({ code: 0, output: `${lines.join('\n')}\n` });
  const { code, output } = await verify(evidence);
  expect([code, output.split('\n').slice(0, 2)]).toEqual([0, lines]);
  expect(output).toContain(`the file's own key, ${service_key}`);
  const cut = { ...evidence, entries: evidence.entries.slice(0, 2) };
  expect((await verify(cut)).code).toBe(0);
  const held = await verify(cut, '--head', 'a'.repeat(64));
  expect(held).toMatchObject({
    code: 1,
    output: expect.stringContaining('It ends with another') as string,
  });
  const [first, ...rest] = evidence.entries;
  const forged = { ...evidence, entries: [{ ...first, signature: '0'.repeat(128) }, ...rest] };
  expect(await verify(forged)).toMatchObject({
    code: 1,
    output: expect.stringContaining('it breaks at entry 0') as string,
  });
});

test('npm run verify answers a wrong use with a sentence', async () => {
  expect(await verify('no evidence')).toMatchObject({
    code: 2,
    output: expect.stringContaining('cannot be read as evidence') as string,
  });
  expect((await verify('{}')).code).toBe(1);
  const { code, output } = await run(['node', 'scripts/verify.ts']);
  expect([code, output]).toEqual([2, expect.stringContaining('npm run verify -- FILE')]);
});
