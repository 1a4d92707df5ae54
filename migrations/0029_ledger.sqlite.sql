-- The accounting ledger: double entry, append-only. Amounts are 10^-9 units of a currency; what is
-- above zero is owed to the account's owner. The database itself refuses what may not be, whoever
-- writes: an entry that does not balance, a change of what was posted, and an account below zero.

-- One entry is one row, its postings in it, so that it is there as a whole or not at all.
CREATE TABLE ledger_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'sandbox')),
  -- What it follows from; the same cause posts once.
  cause_kind TEXT NOT NULL,
  cause_id TEXT NOT NULL,
  memo TEXT NOT NULL,
  -- [{ "account", "currency", "amount_e9s": decimal text }], at least two.
  postings TEXT NOT NULL CHECK (json_type(postings) = 'array' AND json_array_length(postings) >= 2),
  UNIQUE (cause_kind, cause_id)
);

CREATE TABLE ledger_accounts (
  -- `kind:owner`, as `balance:acc_…`, `escrow:<contract>`, `commission` and `clearing:wire`.
  account TEXT NOT NULL CHECK (account = 'commission' OR substr(account, 1, 7) = 'escrow:'
    OR substr(account, 1, 8) IN ('balance:', 'payable:') OR substr(account, 1, 9) = 'clearing:'),
  currency TEXT NOT NULL CHECK (currency IN ('USD', 'EUR', 'GBP', 'CHF', 'ICP', 'DCT')),
  mode TEXT NOT NULL,
  -- The balance: whole units, and the rest of 0 to 999,999,999; a sum of many exceeds 64 bits.
  whole BIGINT NOT NULL,
  rest_e9s BIGINT NOT NULL CHECK (rest_e9s >= 0 AND rest_e9s < 1000000000),
  PRIMARY KEY (account, currency, mode),
  -- What a processor has for us is the one thing that is counted the other way.
  CONSTRAINT ledger_account_below_zero CHECK (whole >= 0 OR substr(account, 1, 9) = 'clearing:')
) WITHOUT ROWID;

CREATE TABLE ledger_postings (
  entry_id INTEGER NOT NULL REFERENCES ledger_entries (id),
  nth INTEGER NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  mode TEXT NOT NULL,
  amount_e9s BIGINT NOT NULL CHECK (amount_e9s <> 0),
  PRIMARY KEY (entry_id, nth)
) WITHOUT ROWID;
CREATE INDEX ledger_postings_by_account ON ledger_postings (account, entry_id);

CREATE TRIGGER ledger_entry_posts AFTER INSERT ON ledger_entries
BEGIN
  SELECT RAISE(ABORT, 'ledger: amounts are whole e9s as decimal text, each of an account')
    FROM json_each(NEW.postings) AS p
    WHERE json_type(p.value, '$.amount_e9s') IS NOT 'text'
      OR json_type(p.value, '$.account') IS NOT 'text'
      OR json_type(p.value, '$.currency') IS NOT 'text'
      OR CAST(CAST(p.value ->> '$.amount_e9s' AS INTEGER) AS TEXT) <> p.value ->> '$.amount_e9s';
  SELECT RAISE(ABORT, 'ledger: an entry balances in each currency') FROM (
    SELECT sum(CAST(p.value ->> '$.amount_e9s' AS INTEGER) / 1000000000) AS whole,
      sum(CAST(p.value ->> '$.amount_e9s' AS INTEGER) % 1000000000) AS rest
    FROM json_each(NEW.postings) AS p GROUP BY p.value ->> '$.currency')
    WHERE rest % 1000000000 <> 0 OR whole + rest / 1000000000 <> 0;
  INSERT INTO ledger_postings (entry_id, nth, account, currency, mode, amount_e9s)
    SELECT NEW.id, p.key, p.value ->> '$.account', p.value ->> '$.currency', NEW.mode,
      CAST(p.value ->> '$.amount_e9s' AS INTEGER)
    FROM json_each(NEW.postings) AS p;
END;

CREATE TRIGGER ledger_posting_of_entry BEFORE INSERT ON ledger_postings
BEGIN
  SELECT RAISE(ABORT, 'ledger: a posting is part of its entry')
    WHERE NOT EXISTS (
      SELECT 1 FROM ledger_entries AS e, json_each(e.postings) AS p
      WHERE e.id = NEW.entry_id AND e.mode = NEW.mode AND p.key = NEW.nth
        AND p.value ->> '$.account' = NEW.account AND p.value ->> '$.currency' = NEW.currency
        AND CAST(p.value ->> '$.amount_e9s' AS INTEGER) = NEW.amount_e9s);
END;

CREATE TRIGGER ledger_posting_counts AFTER INSERT ON ledger_postings
BEGIN
  INSERT INTO ledger_accounts (account, currency, mode, whole, rest_e9s)
    VALUES (NEW.account, NEW.currency, NEW.mode, 0, 0)
    ON CONFLICT DO NOTHING;
  UPDATE ledger_accounts SET
      whole = whole + NEW.amount_e9s / 1000000000
        + (rest_e9s + NEW.amount_e9s % 1000000000 + 1000000000) / 1000000000 - 1,
      rest_e9s = (rest_e9s + NEW.amount_e9s % 1000000000 + 1000000000) % 1000000000
    WHERE account = NEW.account AND currency = NEW.currency AND mode = NEW.mode;
END;

CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger: an entry is never changed'); END;
CREATE TRIGGER ledger_entries_last BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger: an entry is never removed'); END;
CREATE TRIGGER ledger_postings_stay BEFORE UPDATE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'ledger: a posting is never changed'); END;
CREATE TRIGGER ledger_postings_last BEFORE DELETE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'ledger: a posting is never removed'); END;
CREATE TRIGGER ledger_accounts_last BEFORE DELETE ON ledger_accounts
BEGIN SELECT RAISE(ABORT, 'ledger: an account is never removed'); END;

-- A contract whose total was held; one without a row here is paid elsewhere, as all were before.
CREATE TABLE escrows (
  contract_id TEXT PRIMARY KEY REFERENCES contract_sign_requests (contract_id),
  -- Hundredths of a percent of what the provider earns, as it was when the contract was made.
  commission_bp INTEGER NOT NULL CHECK (commission_bp >= 0 AND commission_bp <= 10000),
  -- When earned hours are posted next, ISO; null once the contract has ended.
  earn_at TEXT
);
CREATE INDEX escrows_due ON escrows (earn_at) WHERE earn_at IS NOT NULL;

-- Booking a bank transfer is an admin's act.
CREATE TABLE admin_log_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  by_account TEXT REFERENCES accounts (id),
  act TEXT NOT NULL CHECK (act IN ('grant', 'revoke', 'icp_run', 'run_again', 'transfer')),
  subject TEXT NOT NULL
);
INSERT INTO admin_log_next (id, at, by_account, act, subject)
  SELECT id, at, by_account, act, subject FROM admin_log ORDER BY id;
DROP TABLE admin_log;
ALTER TABLE admin_log_next RENAME TO admin_log;
CREATE TRIGGER admin_log_no_update BEFORE UPDATE ON admin_log
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
CREATE TRIGGER admin_log_no_delete BEFORE DELETE ON admin_log
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
