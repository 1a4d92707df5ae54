import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../context.ts';
import { findStored, lockKey, store, trim } from '../db/idempotency.ts';
import type { AccountActor } from '../lib/actor.ts';

const MAX_KEY_LENGTH = 255;
/** A longer reply is not kept: a repeat is told that it was done, and nothing is done again. */
export const MAX_KEPT_REPLY_CHARS = 16_384;
/** Of one who acts for one account: the oldest answers go first, long before their day is over. */
const MAX_KEPT_ANSWERS = 5_000;
const MAX_KEPT_CHARS = 8 * 1024 * 1024;
/** Answers after which this process looks whether it has too many. */
const LOOK_EVERY = 500;
/** Those whose answers are counted; of more, the one that was counted first begins anew. */
const MAX_COUNTED = 10_000;
const NO_CONTENT = 204;
const KEY = /^[\x21-\x7e]+$/;

export interface Answer {
  status: number;
  /** The reply's JSON, empty for 204. */
  reply: string;
  /** Instead of the reply, of an answer that is no text and is not kept. */
  bytes?: Uint8Array;
}

type Replayed = Answer & { replayed: boolean };
type Stored = Answer & { request_hash: string };

/** Reads `Idempotency-Key`, quoted as in the draft or bare. */
export function readKey(header: string | string[] | undefined): string {
  const given = Array.isArray(header) ? '' : (header ?? '').trim();
  const key = /^".*"$/.test(given) ? given.slice(1, -1) : given;
  if (key.length > MAX_KEY_LENGTH || !KEY.test(key)) {
    throw problem(
      'idempotency.missing',
      `Send Idempotency-Key with up to ${MAX_KEY_LENGTH} visible characters, a new one per intent.`,
    );
  }
  return key;
}

/**
 * Answers a request once per key: `run` happens in the one transaction that also stores its answer,
 * so a repeat gets that answer and does nothing. What `prepare` refuses by now, as the first one
 * has changed it, is no matter to a repeat. Throws `idempotency.in_flight`, `.reused`, and `.done`
 * where the answer was too long to be kept, or shows a secret once.
 */
export async function answerOnce<T>(
  request: FastifyRequest,
  { principal, acting_for }: AccountActor,
  prepare: () => Promise<T>,
  run: (ctx: WriteCtx, prepared: T) => Promise<Answer>,
  shows_once = false,
): Promise<Replayed> {
  const { deps, inFlight, answersOf } = request.server;
  const idempotency_key = readKey(request.headers['idempotency-key']);
  const doer = { principal, acting_for };
  const name = `${principal} ${acting_for}`;
  const claim = `${name} ${idempotency_key}`;
  if (inFlight.has(claim)) throw problem('idempotency.in_flight');
  inFlight.add(claim);
  try {
    const request_hash = hash('sha256', `${request.method} ${request.url}\n${request.bodyText}`);
    const findAnswer = async (db: ReadCtx['db']) =>
      replay(await findStored(db, doer, idempotency_key), request_hash);
    const [prepared] = await Promise.allSettled([prepare()]);
    if (prepared.status === 'rejected') {
      const answered = await findAnswer(deps.db);
      if (answered === null) throw prepared.reason;
      return answered;
    }
    return await deps.write(async (ctx) => {
      if (deps.database.dialect === 'postgres') await lockKey(ctx.tx, claim);
      const answered = await findAnswer(ctx.tx);
      if (answered !== null) return answered;
      const answer = await run(ctx, prepared.value);
      const created_at = ctx.clock.now();
      const isKept = !shows_once && answer.reply.length <= MAX_KEPT_REPLY_CHARS;
      const kept = isKept ? answer : { ...answer, reply: '' };
      await store(ctx.tx, { ...doer, idempotency_key, request_hash, created_at, ...kept });
      if (isTimeToLook(answersOf, name)) {
        await trim(ctx.tx, doer, { rows: MAX_KEPT_ANSWERS, chars: MAX_KEPT_CHARS });
      }
      return { ...answer, replayed: false };
    });
  } finally {
    inFlight.delete(claim);
  }
}

/** The answer that was stored for this request; null where none was. */
function replay(stored: Stored | undefined, request_hash: string): Replayed | null {
  if (stored === undefined) return null;
  if (stored.request_hash !== request_hash) throw problem('idempotency.reused');
  if (!isKept(stored)) throw problem('idempotency.done', DONE);
  return { status: stored.status, reply: stored.reply, replayed: true };
}

const DONE = 'Its answer was not kept. Look at how things stand now.';

/** Only an answer without content is empty. */
const isKept = ({ status, reply }: Answer): boolean => status === NO_CONTENT || reply !== '';

/** Counts somebody's answers, in memory: what a restart forgets is found LOOK_EVERY later. */
function isTimeToLook(answersOf: Map<string, number>, name: string): boolean {
  const count = (answersOf.get(name) ?? 0) + 1;
  answersOf.delete(name);
  if (answersOf.size >= MAX_COUNTED) answersOf.delete(answersOf.keys().next().value ?? '');
  if (count < LOOK_EVERY) answersOf.set(name, count);
  return count >= LOOK_EVERY;
}
