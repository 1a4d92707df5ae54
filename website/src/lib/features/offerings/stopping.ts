import { cancelledWhileRunning, contractMachine } from '@berth/shared/contracts/machine';
import { refundOf, refundWords } from '@berth/shared/price';
import { addHours, isoAt } from '@berth/shared/time';
import { rateOf, totalFor, type Priced } from './prices.ts';

/** What each way of ending early pays back, in words, from the contract's machine. */
export const stoppings: readonly { when: string; words: string }[] = contractMachine.moves.flatMap(
  ({ stops, money }) => (stops && money ? [{ when: stops, words: refundWords[money] }] : []),
);

/**
 * What comes back to a renter who cancels when half of the hours are used; null for a single hour.
 */
export function halfwayRefund(
  priced: Omit<Priced, 'currency'>,
  hours: number,
): { used_hours: number; refund_e9s: bigint } | null {
  const used_hours = Math.floor(hours / 2);
  if (used_hours === 0) return null;
  const active_at = isoAt(0);
  const paid = {
    rate: rateOf(priced),
    total_e9s: totalFor(priced, hours).total_e9s,
    active_at,
    pauses: [],
  };
  return {
    used_hours,
    refund_e9s: refundOf(cancelledWhileRunning, paid, addHours(active_at, used_hours)),
  };
}
