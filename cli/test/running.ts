import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../src/main.ts');

/** Starts the command with a folder of settings of its own. */
export function startIn(
  home: string,
  args: string[],
  more: NodeJS.ProcessEnv = {},
  /** A word for the shell that starts it, as `ulimit -f 0`. */
  limit = ':',
) {
  const env = { ...process.env, XDG_CONFIG_HOME: home, NO_COLOR: '1', ...more };
  const words = [process.execPath, MAIN, ...args];
  return spawn('/bin/sh', ['-c', `${limit}; exec "$@"`, 'berth', ...words], { env });
}

/** Runs it to its end; its streams are pipes, as a script has them. */
export async function runIn(
  home: string,
  args: string[],
  input = '',
  more?: NodeJS.ProcessEnv,
  limit?: string,
) {
  const child = startIn(home, args, more, limit);
  const kept = { out: '', err: '' };
  child.stdout.on('data', (text) => (kept.out += String(text)));
  child.stderr.on('data', (text) => (kept.err += String(text)));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...kept };
}
