import { parseArgs } from 'node:util';
import { createBerth } from '@berth/sdk';
import { everywhere, type Command, type Context, type Given } from './command.ts';
import { commands } from './commands.ts';
import { completionsFor } from './completions.ts';
import { exitOf, exits, stop } from './exits.ts';
import { helpOf, helpText } from './help.ts';
import type { Store } from './store.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_ORIGIN = 'http://localhost:3000';
const HERE = ['localhost', '127.0.0.1', '[::1]'];

/** What the machine gives a command. */
export interface Machine {
  terminal: Terminal;
  store: Store;
  host: string;
  env: Readonly<Record<string, string>>;
  /** As the environment names them. */
  origin: string | undefined;
  token: string | undefined;
}

/** The command that the first words name, and the words after them. */
function findCommand(args: readonly string[]): { command: Command; rest: string[] } | null {
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(' ');
    const command = commands.find((one) => one.name === name);
    if (command) return { command, rest: args.slice(length) };
  }
  return null;
}

function read(command: Command, args: string[]): { given: Given; origin: string | undefined } {
  const options = { ...command.options, ...everywhere };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const given: Given = {
    words: positionals,
    text,
    count(name) {
      const said = text(name);
      if (said !== undefined && !/^[1-9]\d{0,8}$/.test(said)) {
        throw stop('wrong_use', `--${name} takes a whole number, not "${said}".`);
      }
      return said === undefined ? undefined : Number(said);
    },
    list: (name) => [values[name] ?? []].flat().filter((one) => typeof one === 'string'),
    has: (name) => values[name] === true,
  };
  return { given, origin: text('origin') };
}

function refuseWords({ name, takes }: Command, { words, has }: Given): void {
  if (has('help')) return;
  const least = takes.filter((one) => !one.startsWith('[')).length;
  const most = takes.some((one) => one.includes('...')) ? Infinity : takes.length;
  if (words.length < least || words.length > most) {
    throw stop('wrong_use', `It is used as: berth ${[name, ...takes].join(' ')}`);
  }
}

/** Whoever sees a token may use it, so it crosses no network in the clear. */
function checkOrigin(origin: string): void {
  if (!URL.canParse(origin)) throw stop('wrong_use', `"${origin}" is no address.`);
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:' || (protocol === 'http:' && HERE.includes(hostname))) return;
  throw stop('wrong_use', `${origin}: Berth is asked by https, on this machine also by http.`);
}

function contextOf(machine: Machine, asked: string | undefined): Context {
  const { terminal, store, host, env, token } = machine;
  const signedIn = token === undefined ? store.find() : null;
  const elsewhere = asked ?? machine.origin;
  if (token !== undefined && elsewhere === undefined) {
    throw stop('wrong_use', 'Say where the token is for: BERTH_ORIGIN, or --origin.');
  }
  const origin = elsewhere ?? signedIn?.device.origin ?? DEFAULT_ORIGIN;
  checkOrigin(origin);
  // A device is of one origin; at another nobody is signed in.
  const device = signedIn?.device.origin === new URL(origin).origin ? signedIn.device : undefined;
  const who =
    token !== undefined ? { token } : device !== undefined ? { device, sessions: store } : {};
  return {
    terminal,
    store,
    host,
    env,
    origin: new URL(origin).origin,
    berth: createBerth({ origin, ...who }),
  };
}

/** Runs a command; answers what the process exits with. */
export async function run(args: readonly string[], machine: Machine): Promise<number> {
  const { terminal } = machine;
  try {
    if (args.length === 0 || args[0] === '--help' || args[0] === 'help') {
      terminal.block(helpText());
      return args.length === 0 ? exits.wrong_use.code : exits.done.code;
    }
    if (args[0] === 'completions') {
      terminal.block(completionsFor(args[1]));
      return exits.done.code;
    }
    const found = findCommand(args);
    if (found === null) {
      // Not what follows: it may be a secret that was meant for a pipe.
      throw stop('wrong_use', `There is no command "${args[0]}": berth --help`);
    }
    const { given, origin } = read(found.command, found.rest);
    refuseWords(found.command, given);
    if (given.has('help')) terminal.block(helpOf(found.command));
    else await found.command.run(contextOf(machine, origin), given);
    return exits.done.code;
  } catch (error) {
    return tell(error, args, terminal);
  }
}

/** What it is to take apart an answer that is not as Berth makes them. */
const NOT_AN_ANSWER = 'The answer is not one that this program can read. Is the address right?';

function tell(error: unknown, args: readonly string[], terminal: Terminal): number {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code.startsWith('ERR_PARSE_ARGS')) {
    terminal.note(`${message.split('. ')[0]}. See berth --help`);
    return exits.wrong_use.code;
  }
  const name = code === 'ENOENT' ? 'wrong_use' : exitOf(error);
  const { problem } = error as { problem?: object };
  if (args.includes('--json') && problem !== undefined) terminal.note(JSON.stringify(problem));
  else terminal.note(error instanceof TypeError ? NOT_AN_ANSWER : String(message));
  if (name === 'signed_out') terminal.note('Sign in with: berth login');
  return exits[name].code;
}
