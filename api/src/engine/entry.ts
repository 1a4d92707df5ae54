import { hash } from 'node:crypto';
import { signingInputOf, type Statement } from '@berth/shared/signing/statement';
import type { WriteCtx } from '../context.ts';
import type { Entry } from '../db/log.ts';

/** What stands before the JSON in the signing input of a statement. */
const STATEMENT_HEAD = 'berth/statement/v2\n';

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
  return { input, text: input.slice(STATEMENT_HEAD.length), hash: hash('sha256', input) };
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

/** Who moves things whose entries nobody signs. */
export interface Mover {
  account_id: string;
  /** The account key of the session, or the service's. */
  key: string;
  delegation_id: string | null;
  role: string;
}

/**
 * The next entry of a log that is not signed. Its text is the canonical JSON of the statement,
 * whose members stand in their order here, as those of `data` do: many are made at once.
 */
export function unsignedEntry(
  subject_kind: string,
  { subject_id, seq, hash: prev }: Head,
  { key: by, role, ...mover }: Mover,
  { action, data, memo, at }: Said & { at: string },
): Entry {
  const mode = 'live' as const;
  const private_digest = null;
  const statement: Statement = {
    ...{ action, at, by, data, mode, prev, private_digest, role, seq, subject_id, subject_kind },
  };
  const text = JSON.stringify(statement);
  return {
    statement,
    text,
    hash: hash('sha256', `${STATEMENT_HEAD}${text}`),
    signature: null,
    key: null,
    delegation_id: mover.delegation_id,
    account_id: mover.account_id,
    memo,
  };
}
