import type { Berth } from '@berth/sdk';
import type { Store } from './store.ts';
import type { Terminal } from './terminal.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly about: string;
  /** What stands for its value in help. */
  readonly value?: string;
  readonly multiple?: true;
}

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly store: Store;
  /** Where Berth is. */
  readonly origin: string;
  /** As whoever is signed in, by the token that is set, or as a guest. */
  readonly berth: Berth;
  /** The name of this machine, for its label. */
  readonly host: string;
  /** What of the environment programs need that are started here. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Given {
  /** Positionals by their place. */
  readonly words: readonly string[];
  text(name: string): string | undefined;
  /** A whole number above 0. Stops at another. */
  count(name: string): number | undefined;
  list(name: string): string[];
  has(name: string): boolean;
}

/** One command: parsing, help, completions and docs/cli.md are made of these. */
export interface Command {
  /** Its words, as `contracts list`. */
  readonly name: string;
  /** Its positionals: `CONTRACT`, `[FILE]`, `WORDS...`. */
  readonly takes: readonly string[];
  readonly about: string;
  readonly options?: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
  readonly run: (context: Context, given: Given) => Promise<void>;
}

/** What every command takes. */
export const everywhere: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', about: 'answer in JSON, for programs' },
  origin: { type: 'string', value: 'URL', about: 'where Berth is, else as signed in' },
  help: { type: 'boolean', about: 'say how it is used' },
};

export const signs: Readonly<Record<string, Option>> = {
  yes: { type: 'boolean', about: 'sign without a question, for scripts' },
};

/** Prints JSON where it was asked for, else what `show` prints. */
export function answer(
  { terminal }: Context,
  given: Given,
  value: unknown,
  show: () => void,
): void {
  if (given.has('json')) terminal.json(value);
  else show();
}
