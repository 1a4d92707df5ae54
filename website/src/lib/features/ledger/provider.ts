import type { ProviderLedgerView } from '@berth/shared/ledger/schemas';

/** Whether the ledger says anything of a provider. */
export const saysAnything = ({
  registered_at,
  reputation,
  check_ins,
  items,
}: ProviderLedgerView): boolean =>
  registered_at !== null || reputation !== '0' || check_ins > 0 || items.length > 0;

export const daysWords = (days: number): string =>
  `${days.toLocaleString('en')} ${days === 1 ? 'day' : 'days'}`;

/** Figures of the ledger may be beyond what a number holds. */
export const figureWords = (text: string): string => BigInt(text).toLocaleString('en');
