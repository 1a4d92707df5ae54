import type { FastifyInstance } from 'fastify';
import type { Kysely, Transaction } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { Schema } from './db/schema.ts';
import type { Clock } from './lib/clock.ts';
import type { EffectKind, Known, Outcome, PaceName, PayloadOf, ReplyOf } from './lib/effects.ts';
import type { Hub } from './lib/hub.ts';
import type { Topic, Topics } from './lib/topics.ts';
import type { TokenUses } from './lib/token-uses.ts';
import type { Views } from './lib/views.ts';
import type { ServiceKey } from './lib/service-key.ts';
import type { WebhookKey } from './lib/webhook-signing.ts';
import type { IcpPort } from './ports/icp.ts';
import type { MailPort } from './ports/mail.ts';
import type { PaymentsPort } from './ports/payments.ts';
import type { RatesPort } from './ports/rates.ts';
import type { VatPort } from './ports/vat.ts';
import type { WebhookPort } from './ports/webhooks.ts';
import type { SearchIndex } from './search/index-port.ts';

/** The outbox worker, as the rest of the process sees it. */
export interface Worker {
  /** Says that there may be news; cheap, and never waits. */
  wake(): void;
  /** Whether it has looked for news lately. */
  isAlive(): boolean;
}

/** What is outside; null where the settings name none. */
export interface Ports {
  /** The chain of the Internet Computer that is followed. */
  readonly icp: IcpPort | null;
  /** Whoever carries mail. */
  readonly mail: MailPort | null;
  /** Whoever takes payments by card. */
  readonly payments: PaymentsPort | null;
  /** Whoever says what currencies are worth. */
  readonly rates: RatesPort | null;
  /** Whoever knows which VAT ids there are. */
  readonly vat: VatPort | null;
  /** Whoever brings events to the addresses that accounts name. */
  readonly webhooks: WebhookPort;
}

/** What every handler, service and job may use, whatever it does to the database. */
export interface Tools {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly serviceKey: ServiceKey;
  readonly webhookKey: WebhookKey;
  readonly hub: Hub;
  readonly worker: Worker;
  /** What is listed, as the marketplace finds it; it follows the commits within a second. */
  readonly search: SearchIndex;
  readonly views: Views;
  readonly tokenUses: TokenUses;
}

/** For what only reads. */
export interface ReadCtx extends Tools {
  readonly db: Kysely<Schema>;
}

/** For what writes: everything it does to the database goes through the one transaction. */
export interface WriteCtx extends Tools {
  readonly tx: Transaction<Schema>;
}

/** For what reaches the outside, while no transaction is open. */
export interface PortCtx extends ReadCtx {
  readonly ports: Ports;
}

/** Everything the process has; each function takes the part it needs with `Pick`. */
export interface Deps extends PortCtx {
  readonly database: Database;
  /** Runs `work` in one write transaction; resolves after the commit, and wakes the worker. */
  write<T>(work: (ctx: WriteCtx) => Promise<T>): Promise<T>;
}

/** Takes news of one topic; answers the accounts whose streams have news of it. */
type NewsHandler<T extends Topic> = (
  ctx: WriteCtx,
  payload: Topics[T],
) => Promise<readonly string[]>;

/**
 * What follows from news inside our own database. It has a cursor of its own in the outbox, and
 * takes its topics in order. Its cursor and what its handlers write are one transaction: each row
 * has its effect exactly once, though a handler may be called again for what was undone. One that
 * throws keeps its own consumer at that row, and no other.
 */
export interface Consumer {
  /** The name of its cursor. It begins at the end; who renames it or takes it out migrates that. */
  readonly name: string;
  readonly handlers: { readonly [T in Topic]?: NewsHandler<T> };
}

/** Does what is due, until it is told to stop; answers how much there was. */
export type Sweeper = (deps: Deps, signal?: AbortSignal) => Promise<number>;

/** Work of one kind that falls due by the clock. */
export interface DueWork {
  /** Its name in the table and on the admins' page, such as `contract.move`. */
  readonly kind: string;
  /** Ids of what is due, the longest overdue first, without what `isFree` leaves out. */
  readonly list: (db: ReadCtx['db'], now: string, limit: number) => Promise<string[]>;
  /**
   * Does one thing, in a transaction of its own. It looks whether the thing is still due: somebody
   * may have moved it since it was listed.
   */
  readonly run: (ctx: WriteCtx, id: string) => Promise<void>;
}

/** What a port is asked for. By the id the outside knows the effect, however often it is called. */
export interface EffectAsk<Payload> {
  readonly id: string;
  readonly payload: Payload;
  /** How often in a row it came to nothing before, and when the first call of those was. */
  readonly attempts: number;
  readonly called_at: string | null;
  readonly signal: AbortSignal;
}

type AskPort<Kind extends EffectKind> = (
  ctx: PortCtx,
  ask: EffectAsk<PayloadOf<Kind>>,
) => Promise<Outcome<ReplyOf<Kind>>>;

/** That a call came to nothing. */
export interface EffectFailure<Reply> {
  readonly reason: string;
  readonly reply: Reply | null;
  /** When it is called again, as ISO time; null where it is given up. */
  readonly again_at: string | null;
}

/** How what one transaction wants of the outside is done, with no transaction open meanwhile. */
interface Effect<Kind extends EffectKind> {
  readonly kind: Kind;
  /** How many at once, and how it is tried again; at the usual one where it names none. */
  readonly pace?: PaceName;
  /** A call without an answer for so long is ended, and what came of it is unknown. */
  readonly time_limit_ms: number;
  /** What throws is unknown. */
  readonly call: AskPort<Kind>;
  /** Asks what came of an earlier call, where the port can tell; else it is called again. */
  readonly ask?: AskPort<Kind>;
  /** What follows, in the transaction that ends the effect: exactly once. */
  readonly onOutcome: (
    ctx: WriteCtx,
    effect: { readonly id: string; readonly payload: PayloadOf<Kind> },
    outcome: Known<ReplyOf<Kind>>,
  ) => Promise<void>;
  /** What follows from a call that came to nothing, in the transaction that keeps it. */
  readonly onFailure?: (
    ctx: WriteCtx,
    effect: { readonly id: string; readonly payload: PayloadOf<Kind> },
    failure: EffectFailure<ReplyOf<Kind>>,
  ) => Promise<void>;
}

export type AnyEffect = { [Kind in EffectKind]: Effect<Kind> }[EffectKind];

/** What a module's `index.ts` gives to the app: its routes and its jobs, where it has some. */
export interface Module {
  readonly name: string;
  readonly routes?: (app: FastifyInstance) => void;
  readonly consumers?: readonly Consumer[];
  readonly sweepers?: readonly Sweeper[];
  readonly due?: readonly DueWork[];
  readonly effects?: readonly AnyEffect[];
}
