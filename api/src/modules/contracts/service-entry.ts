import { isDeepStrictEqual } from 'node:util';
import type { ContractAction } from '@berth/shared/contracts/machine';
import { privateParts, type SignedMove } from '@berth/shared/contracts/schemas';
import { dataKindOf, statementData } from '@berth/shared/contracts/statement-data';
import type { Breach } from '@berth/shared/contracts/statement-rules';
import { problem, type FieldError } from '@berth/shared/problems';
import { privateDigest, type Statement } from '@berth/shared/signing/statement';
import { verifyEd25519Apart } from '@berth/shared/signing/verify-node';
import { CLOCK_SKEW_MS } from '@berth/shared/time';
import type * as z from 'zod';
import type { WriteCtx } from '../../context.ts';
import type { Entry } from '../../db/log.ts';
import { inputOf } from '../../engine/entry.ts';
import type { AccountActor } from '../../lib/actor.ts';

/** A statement as the log keeps it, and whether the session's key has signed it. */
export interface Checked extends ReturnType<typeof inputOf> {
  is_signed: boolean;
}

/** Verifies a signature before the transaction, which it would keep waiting. */
export async function checkSignature(
  actor: AccountActor,
  { statement, signature }: SignedMove,
): Promise<Checked> {
  const kept = inputOf(statement);
  return { ...kept, is_signed: await verifyEd25519Apart(signerOf(actor), kept.input, signature) };
}

const signerOf = ({ device_key, key }: AccountActor): string => device_key ?? key;

/**
 * Checks a person's signed statement, whatever it says: shape of its data and personal part, who it
 * speaks for, the clock, the digest and the signature. Answers it ready for the log.
 */
export function readEntry(
  ctx: Pick<WriteCtx, 'clock'>,
  actor: AccountActor,
  move: SignedMove,
  action: ContractAction,
  checked: Checked,
): Entry {
  const { statement, signature } = move;
  refuseFields(statement, move, action);
  if (statement.by !== actor.key) {
    throw problem('statement.invalid', 'Sign for the account key of this session.');
  }
  const now_ms = ctx.clock.nowMs();
  if (Math.abs(Date.parse(statement.at) - now_ms) > CLOCK_SKEW_MS) {
    const now = ctx.clock.now();
    throw problem('statement.clock', `It is ${now} here; set the clock and sign again.`, { now });
  }
  if ((move.private ? privateDigest(move.private) : null) !== statement.private_digest) {
    throw problem('statement.invalid', 'The personal part is not the one that was signed.');
  }
  const { is_signed, input: _, ...kept } = checked;
  if (!is_signed) {
    throw problem('signature.invalid', 'Sign exactly this statement with this session’s key.');
  }
  return {
    ...kept,
    statement,
    signature,
    key: signerOf(actor),
    delegation_id: actor.delegation_id,
    account_id: actor.acting_for,
    memo: '',
  };
}

/** How the API answers a statement that does not say what it should. */
export function refusalOf({ code, detail, right = {}, field = '' }: Breach) {
  if (code !== 'request.invalid') return problem(code, detail, right);
  const errors = [{ pointer: `/statement/data/${field}`, message: detail }];
  return problem(code, 'Change these fields and sign again.', { errors });
}

function refuseFields(statement: Statement, move: SignedMove, action: ContractAction): void {
  const errors: FieldError[] = [];
  const check = (schema: z.ZodType, value: unknown, pointer: string) => {
    const { error, data } = schema.safeParse(value);
    for (const issue of error?.issues ?? []) {
      errors.push({ pointer: [pointer, ...issue.path].join('/'), message: issue.message });
    }
    // What is kept is what was signed, so it must be as it is read: a name without a line break.
    if (!error && !isDeepStrictEqual(data, value)) {
      const message = 'Sign it as it is read: no space at the ends of a text, no comment of a key';
      errors.push({ pointer, message });
    }
  };
  const kind = dataKindOf(action, statement.role, statement.seq);
  check(statementData[kind], statement.data, '/statement/data');
  const part = action in privateParts ? privateParts[action as keyof typeof privateParts] : null;
  if (part) check(part, move.private?.part, '/private/part');
  else if (move.private) errors.push({ pointer: '/private', message: 'This move has none' });
  if (errors.length > 0) {
    throw problem('request.invalid', 'Change these fields and sign again.', { errors });
  }
}
