/**
 * The API and the website's dev server side by side; when one stops, so does the other. The script
 * that opens the API is named: `node scripts/dev.ts scripts/demo.ts`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { childEnv, ROOT } from './lib/run.ts';

const [, , opens = 'api/src/main.ts'] = process.argv;
const API_PORT = process.env.PORT ?? '3000';
const WEBSITE_ORIGIN = 'http://localhost:5173';

const start = (command: string, args: string[], cwd: string): ChildProcess =>
  spawn(command, args, {
    cwd: join(ROOT, cwd),
    stdio: 'inherit',
    env: childEnv({
      PORT: API_PORT,
      API_ORIGIN: `http://127.0.0.1:${API_PORT}`,
      PUBLIC_ORIGIN: WEBSITE_ORIGIN,
      WEBSITE_BUILD: 'off',
    }),
  });

const children = [
  start('node', ['--watch', '--watch-preserve-output', opens], '.'),
  start('vite', ['dev', '--strictPort'], 'website'),
];

function stopAll(): void {
  for (const child of children) child.kill('SIGTERM');
}

for (const child of children) child.on('exit', stopAll);
process.on('SIGINT', stopAll);
process.on('SIGTERM', stopAll);
console.log(`Open ${WEBSITE_ORIGIN}`);
