import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

const TOOLS = [join(ROOT, 'node_modules/.bin'), join(ROOT, 'website/node_modules/.bin')];

/** The environment of a child: the tools of node_modules first, so that Node 24 runs everything. */
export const childEnv = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [...TOOLS, process.env.PATH].join(delimiter),
  ...extra,
});

/** So long a command may take to end by itself what it has started, such as a server. */
const GRACE_MS = 10_000;

export interface Ran {
  /** The exit code; null when it was stopped by a signal or could not be started. */
  code: number | null;
  /** What it printed, both streams in order. */
  output: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  timeout_ms?: number;
}

/** Runs a command below the root and keeps what it prints; stops it and its children in time. */
export function run([command, ...args]: string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd = '.', env = {}, timeout_ms } = options;
  return new Promise((done) => {
    const child = spawn(command ?? '', args, {
      cwd: join(ROOT, cwd),
      env: childEnv(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const send = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    };
    const stop = (): void => {
      send('SIGKILL');
    };
    const timers: NodeJS.Timeout[] = [];
    const after = (ms: number, signal: NodeJS.Signals) =>
      timers.push(setTimeout(() => send(signal), ms));
    if (timeout_ms !== undefined) {
      after(timeout_ms, 'SIGINT');
      after(timeout_ms + GRACE_MS, 'SIGKILL');
    }
    process.once('exit', stop);
    child.on('error', (error) => {
      output += `${error.message}\n`;
    });
    child.on('close', (code) => {
      timers.forEach(clearTimeout);
      process.off('exit', stop);
      done({ code, output });
    });
  });
}
