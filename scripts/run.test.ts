import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, run } from './lib/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-run-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A command that starts a server, which writes down its process id and never ends by itself. */
const serving = (file: string): string[] => {
  const server = `
    require('node:http').createServer().listen(0, '127.0.0.1');
    require('node:fs').writeFileSync(process.argv[1], String(process.pid));`;
  return ['sh', '-c', 'node -e "$1" "$2" & wait', 'sh', server, file];
};

async function serverOf(file: string): Promise<number> {
  await expect.poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : '')).toMatch(/\d/);
  return Number(readFileSync(file, 'utf8'));
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.each(['SIGINT', 'SIGKILL'] as const)(
  'what a command has started ends with who ran the command, after %s',
  async (signal) => {
    const file = join(folder, 'pid');
    const runner = spawn(process.execPath, [
      '--eval',
      `import(process.argv[1]).then(({ run }) => run(JSON.parse(process.argv[2])))`,
      join(ROOT, 'scripts/lib/run.ts'),
      JSON.stringify(serving(file)),
    ]);
    const server = await serverOf(file);
    expect(isRunning(server)).toBe(true);
    const ended = once(runner, 'exit');
    runner.kill(signal);
    await ended;
    await expect.poll(() => isRunning(server), { timeout: 20_000 }).toBe(false);
  },
);

test('what a command has started ends with it when it takes too long', async () => {
  const file = join(folder, 'pid');
  const ran = run(serving(file), { timeout_ms: 10 });
  const { code } = await ran;
  expect(code).not.toBe(0);
  if (existsSync(file)) {
    await expect.poll(() => isRunning(Number(readFileSync(file, 'utf8')))).toBe(false);
  }
});

test('a command’s code and words are told, and those of one that is not there', async () => {
  expect(await run(['sh', '-c', 'echo one; echo two >&2; exit 3'])).toEqual({
    code: 3,
    output: 'one\ntwo\n',
  });
  const { code, output } = await run(['no-such-command']);
  expect(code).toBe(1);
  expect(output).toContain('no-such-command');
});
