import {
  contractMachine,
  type ContractAction,
  type ContractRole,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { refundOf, refundWords, type RefundRule } from '@berth/shared/contracts/price';
import { addHours, isoAt } from '@berth/shared/time';
import { rateOf, totalFor, type Priced } from './prices.ts';

function ruleOf(action: ContractAction, from: ContractState, by: ContractRole): RefundRule {
  const row = contractMachine.moves.find(
    (move) => move.action === action && move.from.includes(from) && move.by.includes(by),
  );
  return row?.money ?? 'none';
}

/** What each way of ending early pays back, in words, from the contract's machine. */
export const stoppings: readonly { when: string; words: string }[] = [
  {
    when: 'You cancel before it is active',
    words: refundWords[ruleOf('cancel', 'pending', 'renter')],
  },
  { when: 'You cancel while it runs', words: refundWords[ruleOf('cancel', 'active', 'renter')] },
  {
    when: 'The provider ends it while it runs',
    words: refundWords[ruleOf('cancel', 'active', 'provider')],
  },
  {
    when: 'The provider does not answer or set it up in time',
    words: refundWords[ruleOf('expire', 'pending', 'system')],
  },
];

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
  const paid = { rate: rateOf(priced), total_e9s: totalFor(priced, hours).total_e9s, active_at };
  const rule = ruleOf('cancel', 'active', 'renter');
  return { used_hours, refund_e9s: refundOf(rule, paid, addHours(active_at, used_hours)) };
}
