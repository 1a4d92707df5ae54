/**
 * Imports the chain on the Internet Computer: `npm run icp -- import`. HELP says the rest.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeFileIcp } from '../api/src/adapters/icp-file/index.ts';
import { readConfig, type Config } from '../api/src/config.ts';
import type { Deps } from '../api/src/context.ts';
import { migrate } from '../api/src/db/migrate.ts';
import { DATABASE_FILE, openDeps, openPorts } from '../api/src/deps.ts';
import { isStartError, startError } from '../api/src/lib/start-error.ts';
import { importIcp, type RunReport } from '../api/src/modules/icp-import/index.ts';
import type { IcpPort } from '../api/src/ports/icp.ts';
import { makeProgress, makeSummary } from './lib/icp-words.ts';

const HELP = `npm run icp -- import [--file PATH] [--follow] [--dry-run]

Imports what is new on the Internet Computer since the last import, and goes on where that ended.

  --file PATH  read blocks from a file instead of the canister
  --follow     go on as the Internet Computer grows, until Ctrl-C
  --dry-run    read and check everything from there on, and write nothing

ICP_CANISTER and ICP_HOST say which canister is read (for Decent Cloud
ggi4a-wyaaa-aaaai-actqq-cai at https://icp-api.io); DATA_DIR or DATABASE_URL where
it goes. One process imports at a time, whether it is this one or a running Berth.

Exit codes: 0 imported, 1 another error, 2 wrong use, 3 the Internet Computer is a fork of what
was imported, 4 a block cannot be read, 5 the Internet Computer cannot be reached, 6 another
process is importing.
`;
const SEE_HELP = 'npm run icp -- --help says how it is used.';
const FOLLOW_EVERY_MS = 10_000;
const WRONG_USE = 2;

const EXIT_CODES: Record<RunReport['outcome'], number> = {
  done: 0,
  stopped: 0,
  failed: 1,
  fork: 3,
  broken_block: 4,
  unreachable: 5,
  busy: 6,
};

interface Ask {
  file: string | null;
  follow: boolean;
  dry_run: boolean;
}

/** What was asked for, null for the help; throws a sentence about a wrong use. */
function readAsk(args: string[]): Ask | null {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      follow: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const [command, ...rest] = positionals;
  if (command !== 'import' || rest.length > 0) {
    throw startError(`Say what to do: npm run icp -- import. ${SEE_HELP}`);
  }
  if (values.follow && values['dry-run']) {
    throw startError('--dry-run looks once; leave --follow out.');
  }
  return { file: values.file ?? null, follow: values.follow, dry_run: values['dry-run'] };
}

function openPort({ file }: Ask, config: Config): { port: IcpPort; source: string } {
  if (file !== null) {
    const path = resolve(process.env['INIT_CWD'] ?? '.', file);
    if (!existsSync(path) || !statSync(path).isFile()) {
      throw startError(`--file is "${file}", but there is no such file.`);
    }
    return { port: makeFileIcp(path), source: path };
  }
  const { icp: port } = openPorts(config);
  if (port !== null) return { port, source: config.icp_canister ?? '' };
  throw startError('Set ICP_CANISTER to the canister to read, or name a file with --file PATH.');
}

/** A dry run where nothing was imported yet looks at an empty database that nobody keeps. */
function homeOf({ dry_run }: Ask, config: Config): { config: Config; leave: () => void } {
  const isThere = config.database_url !== null || existsSync(join(config.data_dir, DATABASE_FILE));
  if (!dry_run || isThere) return { config, leave: () => undefined };
  const data_dir = mkdtempSync(join(tmpdir(), 'berth-icp-'));
  const leave = () => {
    rmSync(data_dir, { recursive: true });
  };
  return { config: { ...config, data_dir }, leave };
}

async function run(ask: Ask, deps: Deps, config: Config, isKept: boolean): Promise<number> {
  const { port, source } = openPort(ask, config);
  if (!ask.dry_run || !isKept) await migrate(deps);
  const ending = new AbortController();
  const stop = () => {
    ending.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const { signal } = ending;
  const summary = makeSummary(ask.dry_run);
  const progress = makeProgress(process.stderr);
  const onProgress = progress.tell;
  const onEntry = summary.add;
  const options = { port, source, signal, dry_run: ask.dry_run, asked: true, onProgress, onEntry };
  let report = await importIcp(deps, options);
  while (ask.follow && report.outcome === 'done' && !signal.aborted) {
    await wait(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) report = await importIcp(deps, { ...options, asked: false });
  }
  if (!ask.dry_run) await deps.database.analyze();
  progress.end();
  process.stdout.write(summary.text(report));
  if (report.detail !== null) process.stderr.write(`${report.detail}\n`);
  return EXIT_CODES[report.outcome];
}

async function main(args: string[]): Promise<number> {
  const ask = readAsk(args);
  if (ask === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const wanted = readConfig();
  openPort(ask, wanted);
  const { config, leave } = homeOf(ask, wanted);
  const deps = await openDeps({ config: { ...config, log_level: 'silent' } });
  try {
    return await run(ask, deps, config, config === wanted);
  } finally {
    await deps.close();
    leave();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const isWrongUse = isStartError(error) || code.startsWith('ERR_PARSE_ARGS');
  if (!isWrongUse) throw error;
  const { message } = error as Error;
  const [first = ''] = message.split('. ');
  process.stderr.write(isStartError(error) ? `${message}\n` : `${first}. ${SEE_HELP}\n`);
  process.exitCode = WRONG_USE;
}
