-- The accounting ledger: double entry, append-only. Amounts are 10^-9 units of a currency; what is
-- above zero is owed to the account's owner. The database itself refuses what may not be, whoever
-- writes: an entry that does not balance, a change of what was posted, and an account below zero.

-- One entry is one row, its postings in it, so that it is there as a whole or not at all.
CREATE TABLE ledger_entries (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'sandbox')),
  -- What it follows from; the same cause posts once.
  cause_kind TEXT NOT NULL,
  cause_id TEXT NOT NULL,
  memo TEXT NOT NULL,
  -- [{ "account", "currency", "amount_e9s": decimal text }], at least two.
  postings TEXT NOT NULL,
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
);

CREATE TABLE ledger_postings (
  entry_id BIGINT NOT NULL REFERENCES ledger_entries (id),
  nth INTEGER NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  mode TEXT NOT NULL,
  amount_e9s BIGINT NOT NULL CHECK (amount_e9s <> 0),
  PRIMARY KEY (entry_id, nth)
);
CREATE INDEX ledger_postings_by_account ON ledger_postings (account, entry_id);

CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := NEW.postings::jsonb;
BEGIN
  IF jsonb_typeof(said) <> 'array' OR jsonb_array_length(said) < 2 THEN
    RAISE EXCEPTION 'ledger: an entry has at least two postings';
  END IF;
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(said) AS p
      WHERE jsonb_typeof(p -> 'amount_e9s') IS DISTINCT FROM 'string'
        OR jsonb_typeof(p -> 'account') IS DISTINCT FROM 'string'
        OR jsonb_typeof(p -> 'currency') IS DISTINCT FROM 'string'
        OR p ->> 'amount_e9s' !~ '^-?[1-9][0-9]{0,18}$') THEN
    RAISE EXCEPTION 'ledger: amounts are whole e9s as decimal text, each of an account';
  END IF;
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(said) AS p GROUP BY p ->> 'currency'
      HAVING sum((p ->> 'amount_e9s')::numeric) <> 0) THEN
    RAISE EXCEPTION 'ledger: an entry balances in each currency';
  END IF;
  INSERT INTO ledger_postings (entry_id, nth, account, currency, mode, amount_e9s)
    SELECT NEW.id, p.nth - 1, p.one ->> 'account', p.one ->> 'currency', NEW.mode,
      (p.one ->> 'amount_e9s')::bigint
    FROM jsonb_array_elements(said) WITH ORDINALITY AS p (one, nth);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_posts AFTER INSERT ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION ledger_post();

CREATE FUNCTION ledger_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM ledger_entries AS e, jsonb_array_elements(e.postings::jsonb)
        WITH ORDINALITY AS p (one, nth)
      WHERE e.id = NEW.entry_id AND e.mode = NEW.mode AND p.nth = NEW.nth + 1
        AND p.one ->> 'account' = NEW.account AND p.one ->> 'currency' = NEW.currency
        AND (p.one ->> 'amount_e9s')::bigint = NEW.amount_e9s) THEN
    RAISE EXCEPTION 'ledger: a posting is part of its entry';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_posting_of_entry BEFORE INSERT ON ledger_postings
  FOR EACH ROW EXECUTE FUNCTION ledger_part();

CREATE FUNCTION ledger_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_accounts (account, currency, mode, whole, rest_e9s)
    VALUES (NEW.account, NEW.currency, NEW.mode, 0, 0)
    ON CONFLICT DO NOTHING;
  UPDATE ledger_accounts SET
      whole = whole + NEW.amount_e9s / 1000000000
        + (rest_e9s + NEW.amount_e9s % 1000000000 + 1000000000) / 1000000000 - 1,
      rest_e9s = (rest_e9s + NEW.amount_e9s % 1000000000 + 1000000000) % 1000000000
    WHERE account = NEW.account AND currency = NEW.currency AND mode = NEW.mode;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_counts AFTER INSERT ON ledger_postings
  FOR EACH ROW EXECUTE FUNCTION ledger_count();

CREATE TRIGGER ledger_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_postings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_accounts_last BEFORE DELETE OR TRUNCATE ON ledger_accounts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
ALTER TABLE admin_log DROP CONSTRAINT admin_log_act_check;
ALTER TABLE admin_log ADD CONSTRAINT admin_log_act_check
  CHECK (act IN ('grant', 'revoke', 'icp_run', 'run_again', 'transfer'));
