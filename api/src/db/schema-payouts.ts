interface BankAccountsTable {
  account_id: string;
  holder: string;
  iban: string;
  set_at: string;
  rests_until: string;
}

interface PayoutBatchesTable {
  id: string;
  currency: string;
  made_at: string;
}

interface PayoutsTable {
  id: string;
  account_id: string;
  source: string;
  currency: string;
  amount_e9s: bigint;
  holder: string;
  iban: string;
  send_after: string;
  state: string;
  state_at: string;
  version: number;
  head_hash: string | null;
  batch_id: string | null;
  failure: string | null;
  created_at: string;
  ended_at: string | null;
}

export interface PayoutsSchema {
  bank_accounts: BankAccountsTable;
  payout_batches: PayoutBatchesTable;
  payouts: PayoutsTable;
}
