import { faultIn } from '@berth/shared/contracts/faults';
import type { Choices } from '@berth/shared/contracts/choices';
import { contractDeadlines } from '@berth/shared/contracts/deadlines';
import { contractMachine } from '@berth/shared/contracts/machine';
import { contractNext } from '@berth/shared/contracts/next';
import type { ContractItem, ContractView, EntryView } from '@berth/shared/contracts/schemas';
import { nearnessOf } from '@berth/shared/contracts/warnings';
import { findRow, timedRow, words } from '@berth/shared/machine';
import { formatMoney, type Currency } from '@berth/shared/money';
import { isoAt } from '@berth/shared/time';
import { hoursWords } from '#lib/hours.ts';

export type Side = 'renter' | 'provider';

export const otherSide: Record<Side, Side> = { renter: 'provider', provider: 'renter' };

/** Where one side's contracts are, on the website. */
export const listHref: Record<Side, string> = {
  renter: '/dashboard/rentals',
  provider: '/dashboard/provider/requests',
};

export const hrefOf = ({ role, contract_id }: Pick<ContractItem, 'role' | 'contract_id'>) =>
  `${listHref[role]}/${contract_id}`;

/** `live.ts` refreshes what depends on this when the contract moves. */
export const liveKey = (contract_id: string): `live:${string}` => `live:contract/${contract_id}`;

/** What an entry of the log says, without the name of who made it. */
export function deedOf(entry: EntryView, currency: Currency): string {
  const { accepts, hours, extra_e9s } = entry.data as {
    hours: number;
    extra_e9s: string;
    accepts?: string | null;
  };
  if (accepts === undefined) return findRow(contractMachine, entry)?.deed ?? words(entry.action);
  const price = formatMoney(BigInt(extra_e9s), currency);
  const verb = accepts === null ? 'proposed' : 'agreed to';
  return `${verb} ${hoursWords(hours)} more for ${price}`;
}

/** The note that goes with an entry: a reason, or the system's own words; empty for none. */
export function noteOf({ private: part, memo, data }: EntryView): string {
  if ('block_offset' in data) {
    const { block_offset, entry } = data as { block_offset: number; entry: number };
    return `Entry ${entry} of the block at byte ${block_offset.toLocaleString('en')}`;
  }
  if ('choices' in data) {
    return `Operating system: ${(data['choices'] as Choices).operating_system}`;
  }
  const { reason = '' } = part ?? {};
  if (memo !== '') return memo;
  return [faultIn(data)?.words, reason].filter((one) => typeof one === 'string' && one).join(': ');
}

/** Whether an entry moved the contract to another state. */
export const isMove = ({ from_state, to_state }: EntryView): boolean => from_state !== to_state;

/** What waits on the reader, in two words; null when the other side or nobody is waited on. */
export const waitWords = ({ state, role, waits_on }: ContractItem): string | null =>
  waits_on === role ? (contractNext[state].to_do ?? null) : null;

/** How near its end what runs is; 0 for what does not run. */
export const endUrgency = (
  { active_at, ended_at, ends_at }: Pick<ContractItem, 'active_at' | 'ended_at' | 'ends_at'>,
  now_ms: number,
): 0 | 1 | 2 =>
  active_at === null || ended_at !== null || ends_at === null
    ? 0
    : nearnessOf(ends_at, isoAt(now_ms));

/** The look of words that say when it ends. */
export const urgencyTone = {
  0: 'text-ink-soft',
  1: 'font-[600] text-waiting-ink',
  2: 'font-[600] text-bad-ink',
} as const;

/** What a deadline means, before its time: "expires", "ends". */
export function dueWords(state: ContractView['state']): string {
  const timed = timedRow(contractMachine, state);
  return timed ? contractDeadlines[timed.deadline].brings : 'ends';
}
