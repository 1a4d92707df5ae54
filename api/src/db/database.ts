import type { Kysely, Transaction } from 'kysely';
import type { Logger } from 'pino';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

export type Dialect = 'sqlite' | 'postgres';

/** Runs SQL of several statements, inside the write transaction it was given with. */
export type RunScript = (sql: string) => Promise<void>;

/** One shape over both databases. */
export interface Database {
  readonly dialect: Dialect;
  /** For reads outside a transaction. Writing through it is refused. */
  readonly read: Kysely<Schema>;
  /**
   * Runs `work` in one write transaction and resolves after its commit; an error rolls it back.
   * Inside use only `tx`, and await nothing but it: on SQLite every other write waits.
   * Throws the problems `service.busy` and `service.disk_full`.
   */
  write<T>(work: (tx: Transaction<Schema>, runScript: RunScript) => Promise<T>): Promise<T>;
  /** Brings the planner's statistics up to date: for after many rows were written at once. */
  analyze(): Promise<void>;
  /** Waits for the writes that have begun. */
  close(): Promise<void>;
}

export interface OpenOptions {
  log: Logger;
  /** Called when the disk refused to keep a commit: what was said to be kept may be gone. */
  onLostWrite: (error: unknown) => void;
  /** On SQLite, whether a thread does what commits would do now and then: for a server. */
  checkpoints_apart?: boolean;
}
