import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../api/test/port.ts';

test('a demo opens with a stand-in that takes cards, and ends with all it opened', async () => {
  const port = await freePort();
  const data_dir = mkdtempSync(join(tmpdir(), 'berth-demo-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'demo.ts')], {
    env: {
      ...process.env,
      ...{ PORT: String(port), DATA_DIR: data_dir, DEMO: 'on', NODE_ENV: 'test' },
      ...{ WEBSITE_BUILD: 'off', LOG_LEVEL: 'silent' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = Promise.withResolvers<number | null>();
  child.on('exit', (code) => ended.resolve(code));
  let said = '';
  for await (const part of child.stdout as AsyncIterable<Buffer>) {
    said += part.toString();
    if (said.includes('Berth is open')) break;
  }
  const about = await fetch(`http://127.0.0.1:${port}/api/v1/platform`);
  expect(await about.json()).toMatchObject({ payments: 'balance', demo: true });
  child.kill('SIGTERM');
  expect(await ended.promise).toBe(0);
  rmSync(data_dir, { recursive: true });
});
