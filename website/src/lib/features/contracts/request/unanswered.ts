import type { SignedMove } from '@berth/shared/contracts/schemas';

/**
 * A signed request that was sent and not yet answered: sent again as it is, it makes one contract.
 */
export interface Unanswered {
  contract_id: string;
  idempotency_key: string;
  body: SignedMove;
}

/** Which request: an account's, of whom others in the same tab send nothing, for an offering. */
export interface Asked {
  account_id: string;
  offering_id: string;
}

const keyOf = ({ account_id, offering_id }: Asked): string =>
  `unanswered-request/${account_id}/${offering_id}`;

/** What this tab sent for an offering and has no answer to; it survives a reload. */
export function findUnanswered(asked: Asked): Unanswered | null {
  const text = sessionStorage.getItem(keyOf(asked));
  return text === null ? null : (JSON.parse(text) as Unanswered);
}

export const saveUnanswered = (asked: Asked, request: Unanswered): void =>
  sessionStorage.setItem(keyOf(asked), JSON.stringify(request));

export const forgetUnanswered = (asked: Asked): void => sessionStorage.removeItem(keyOf(asked));
