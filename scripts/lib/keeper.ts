/**
 * Runs the command that it is given and ends with its code. When who started it is gone, however
 * that came about, it stops the command and all that the command has started. It leads the process
 * group that they are in.
 */
import { spawn } from 'node:child_process';

/** So long they may take to end by themselves. */
const GRACE_MS = 10_000;
const [, , command = '', ...args] = process.argv;

const send = (signal: NodeJS.Signals): void => {
  process.kill(-process.pid, signal);
};
// A signal to the group is for the command; this process ends after it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  send('SIGTERM');
  setTimeout(() => send('SIGKILL'), GRACE_MS).unref();
});

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
