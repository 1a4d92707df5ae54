-- Where an account's money is paid out to.
CREATE TABLE bank_accounts (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  -- Whose it is, as the bank has it.
  holder TEXT NOT NULL,
  -- ISO 13616, without spaces.
  iban TEXT NOT NULL,
  set_at TEXT NOT NULL,
  -- Nothing is sent there before; ISO.
  rests_until TEXT NOT NULL
);

-- What is handed over to the bank together.
CREATE TABLE payout_batches (
  id TEXT PRIMARY KEY,
  currency TEXT NOT NULL,
  made_at TEXT NOT NULL
);
CREATE INDEX payout_batches_by_time ON payout_batches (made_at, id);

-- Money that goes out to a bank account. Amounts are 10^-9 units.
CREATE TABLE payouts (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  -- Of which of its accounts in the ledger it is.
  source TEXT NOT NULL CHECK (source IN ('balance', 'payable')),
  currency TEXT NOT NULL,
  amount_e9s BIGINT NOT NULL CHECK (amount_e9s > 0),
  -- The bank account as it was when the payout was asked for, and when it had rested enough; ISO.
  holder TEXT NOT NULL,
  iban TEXT NOT NULL,
  send_after TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('to_send', 'at_bank', 'arrived', 'came_back',
    'called_off')),
  state_at TEXT NOT NULL,
  -- Where its log stands, which is in `log` under the kind `payout`.
  version INTEGER NOT NULL,
  head_hash TEXT,
  -- What it was handed over with; null before.
  batch_id TEXT REFERENCES payout_batches (id),
  -- Why it came back, in a sentence.
  failure TEXT,
  created_at TEXT NOT NULL,
  ended_at TEXT
);
CREATE INDEX payouts_by_account ON payouts (account_id, created_at, id);
CREATE INDEX payouts_open ON payouts (created_at, id) WHERE ended_at IS NULL;
CREATE INDEX payouts_by_batch ON payouts (batch_id, id) WHERE batch_id IS NOT NULL;
