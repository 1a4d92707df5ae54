import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

const KEEPER = join(ROOT, 'scripts/lib/keeper.ts');
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
  /** The exit code; null when it was stopped for taking too long. */
  code: number | null;
  /** What it printed, both streams in order. */
  output: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  timeout_ms?: number;
}

/**
 * Runs a command below the root and keeps what it prints. It and all that it starts are stopped
 * when it takes too long, and when this process ends.
 */
export function run(command: string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd = '.', env = {}, timeout_ms } = options;
  return new Promise((done) => {
    const child = spawn(process.execPath, [KEEPER, ...command], {
      cwd: join(ROOT, cwd),
      env: childEnv(env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timers: NodeJS.Timeout[] = [];
    const after = (ms: number, signal: NodeJS.Signals) =>
      timers.push(
        setTimeout(() => {
          if (child.pid !== undefined) process.kill(-child.pid, signal);
        }, ms),
      );
    if (timeout_ms !== undefined) {
      after(timeout_ms, 'SIGINT');
      after(timeout_ms + GRACE_MS, 'SIGKILL');
    }
    child.on('close', (code) => {
      timers.forEach(clearTimeout);
      done({ code, output });
    });
  });
}
