/** What each cause posts: pure, so that what is shown before is what is posted after. */
import type { Currency } from '../money.ts';
import { balanceOf, escrowOf, payableOf, type LedgerAccount, type Processor } from './accounts.ts';
import { commissionOf } from './commission.ts';

export interface Posting {
  account: LedgerAccount;
  currency: Currency;
  /** Whole e9s; below zero takes from the account. */
  amount_e9s: bigint;
}

/** A contract, as far as its money goes. */
export interface Paid {
  contract_id: string;
  renter_id: string;
  provider_id: string;
  currency: Currency;
  /** What was agreed and held in all, extensions too. */
  total_e9s: bigint;
  /** What of it is still in escrow. */
  held_e9s: bigint;
  commission_bp: number;
}

const posting = (account: LedgerAccount, currency: Currency, amount_e9s: bigint): Posting => ({
  account,
  currency,
  amount_e9s,
});

/** An entry has no posting of nothing. */
const someOf = (postings: readonly Posting[]): Posting[] =>
  postings.filter(({ amount_e9s }) => amount_e9s !== 0n);

type Holding = Pick<Paid, 'contract_id' | 'renter_id' | 'currency'>;

/** The renter's money is held for the contract: its total, or what an extension costs. */
export const holdPostings = (
  { contract_id, renter_id, currency }: Holding,
  amount_e9s: bigint,
): Posting[] =>
  someOf([
    posting(balanceOf(renter_id), currency, -amount_e9s),
    posting(escrowOf(contract_id), currency, amount_e9s),
  ]);

/** What the provider gets of all it has earned, and what Berth does; together they are it. */
export function shareOf(earned_e9s: bigint, commission_bp: number) {
  const commission_e9s = commissionOf(earned_e9s, commission_bp);
  return { commission_e9s, provider_e9s: earned_e9s - commission_e9s };
}

/**
 * What has been earned in all by now, of which `total - held` was posted before, goes from the
 * escrow to the provider and to Berth. Throws where it is less than before, or more than is held.
 */
export function earnPostings(paid: Paid, earned_e9s: bigint): Posting[] {
  const { contract_id, provider_id, currency, total_e9s, held_e9s, commission_bp } = paid;
  const before_e9s = total_e9s - held_e9s;
  if (earned_e9s < before_e9s || earned_e9s > total_e9s) {
    throw new Error(`The earnings of ${contract_id} went from ${before_e9s} to ${earned_e9s}`);
  }
  const [before, now] = [before_e9s, earned_e9s].map((all) => shareOf(all, commission_bp));
  return someOf([
    posting(escrowOf(contract_id), currency, before_e9s - earned_e9s),
    posting(payableOf(provider_id), currency, now!.provider_e9s - before!.provider_e9s),
    posting('commission', currency, now!.commission_e9s - before!.commission_e9s),
  ]);
}

/** A contract's end: the refund goes back to the renter, the rest was earned. Escrow is empty. */
export function settlePostings(paid: Paid, refund_e9s: bigint): Posting[] {
  const { contract_id, renter_id, currency, total_e9s } = paid;
  return joined([
    ...earnPostings(paid, total_e9s - refund_e9s),
    ...someOf([
      posting(escrowOf(contract_id), currency, -refund_e9s),
      posting(balanceOf(renter_id), currency, refund_e9s),
    ]),
  ]);
}

/** What is held for a request that was never paid whole goes back to the renter. */
export const releasePostings = (
  { contract_id, renter_id, currency }: Holding,
  held_e9s: bigint,
): Posting[] => holdPostings({ contract_id, renter_id, currency }, -held_e9s);

/** Money that came in from outside for an account, or went out to its owner where below zero. */
export const transferPostings = (
  account: LedgerAccount,
  processor: Processor,
  currency: Currency,
  amount_e9s: bigint,
): Posting[] => [
  posting(`clearing:${processor}`, currency, -amount_e9s),
  posting(account, currency, amount_e9s),
];

/** What was taken for a payout has left by bank transfer. */
export const sentPostings = (currency: Currency, amount_e9s: bigint): Posting[] => [
  posting('clearing:payouts', currency, -amount_e9s),
  posting('clearing:wire', currency, amount_e9s),
];

/** One posting for each account of an entry in one currency. */
function joined(postings: readonly Posting[]): Posting[] {
  const byAccount = Map.groupBy(postings, ({ account }) => account);
  return someOf(
    [...byAccount.values()].map((those) => ({
      ...those[0]!,
      amount_e9s: those.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n),
    })),
  );
}
