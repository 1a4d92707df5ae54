import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../test/port.ts';
import { demoIdentities, demoWelcome } from '@berth/shared/platform/demo';

let data_dir: string;
beforeEach(() => {
  data_dir = mkdtempSync(join(tmpdir(), 'berth-main-'));
});
afterEach(() => {
  rmSync(data_dir, { recursive: true });
});

interface Started {
  /** Resolves when the process says so, or has ended. */
  open: Promise<void>;
  stop(): void;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

function start(port: number, settings: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATA_DIR: data_dir,
      WEBSITE_BUILD: 'off',
      LOG_LEVEL: 'warn',
      ...settings,
    },
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
  const open = new Promise<void>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
      if (out.includes('Berth is open at')) resolve();
    });
    child.on('close', () => {
      resolve();
    });
  });
  return { open, ended, stop: () => child.kill('SIGTERM') };
}

const about = async (port: number) =>
  (await (await fetch(`http://127.0.0.1:${port}/api/v1/platform`)).json()) as {
    service_key: string;
  };

test('it starts, serves, stops on SIGTERM, and starts again as the same service', async () => {
  const port = await freePort();
  const keys: string[] = [];
  for (let time = 0; time < 2; time++) {
    const berth = start(port);
    await berth.open;
    const ready = await fetch(`http://127.0.0.1:${port}/api/v1/health/ready`);
    expect(ready.status).toBe(200);
    keys.push((await about(port)).service_key);
    berth.stop();
    const { code, out, err } = await berth.ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Berth is open at http://localhost:${port}\n`);
  }
  expect(keys[0]).toBe(keys[1]);
});

test('it stops by itself when its key was replaced, and starts again with the new one', async () => {
  const port = await freePort();
  const berth = start(port);
  await berth.open;
  const before = (await about(port)).service_key;
  const admin = join(import.meta.dirname, '../../scripts/admin.ts');
  const env = { PATH: process.env['PATH'], DATA_DIR: data_dir };
  const command = spawn(process.execPath, [admin, 'rotate-service-key'], { env });
  await new Promise((resolve) => command.on('close', resolve));
  expect((await berth.ended).code).toBe(0);
  const again = start(port);
  await again.open;
  expect((await about(port)).service_key).not.toBe(before);
  again.stop();
  await again.ended;
  // A key that the database does not know stops the start with a sentence.
  writeFileSync(join(data_dir, 'service.key'), `${'5e'.repeat(32)}\n`);
  expect((await start(port).ended).err).toContain('this database was signed with');
}, 60_000);

test('a demo says where to open it and by which phrases to step in', async () => {
  const port = await freePort();
  const berth = start(port, { DEMO: 'on' });
  await berth.open;
  berth.stop();
  const { out } = await berth.ended;
  expect(out).toContain(`${demoWelcome(`http://localhost:${port}`)}\n`);
  for (const { phrase } of demoIdentities) expect(out).toContain(phrase);
});

test('a port that is taken stops the start with a sentence', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, err } = await start(port).ended;
  server.close();
  expect(code).toBe(1);
  expect(err).toBe(`PORT is ${port}, but another program listens there; choose another.\n`);
});

test('a website that was not built stops the start with a sentence', async () => {
  const { code, err } = await start(0, { WEBSITE_BUILD: data_dir }).ended;
  expect(code).toBe(1);
  expect(err).toContain('but no built website is there');
});
