import type { Endpoint } from './endpoint.ts';

export type PolicyName = 'default' | NonNullable<Endpoint['rate_limit']>;

export interface Policy {
  /** Requests a window. */
  quota: number;
  window_s: number;
  /** Whose requests count together: the visitor's address, or who acts for an account. */
  by: 'address' | 'account';
}

export const policies: Record<PolicyName, Policy> = {
  default: { quota: 600, window_s: 60, by: 'account' },
  sign_in: { quota: 60, window_s: 60, by: 'address' },
  request: { quota: 60, window_s: 60, by: 'account' },
  import: { quota: 20, window_s: 60, by: 'account' },
  // Renewals count too; for how long units are held, the module of stock bounds.
  hold: { quota: 120, window_s: 3_600, by: 'account' },
  // Each is a row and a notice.
  secret: { quota: 30, window_s: 3_600, by: 'account' },
  // Each writes hundreds of rows, which are kept for a week.
  replay: { quota: 60, window_s: 3_600, by: 'account' },
  // Each sends a mail to whatever address is given, so a network counts as one.
  mail: { quota: 20, window_s: 3_600, by: 'address' },
};
