import type { Generated } from 'kysely';

interface LedgerEntriesTable {
  id: Generated<number>;
  at: string;
  mode: string;
  cause_kind: string;
  cause_id: string;
  memo: string;
  /** JSON; the database makes the rows of `ledger_postings` of it. */
  postings: string;
}

interface LedgerPostingsTable {
  entry_id: number;
  nth: number;
  account: string;
  currency: string;
  mode: string;
  amount_e9s: bigint;
}

/** Balances, kept by triggers: whole units and the rest. */
interface LedgerAccountsTable {
  account: string;
  currency: string;
  mode: string;
  whole: number;
  rest_e9s: bigint;
}

interface EscrowsTable {
  contract_id: string;
  commission_bp: number;
  earn_at: string | null;
  pays_by: string | null;
  missing_e9s: bigint;
}

/** What was posted, added up anew. */
interface LedgerSumsTable {
  account: string;
  currency: string;
  mode: string;
  whole: number;
  rest_e9s: bigint;
  differs_since: string | null;
}

interface LedgerChecksTable {
  id: number;
  entry_id: number;
  account: string | null;
  ended_at: string | null;
  next_at: string;
}

/** What was earned under contracts: whole units, and the rest. */
interface EarnedMonthsTable {
  account_id: string;
  /** `renter` or `provider`. */
  side: string;
  currency: string;
  /** As in 2026-11. */
  month: string;
  offering_id: string;
  whole: number;
  rest_e9s: bigint;
}

export interface LedgerSchema {
  earned_months: EarnedMonthsTable;
  ledger_entries: LedgerEntriesTable;
  ledger_postings: LedgerPostingsTable;
  ledger_accounts: LedgerAccountsTable;
  ledger_sums: LedgerSumsTable;
  ledger_checks: LedgerChecksTable;
  escrows: EscrowsTable;
}
