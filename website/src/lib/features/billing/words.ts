import type { AccountKind } from '@berth/shared/ledger/accounts';
import type { CauseKind } from '@berth/shared/ledger/schemas';
import { formatMoney, type Currency } from '@berth/shared/money';

/** What an account is called to whom it belongs. */
export const accountWords: Record<AccountKind, string> = {
  balance: 'Balance',
  escrow: 'Escrow',
  payable: 'Earnings',
  commission: 'Commission',
  clearing: 'Clearing',
};

/** What an entry did, in a word. */
export const causeWords: Record<CauseKind, string> = {
  'contract.hold': 'Held',
  'contract.earn': 'Earned',
  'contract.settle': 'Settled',
  payment: 'Paid by card',
  payout: 'Payout',
  wire: 'Bank transfer',
};

/** The page of a payment; `onwards` is taken from there to where it is paid. */
export const paymentHref = (id: string, { onwards = false } = {}): string =>
  `/dashboard/billing/payments/${id}${onwards ? '?onwards' : ''}`;
export const isOnwards = ({ searchParams }: { searchParams: Pick<URLSearchParams, 'has'> }) =>
  searchParams.has('onwards');

/** `+$5.00` and `−$5.00`; the sign is part of what is said. */
export function signedWords(amount_e9s: string, currency: Currency): string {
  const amount = BigInt(amount_e9s);
  return `${amount < 0n ? '−' : '+'}${formatMoney(amount < 0n ? -amount : amount, currency)}`;
}

const BASIS_POINTS_IN_A_PERCENT = 100;

/** 1000 -> `10 %`. */
export const percentWords = (basis_points: number): string =>
  `${(basis_points / BASIS_POINTS_IN_A_PERCENT).toLocaleString('en')} %`;
