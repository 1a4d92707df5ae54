import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { problem } from '@berth/shared/problems';
import type { WriteCtx } from '../context.ts';
import { findStored, lockKey, store } from '../db/idempotency.ts';
import type { AccountActor } from '../lib/actor.ts';

const MAX_KEY_LENGTH = 255;
const KEY = /^[\x21-\x7e]+$/;

export interface Answer {
  status: number;
  /** The reply's JSON, empty for 204. */
  reply: string;
}

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
 * so a repeat gets that answer and does nothing. Throws `idempotency.in_flight` and `.reused`.
 */
export async function answerOnce(
  request: FastifyRequest,
  { account_id }: AccountActor,
  run: (ctx: WriteCtx) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  const { deps, inFlight } = request.server;
  const idempotency_key = readKey(request.headers['idempotency-key']);
  const claim = `${account_id} ${idempotency_key}`;
  if (inFlight.has(claim)) throw problem('idempotency.in_flight');
  inFlight.add(claim);
  try {
    const request_hash = hash('sha256', `${request.method} ${request.url}\n${request.bodyText}`);
    return await deps.write(async (ctx) => {
      if (deps.database.dialect === 'postgres') await lockKey(ctx.tx, claim);
      const stored = await findStored(ctx.tx, account_id, idempotency_key);
      if (stored !== undefined) {
        if (stored.request_hash !== request_hash) throw problem('idempotency.reused');
        return { status: stored.status, reply: stored.reply, replayed: true };
      }
      const answer = await run(ctx);
      const created_at = ctx.clock.now();
      await store(ctx.tx, { account_id, idempotency_key, request_hash, created_at, ...answer });
      return { ...answer, replayed: false };
    });
  } finally {
    inFlight.delete(claim);
  }
}
