import { E9 } from '../money.ts';
import { DAY_MS } from '../time.ts';

/** A cent, and what else a bank counts in. */
export const MINOR_E9S = E9 / 100n;
export const MIN_PAYOUT_E9S = E9;
/** The most of one transfer of SEPA. */
export const MAX_PAYOUT_E9S = 99_999_999_999n * MINOR_E9S;
/** The currencies that are paid out to a bank account: SEPA has one. */
export const bankCurrencies = ['EUR'] as const;
/** Letters of an account's holder, as SEPA has it. */
export const HOLDER_MAX = 70;
/** Payouts of one account that have not ended. */
export const MAX_OPEN_PAYOUTS = 10;
/** Payouts of one file; a larger one is several. */
export const PAYOUT_BATCH = 500;
/** How long nothing is sent to a bank account that was just set or changed. */
export const BANK_ACCOUNT_REST_MS = 3 * DAY_MS;
