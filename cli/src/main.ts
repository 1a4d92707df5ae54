#!/usr/bin/env node
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { exits } from './exits.ts';
import { run } from './run.ts';
import { openStore } from './store.ts';
import { makeTerminal } from './terminal.ts';

const { env, stdin, stdout, stderr } = process;
const terminal = makeTerminal({ input: stdin, output: stdout, errors: stderr }, !!env['NO_COLOR']);

process.once('SIGINT', () => {
  terminal.note('Stopped.');
  process.exit(exits.interrupted.code);
});
// Whoever reads the answer may have seen enough, as `head` has.
stdout.on('error', () => process.exit(exits.done.code));

process.exitCode = await run(process.argv.slice(2), {
  terminal,
  store: openStore(env['XDG_CONFIG_HOME'] || join(homedir(), '.config')),
  host: hostname(),
  env: { PATH: env['PATH'] ?? '', HOME: homedir(), LANG: env['LANG'] ?? 'C' },
  origin: env['BERTH_ORIGIN'] || undefined,
  token: env['BERTH_TOKEN'] || undefined,
});
