import { hash } from 'node:crypto';
import { signingInputOf, type Statement } from '@berth/shared/signing/statement';
import type { WriteCtx } from '../context.ts';
import type { Entry } from '../db/log.ts';

/** The name that the service's own entries go by. */
export const SYSTEM = 'system';

/** Where the next entry of a log has to begin; nulls and 0 begin one. */
export interface Head {
  subject_id: string | null;
  seq: number;
  hash: string | null;
  at: string | null;
}

/** What an entry says beside its place. */
export interface Said {
  action: string;
  data: Record<string, unknown>;
  memo: string;
}

/** A statement as the log keeps it: its JSON, and the hash that the next one names. */
export function inputOf(statement: Statement): { input: string; text: string; hash: string } {
  const input = signingInputOf(statement);
  // What stands before the JSON is the same in all of them.
  return { input, text: input.slice(input.indexOf('\n') + 1), hash: hash('sha256', input) };
}

/** What the service dates its next entry: now, or as the one before where that is a bit ahead. */
export const systemTime = (
  { clock }: Pick<WriteCtx, 'clock'>,
  { at }: Pick<Head, 'at'>,
): string => {
  const now = clock.now();
  return at !== null && now < at ? at : now;
};

/** The next entry of a log by the service, signed with its key. */
export function systemEntry(
  ctx: Pick<WriteCtx, 'clock' | 'serviceKey'>,
  subject_kind: string,
  head: Head,
  { action, data, memo }: Said,
): Entry {
  const key = ctx.serviceKey.public_key;
  const statement: Statement = {
    subject_kind,
    subject_id: head.subject_id,
    mode: 'live',
    seq: head.seq,
    prev: head.hash,
    action,
    by: key,
    role: SYSTEM,
    at: systemTime(ctx, head),
    data,
    private_digest: null,
  };
  const { input, ...kept } = inputOf(statement);
  return {
    ...kept,
    statement,
    signature: ctx.serviceKey.sign(Buffer.from(input)),
    key,
    delegation_id: null,
    account_id: SYSTEM,
    memo,
  };
}
