import { currencies } from '@berth/shared/money';
import { DAY_MS, HOUR_MS, isoAt, SECOND_MS } from '@berth/shared/time';
import type { AnyEffect, Deps, EffectAsk, PortCtx, WriteCtx } from '../../context.ts';
import { isWanted, wantEffect } from '../../db/effects.ts';
import type { Known, Outcome, PayloadOf, ReplyOf } from '../../lib/effects.ts';
import { isRatesProblem } from '../../ports/rates.ts';
import { deleteRatesBefore, saveRates } from './repo.ts';

const KIND = 'rates.fetch';
/** A sheet is made once a working day, in the afternoon. */
const ASK_EVERY_MS = 6 * HOUR_MS;
const TIME_LIMIT_MS = 30 * SECOND_MS;
/** Days whose rates are kept. */
const KEPT_DAYS = 400;
const DATE_LENGTH = 10;

type Reply = ReplyOf<typeof KIND>;

/** Wants the newest sheet where somebody has one and nobody has asked lately. */
export async function wantRates({ db, clock, ports, write }: Deps): Promise<number> {
  if (ports.rates === null) return 0;
  const since = isoAt(clock.nowMs() - ASK_EVERY_MS);
  if (await isWanted(db, KIND, since)) return 0;
  return write(async ({ tx }) => {
    if (await isWanted(tx, KIND, since)) return 0;
    await wantEffect(tx, KIND, { wanted_at: clock.now() }, clock.now());
    return 1;
  });
}

async function call(
  { ports }: PortCtx,
  { signal }: EffectAsk<PayloadOf<typeof KIND>>,
): Promise<Outcome<Reply>> {
  if (ports.rates === null) return { outcome: 'refused', reason: 'Nobody is asked for rates now.' };
  try {
    const { per_euro_e9s, ...sheet } = await ports.rates.fetch(signal);
    const amounts = currencies.flatMap((currency) => {
      const amount_e9s = per_euro_e9s[currency];
      return amount_e9s === undefined ? [] : [{ currency, amount: amount_e9s.toString() }];
    });
    return { outcome: 'done', reply: { ...sheet, per_euro_e9s: amounts } };
  } catch (error) {
    if (!isRatesProblem(error)) throw error;
    // To ask changes nothing there, so that whatever failed may be tried again.
    return { outcome: 'failed', reason: error.message };
  }
}

async function keep({ tx, clock }: WriteCtx, outcome: Known<Reply>): Promise<void> {
  if (outcome.outcome !== 'done') return;
  const { date, source, expires_at, per_euro_e9s } = outcome.reply;
  const taken_at = clock.now();
  const rows = per_euro_e9s.map(({ currency, amount }) => ({
    ...{ date, source, expires_at, taken_at, currency },
    per_euro_e9s: BigInt(amount),
  }));
  await saveRates(tx, rows);
  const before = isoAt(clock.nowMs() - KEPT_DAYS * DAY_MS).slice(0, DATE_LENGTH);
  await deleteRatesBefore(tx, before);
}

export const fetchRates: AnyEffect = {
  kind: KIND,
  time_limit_ms: TIME_LIMIT_MS,
  call,
  onOutcome: (ctx, _, outcome) => keep(ctx, outcome),
};
