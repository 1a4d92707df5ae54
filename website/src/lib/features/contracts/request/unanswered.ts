import type { SignedMove } from '@berth/shared/contracts/schemas';

/**
 * A signed request that was sent and not yet answered: sent again as it is, it makes one contract.
 */
export interface Unanswered {
  contract_id: string;
  idempotency_key: string;
  body: SignedMove;
}

const keyOf = (offering_id: string): string => `unanswered-request/${offering_id}`;

/** What this tab sent for an offering and has no answer to; it survives a reload. */
export function findUnanswered(offering_id: string): Unanswered | null {
  const text = sessionStorage.getItem(keyOf(offering_id));
  return text === null ? null : (JSON.parse(text) as Unanswered);
}

export const saveUnanswered = (offering_id: string, request: Unanswered): void =>
  sessionStorage.setItem(keyOf(offering_id), JSON.stringify(request));

export const forgetUnanswered = (offering_id: string): void =>
  sessionStorage.removeItem(keyOf(offering_id));
