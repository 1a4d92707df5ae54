/**
 * The accounts of the ledger, as one table. An account is `kind:owner` in one currency and mode; a
 * balance above zero is what Berth owes to its owner.
 */

/**
 * What stands between us and the outside, by whose books an admin compares ours. In `payouts` is
 * what was taken for payouts and has not left yet: it is what those that are open come to.
 */
export const processors = ['wire', 'stripe', 'payouts'] as const;
export type Processor = (typeof processors)[number];

export const accountKinds = {
  balance: { means: 'What somebody paid in and may spend or take out', is_owned: true },
  escrow: { means: 'What is held for a contract until it is earned', is_owned: true },
  payable: { means: 'What a provider has earned and is to be paid out', is_owned: true },
  commission: { means: 'What Berth has earned' },
  clearing: {
    means: 'What a processor holds for us, counted below zero; the one kind that may be so',
  },
} as const satisfies Record<
  string,
  {
    means: string;
    /** Somebody's own: nothing moves on it while its balance is another than what was posted. */
    is_owned?: true;
  }
>;

export type AccountKind = keyof typeof accountKinds;
export const accountKindNames = Object.keys(accountKinds) as AccountKind[];

export type LedgerAccount =
  'commission' | `clearing:${Processor}` | `${'balance' | 'escrow' | 'payable'}:${string}`;

export const balanceOf = (account_id: string): LedgerAccount => `balance:${account_id}`;
export const payableOf = (account_id: string): LedgerAccount => `payable:${account_id}`;
export const escrowOf = (contract_id: string): LedgerAccount => `escrow:${contract_id}`;

/** Whether nothing moves on an account while its balance is another than what was posted to it. */
export const canPark = (account: string): boolean =>
  'is_owned' in accountKinds[readAccount(account).kind];

/** What an account's name says: its kind and whose it is. */
export function readAccount(account: string): { kind: AccountKind; owner: string } {
  const at = account.indexOf(':');
  const kind = at < 0 ? account : account.slice(0, at);
  return { kind: kind as AccountKind, owner: at < 0 ? '' : account.slice(at + 1) };
}
