import { vatIdParts } from '@berth/shared/papers/vat-ids';
import { SECOND_MS } from '@berth/shared/time';
import type { AnyEffect, EffectAsk, PortCtx } from '../../context.ts';
import type { Outcome, PayloadOf, ReplyOf } from '../../lib/effects.ts';
import { isVatProblem } from '../../ports/vat.ts';
import { saveCheck } from './repo.ts';

const KIND = 'vat.check';
const TIME_LIMIT_MS = 30 * SECOND_MS;

async function call(
  { ports }: PortCtx,
  { payload, signal }: EffectAsk<PayloadOf<typeof KIND>>,
): Promise<Outcome<ReplyOf<typeof KIND>>> {
  if (ports.vat === null) return { outcome: 'refused', reason: 'Nobody is asked for VAT ids.' };
  try {
    const valid = await ports.vat.check(vatIdParts(payload.vat_id), signal);
    return { outcome: 'done', reply: { valid } };
  } catch (error) {
    if (!isVatProblem(error)) throw error;
    // To ask changes nothing there, so that whatever failed may be tried again.
    return { outcome: 'failed', reason: error.message };
  }
}

/** Asks the register for a VAT id; until it answers, an id counts by its form. */
export const checkVatId: AnyEffect = {
  kind: KIND,
  time_limit_ms: TIME_LIMIT_MS,
  call,
  async onOutcome({ tx }, { payload }, outcome) {
    if (outcome.outcome !== 'done') return;
    await saveCheck(tx, { ...payload, vat_valid: outcome.reply.valid ? 1 : 0 });
  },
};
