import { isEnded } from '@berth/shared/contracts/machine';
import { ranMs } from '@berth/shared/paid-time';
import { extensionPriceOf, refundOf, type RefundRule } from '@berth/shared/price';
import type { ContractView } from '@berth/shared/contracts/schemas';
import { shareOf } from '@berth/shared/ledger/postings';
import type { ContractMoney } from '@berth/shared/ledger/schemas';
import { HOUR_MS, isoAt } from '@berth/shared/time';
import { rateOf } from '#lib/features/offerings/prices.ts';

export interface Costs {
  total_e9s: bigint;
  /** Price of all hours agreed on, extensions too, without the setup fee. */
  usage_e9s: bigint;
  setup_fee_e9s: bigint;
  used_hours: number;
  /** What has been used up to now, or was kept in the end. */
  used_e9s: bigint;
  remaining_e9s: bigint;
  /** Paid back; null while it has not ended. */
  refund_e9s: bigint | null;
}

type Paid = Pick<
  ContractView,
  'state' | 'hours' | 'total_e9s' | 'refund_e9s' | 'active_at' | 'pauses' | 'ended_at' | 'terms'
>;

/** What a contract cost so far, what remains and what was paid back, at a time. */
export function costsOf(view: Paid, now_ms: number): Costs {
  const rate = rateOf(view.terms);
  const total_e9s = BigInt(view.total_e9s);
  const refund_e9s = view.refund_e9s === null ? null : BigInt(view.refund_e9s);
  const unused_e9s = refund_e9s ?? refundNow(view, 'unused_hours', now_ms);
  return {
    total_e9s,
    usage_e9s: total_e9s - rate.setup_fee_e9s,
    setup_fee_e9s: rate.setup_fee_e9s,
    used_hours: usedHours(view, now_ms),
    used_e9s: total_e9s - unused_e9s,
    remaining_e9s: isEnded(view.state) ? 0n : unused_e9s,
    refund_e9s,
  };
}

/** What a rule pays back if the contract ended now. */
export const refundNow = (view: Paid, rule: RefundRule, now_ms: number): bigint =>
  refundOf(
    rule,
    {
      rate: rateOf(view.terms),
      total_e9s: BigInt(view.total_e9s),
      active_at: view.active_at,
      pauses: view.pauses,
    },
    isoAt(now_ms),
  );

export interface Shares {
  provider_e9s: bigint;
  commission_e9s: bigint;
  /** Hundredths of a percent; 0 where the contract is not paid through the marketplace. */
  commission_bp: number;
}

/**
 * Who has what of a contract's total when so much is paid back, by the function that posts it; null
 * where the request is not paid whole, so that nothing of it is earned.
 */
export function sharesOf(
  { total_e9s }: Pick<Paid, 'total_e9s'>,
  refund_e9s: bigint,
  money: ContractMoney | null,
): Shares | null {
  if ((money?.escrow?.missing_e9s ?? '0') !== '0') return null;
  const commission_bp = money?.escrow?.commission_bp ?? 0;
  return { commission_bp, ...shareOf(BigInt(total_e9s) - refund_e9s, commission_bp) };
}

/** Begun hours count as used. */
function usedHours(view: Paid, now_ms: number): number {
  const until_ms = view.ended_at === null ? now_ms : Date.parse(view.ended_at);
  return Math.min(view.hours, Math.ceil(ranMs(view, until_ms) / HOUR_MS));
}

export const extensionPrice = (terms: Paid['terms'], hours: number): bigint =>
  extensionPriceOf(rateOf(terms), hours);
