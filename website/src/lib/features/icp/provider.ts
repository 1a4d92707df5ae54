import type { ProviderIcpView } from '@berth/shared/icp/schemas';

/** Whether the chain says anything of a provider. */
export const saysAnything = ({
  registered_at,
  reputation,
  check_ins,
  items,
}: ProviderIcpView): boolean =>
  registered_at !== null || reputation !== '0' || check_ins > 0 || items.length > 0;

/** Figures of the chain may be beyond what a number holds. */
export const figureWords = (text: string): string => BigInt(text).toLocaleString('en');
