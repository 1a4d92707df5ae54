import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePort } from '../../api/test/port.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 60_000;

export interface BenchServer {
  origin: string;
  stop(): Promise<void>;
}

/** Starts the server that is measured on a data folder, and waits until it listens. */
export async function startServer(
  data_dir: string,
  env: Record<string, string> = {},
): Promise<BenchServer> {
  const port = await freePort();
  const child = spawn(process.execPath, ['scripts/bench/server.ts'], {
    cwd: PROJECT,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: data_dir,
      DATABASE_URL: '',
      PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
      DEMO: 'off',
      NODE_ENV: 'production',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  await new Promise<void>((done, fail) => {
    const timer = setTimeout(() => fail(new Error('The server did not start')), READY_TIMEOUT_MS);
    child.stdout.once('data', () => {
      clearTimeout(timer);
      done();
    });
    child.once('exit', (code) => fail(new Error(`The server ended with ${code}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { origin: `http://127.0.0.1:${port}`, stop };
}
