import { ceilDiv, MAX_TOTAL_E9S } from './money.ts';
import { ranMs, type PaidClock } from './paid-time.ts';
import { HOUR_MS } from './time.ts';

export const units = ['hour', 'day', 'month'] as const;
export type Unit = (typeof units)[number];

/** A month is 720 hours everywhere. */
export const hoursPerUnit: Record<Unit, number> = { hour: 1, day: 24, month: 720 };

/** The longest a contract can be, five years. */
export const MAX_HOURS = 5 * 365 * 24;

export interface Rate {
  price_e9s: bigint;
  unit: Unit;
  setup_fee_e9s: bigint;
}

export interface Price {
  hours: number;
  usage_e9s: bigint;
  setup_fee_e9s: bigint;
  total_e9s: bigint;
}

/** `total = setup_fee + ceil(price * hours / hours_per_unit)`; integers only, hours whole. */
export function priceOf(rate: Rate, hours: number): Price {
  const usage_e9s = usageOf(rate, hours);
  return {
    hours,
    usage_e9s,
    setup_fee_e9s: rate.setup_fee_e9s,
    total_e9s: rate.setup_fee_e9s + usage_e9s,
  };
}

/** What an extension costs: the hours alone, rounded up by itself, no second setup fee. */
export const extensionPriceOf = (rate: Rate, hours: number): bigint => usageOf(rate, hours);

/** The price of one hour, rounded up: for sorting and for showing beside other units. */
export const hourlyOf = (rate: Pick<Rate, 'price_e9s' | 'unit'>): bigint =>
  ceilDiv(rate.price_e9s, BigInt(hoursPerUnit[rate.unit]));

/** The largest price of a unit at which so many hours cost no more than MAX_TOTAL_E9S. */
export const largestPriceOf = (
  { unit, setup_fee_e9s }: Pick<Rate, 'unit' | 'setup_fee_e9s'>,
  hours: number,
): bigint => ((MAX_TOTAL_E9S - setup_fee_e9s) * BigInt(hoursPerUnit[unit])) / BigInt(hours);

export const refundRules = [
  'none',
  'unpaid',
  'full',
  'unused_hours',
  'unused_hours_and_setup',
] as const;
export type RefundRule = (typeof refundRules)[number];

export const refundWords: Record<RefundRule, string> = {
  none: 'Nothing is paid back: the hours were used.',
  unpaid: 'It was not paid: what was held for it is in the balance again.',
  full: 'Everything is paid back, the setup fee too.',
  unused_hours: 'The hours not yet begun are paid back; begun hours and the setup fee are not.',
  unused_hours_and_setup: 'The hours not yet begun and the setup fee are paid back.',
};

/**
 * The refund of a move that ends a contract, from the machine's `money` column.
 * A begun hour counts as used, and none while the clock stood still; the refund is never negative
 * and never more than was paid.
 */
export function refundOf(
  rule: RefundRule,
  paid: { rate: Rate; total_e9s: bigint } & PaidClock,
  at: string,
): bigint {
  if (rule === 'none' || rule === 'unpaid') return 0n;
  if (rule === 'full' || paid.active_at === null) return paid.total_e9s;
  const used_hours = Math.ceil(ranMs(paid, Date.parse(at)) / HOUR_MS);
  const used_e9s = usageOf(paid.rate, used_hours);
  const kept_e9s = rule === 'unused_hours' ? used_e9s + paid.rate.setup_fee_e9s : used_e9s;
  return kept_e9s >= paid.total_e9s ? 0n : paid.total_e9s - kept_e9s;
}

function usageOf(rate: Pick<Rate, 'price_e9s' | 'unit'>, hours: number): bigint {
  return ceilDiv(rate.price_e9s * BigInt(hours), BigInt(hoursPerUnit[rate.unit]));
}
