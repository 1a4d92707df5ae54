import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from '../../api/test/people.ts';
import { childEnv, ROOT } from './run.ts';

const READY_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 20;
const LOCALHOST = '127.0.0.1';

/** A running API process of its own. */
export interface Berth {
  readonly origin: string;
  /** From its start until it said that it is ready. */
  readonly ready_ms: number;
  /** Speaks to it over HTTP as tests speak to an app in-process. */
  readonly server: Server;
  /** Stops it with no chance to tidy up, and waits until it is gone. */
  kill(): Promise<void>;
}

async function waitUntilReady(origin: string, child: ChildProcess): Promise<void> {
  const until_ms = performance.now() + READY_WITHIN_MS;
  while (performance.now() < until_ms && child.exitCode === null) {
    const reply = await fetch(`${origin}/api/v1/health/ready`).catch(() => null);
    if (reply?.ok) return;
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
  }
  throw new Error(`Berth at ${origin} did not become ready`);
}

/** What tests pass to `app.inject`. */
interface Injected {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: object;
}

/** One request over HTTP, answered in the shape of `app.inject`. */
async function ask(origin: string, { method, url, headers, payload }: Injected) {
  const reply = await fetch(`${origin}${url}`, {
    method,
    headers: {
      ...headers,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
  });
  const text = await reply.text();
  return {
    statusCode: reply.status,
    headers: Object.fromEntries(reply.headers),
    payload: text,
    json: () => JSON.parse(text) as unknown,
  };
}

/**
 * Starts the API on its sources and this data, without limits of rate, and waits for it. The port
 * is part of its origin: on another one the sessions of before are over.
 */
export async function startBerth(data_dir: string, port: number): Promise<Berth> {
  const origin = `http://${LOCALHOST}:${port}`;
  const started_ms = performance.now();
  const child = spawn('node', ['api/src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: childEnv({
      PORT: String(port),
      DATA_DIR: data_dir,
      DEMO: 'off',
      LOG_LEVEL: 'error',
      RATE_LIMITS: 'off',
      WEBSITE_BUILD: 'off',
    }),
  });
  await waitUntilReady(origin, child);
  const inject = (request: Injected) => ask(origin, request);
  return {
    origin,
    ready_ms: performance.now() - started_ms,
    server: {
      app: { inject } as unknown as Server['app'],
      clock: { now: () => new Date().toISOString(), nowMs: () => Date.now() },
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
