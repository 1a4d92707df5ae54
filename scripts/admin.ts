/**
 * Makes an account an admin, on the machine: `npm run admin -- grant HANDLE`. HELP says the rest.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, type Config } from '../api/src/config.ts';
import type { Deps } from '../api/src/context.ts';
import { migrate } from '../api/src/db/migrate.ts';
import { isPresentKey, replaceServiceKey } from '../api/src/db/service-keys.ts';
import { DATABASE_FILE, openDeps } from '../api/src/deps.ts';
import { loadNextKey, takeNextKey } from '../api/src/lib/service-key.ts';
import { isStartError, startError } from '../api/src/lib/start-error.ts';
import { listAdmins, setAdmin } from '../api/src/modules/admin/index.ts';

const HELP = `npm run admin -- grant HANDLE | revoke HANDLE | list | rotate-service-key

  grant HANDLE   make that account an admin: it sees /admin and may start an import
  revoke HANDLE  make it an account like any other again, from its next request on
  list           say who is an admin
  rotate-service-key
                 make a new key in DATA_DIR/service.key, which the present one signs;
                 a running Berth stops by itself and is to be started again. Old logs
                 verify under the old key; people sign in anew, by their devices.

DATA_DIR or DATABASE_URL say where the accounts are, as for a running Berth, which may
go on meanwhile. Granting and revoking are written into the log that admins see and
nobody can change.

Exit codes: 0 done, or it was so already, 1 another error, 2 wrong use, 3 no account
that can be made an admin has that handle.
`;
const SEE_HELP = 'npm run admin -- --help says how it is used.';
const WRONG_USE = 2;
const NO_ACCOUNT = 3;

type Ask =
  { act: 'grant' | 'revoke'; handle: string } | { act: 'list' } | { act: 'rotate-service-key' };

/** What was asked for, null for the help; throws a sentence about a wrong use. */
function readAsk(args: string[]): Ask | null {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return null;
  const [act, handle, ...rest] = positionals;
  if ((act === 'list' || act === 'rotate-service-key') && handle === undefined) return { act };
  const isGrant = act === 'grant' || act === 'revoke';
  if (isGrant && handle !== undefined && rest.length === 0) {
    return { act, handle: handle.replace(/^@/, '').toLowerCase() };
  }
  throw startError(
    `Say what to do: grant HANDLE, revoke HANDLE, list or rotate-service-key. ${SEE_HELP}`,
  );
}

function refuseNowhere({ database_url, data_dir }: Config): void {
  if (database_url !== null || existsSync(join(data_dir, DATABASE_FILE))) return;
  throw startError(`DATA_DIR is ${data_dir}, but no database of Berth is there.`);
}

/**
 * Replaces the service key. What was cut short goes on where it stopped: the new key is a file
 * first, then in the database, then in the place of the old one.
 */
async function rotate(deps: Deps): Promise<number> {
  const { data_dir, service_key } = deps.config;
  if (service_key !== null) {
    throw startError(
      'SERVICE_KEY holds the key. Write it into DATA_DIR/service.key, which only you can read, ' +
        'run this without SERVICE_KEY, and set it to what that file holds then.',
    );
  }
  const [from, to] = [deps.serviceKey, loadNextKey(data_dir)];
  if (!(await isPresentKey(deps.db, to)) || (await isPresentKey(deps.db, from))) {
    await deps.write((ctx) => replaceServiceKey(ctx.tx, { from, to, at: ctx.clock.now() }));
  }
  takeNextKey(data_dir);
  process.stdout.write(`The service key is ${to.public_key} now; start Berth again.\n`);
  return 0;
}

async function run(ask: Ask, deps: Deps): Promise<number> {
  if (ask.act === 'rotate-service-key') return rotate(deps);
  if (ask.act === 'list') {
    const admins = await listAdmins(deps);
    const lines = admins.map(({ handle, display_name }) => `${handle} (${display_name})`);
    process.stdout.write(`${lines.join('\n') || 'Nobody is an admin.'}\n`);
    return 0;
  }
  const { act, handle } = ask;
  const isGrant = act === 'grant';
  const granting = await deps.write((ctx) => setAdmin(ctx, handle, isGrant));
  const is = isGrant ? 'an admin' : 'no admin';
  if (granting === 'changed' || granting === 'as_it_was') {
    const when = granting === 'changed' ? (isGrant ? 'now' : 'any more') : 'already';
    process.stdout.write(`${handle} is ${is} ${when}.\n`);
    return 0;
  }
  const why =
    granting === 'unclaimed'
      ? `The Internet Computer brought ${handle}, and its owner has not signed in here yet.`
      : `No account has the handle ${handle}.`;
  process.stderr.write(`${why}\n`);
  return NO_ACCOUNT;
}

async function main(args: string[]): Promise<number> {
  const ask = readAsk(args);
  if (ask === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const config = readConfig();
  refuseNowhere(config);
  const deps = await openDeps({ config: { ...config, log_level: 'silent' } });
  try {
    await migrate(deps);
    return await run(ask, deps);
  } finally {
    await deps.close();
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
