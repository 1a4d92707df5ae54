-- What was written once stays, however it is tried: SQLite's REPLACE removes a row without asking
-- the triggers that refuse removals, and OR IGNORE passes over a CHECK.

CREATE TRIGGER log_no_replace BEFORE INSERT ON log
  WHEN EXISTS (SELECT 1 FROM log WHERE subject_kind = NEW.subject_kind
      AND subject_id = NEW.subject_id AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM log WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'log is append only'); END;
CREATE TRIGGER offering_terms_no_replace BEFORE INSERT ON offering_terms
  WHEN EXISTS (SELECT 1 FROM offering_terms WHERE terms_hash = NEW.terms_hash
      AND terms <> NEW.terms)
    OR EXISTS (SELECT 1 FROM offering_terms WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'offering_terms is append only'); END;
CREATE TRIGGER admin_log_no_replace BEFORE INSERT ON admin_log
  WHEN EXISTS (SELECT 1 FROM admin_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
CREATE TRIGGER service_keys_no_replace BEFORE INSERT ON service_keys
  WHEN EXISTS (SELECT 1 FROM service_keys WHERE "key" = NEW."key")
    OR EXISTS (SELECT 1 FROM service_keys WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'service_keys is append only'); END;
CREATE TRIGGER account_key_events_no_replace BEFORE INSERT ON account_key_events
  WHEN EXISTS (SELECT 1 FROM account_key_events
      WHERE account_id = NEW.account_id AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM account_key_events WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'account_key_events is append only'); END;

-- A cause posts once: a second entry of it is none, whatever it is written with.
CREATE TRIGGER ledger_entry_once BEFORE INSERT ON ledger_entries
BEGIN
  SELECT RAISE(ABORT, 'ledger: an entry is never changed')
    WHERE EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.id);
  SELECT RAISE(IGNORE) WHERE EXISTS (SELECT 1 FROM ledger_entries
    WHERE cause_kind = NEW.cause_kind AND cause_id = NEW.cause_id);
END;

DROP TRIGGER ledger_entry_posts;
CREATE TRIGGER ledger_entry_posts AFTER INSERT ON ledger_entries
BEGIN
  -- One far ahead would leave no numbers for those to come.
  SELECT RAISE(ABORT, 'ledger: entries count upwards')
    WHERE EXISTS (SELECT 1 FROM ledger_entries WHERE id > NEW.id)
      OR NEW.id - 1000000000 >
        COALESCE((SELECT max(id) FROM ledger_entries WHERE id < NEW.id), 0);
  SELECT RAISE(ABORT, 'ledger: an entry has a time')
    WHERE NEW.at NOT GLOB
      '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z';
  SELECT RAISE(ABORT, 'ledger: postings are JSON as everybody reads it')
    WHERE typeof(NEW.postings) <> 'text' OR NOT json_valid(NEW.postings);
  -- A key that stands twice is read by one as its first value, by the other as its last.
  SELECT RAISE(ABORT, 'ledger: amounts are whole e9s as decimal text, each of an account')
    FROM json_each(NEW.postings) AS p
    WHERE p.type <> 'object' OR (SELECT count(*) FROM json_each(p.value)) <> 3
      OR json_type(p.value, '$.amount_e9s') IS NOT 'text'
      OR json_type(p.value, '$.account') IS NOT 'text'
      OR json_type(p.value, '$.currency') IS NOT 'text'
      OR CAST(CAST(p.value ->> '$.amount_e9s' AS INTEGER) AS TEXT) <> p.value ->> '$.amount_e9s'
      OR p.value ->> '$.amount_e9s' = '0'
      OR p.value ->> '$.account' GLOB '*[^A-Za-z0-9:_.-]*' OR p.value ->> '$.account' GLOB '*:'
      OR length(CAST(p.value ->> '$.account' AS BLOB)) <> length(p.value ->> '$.account');
  SELECT RAISE(ABORT, 'ledger: an entry balances in each currency') FROM (
    SELECT sum(CAST(p.value ->> '$.amount_e9s' AS INTEGER) / 1000000000) AS whole,
      sum(CAST(p.value ->> '$.amount_e9s' AS INTEGER) % 1000000000) AS rest
    FROM json_each(NEW.postings) AS p GROUP BY p.value ->> '$.currency')
    WHERE rest % 1000000000 <> 0 OR whole + rest / 1000000000 <> 0;
  INSERT INTO ledger_postings (entry_id, nth, account, currency, mode, amount_e9s)
    SELECT NEW.id, p.key, p.value ->> '$.account', p.value ->> '$.currency', NEW.mode,
      CAST(p.value ->> '$.amount_e9s' AS INTEGER)
    FROM json_each(NEW.postings) AS p;
  SELECT RAISE(ABORT, 'ledger: an entry has all its postings')
    WHERE (SELECT count(*) FROM ledger_postings WHERE entry_id = NEW.id)
      <> json_array_length(NEW.postings);
END;

-- A posting counts before it is there, so that a balance changes by what is not yet posted alone.
DROP TRIGGER ledger_posting_of_entry;
DROP TRIGGER ledger_posting_counts;
CREATE TRIGGER ledger_posting_counts BEFORE INSERT ON ledger_postings
BEGIN
  SELECT RAISE(ABORT, 'ledger: a posting is never changed')
    WHERE EXISTS (
      SELECT 1 FROM ledger_postings WHERE entry_id = NEW.entry_id AND nth = NEW.nth);
  SELECT RAISE(ABORT, 'ledger: a posting is part of its entry')
    WHERE NOT EXISTS (
      SELECT 1 FROM ledger_entries AS e, json_each(e.postings) AS p
      WHERE e.id = NEW.entry_id AND e.mode = NEW.mode AND p.key = NEW.nth
        AND p.value ->> '$.account' = NEW.account AND p.value ->> '$.currency' = NEW.currency
        AND CAST(p.value ->> '$.amount_e9s' AS INTEGER) = NEW.amount_e9s);
  INSERT INTO ledger_accounts (account, currency, mode, whole, rest_e9s)
    SELECT NEW.account, NEW.currency, NEW.mode, 0, 0 WHERE NOT EXISTS (
      SELECT 1 FROM ledger_accounts
      WHERE account = NEW.account AND currency = NEW.currency AND mode = NEW.mode);
  SELECT RAISE(ABORT, 'ledger: a posting is of an account that there is')
    WHERE NOT EXISTS (
      SELECT 1 FROM ledger_accounts
      WHERE account = NEW.account AND currency = NEW.currency AND mode = NEW.mode);
  UPDATE ledger_accounts SET
      whole = whole + NEW.amount_e9s / 1000000000
        + (rest_e9s + NEW.amount_e9s % 1000000000 + 1000000000) / 1000000000 - 1,
      rest_e9s = (rest_e9s + NEW.amount_e9s % 1000000000 + 1000000000) % 1000000000
    WHERE account = NEW.account AND currency = NEW.currency AND mode = NEW.mode;
END;

CREATE TRIGGER ledger_accounts_begin BEFORE INSERT ON ledger_accounts
  WHEN NEW.whole <> 0 OR NEW.rest_e9s <> 0 OR EXISTS (
    SELECT 1 FROM ledger_accounts
    WHERE account = NEW.account AND currency = NEW.currency AND mode = NEW.mode)
BEGIN SELECT RAISE(ABORT, 'ledger: an account begins with nothing'); END;
CREATE TRIGGER ledger_accounts_follow BEFORE UPDATE ON ledger_accounts
  WHEN NEW.whole IS NOT OLD.whole OR NEW.rest_e9s IS NOT OLD.rest_e9s
    OR NEW.account IS NOT OLD.account OR NEW.currency IS NOT OLD.currency
    OR NEW.mode IS NOT OLD.mode
BEGIN
  SELECT RAISE(ABORT, 'ledger: an account stays whose it is')
    WHERE NEW.account IS NOT OLD.account OR NEW.currency IS NOT OLD.currency
      OR NEW.mode IS NOT OLD.mode;
  SELECT RAISE(ABORT, 'ledger: a balance is what was posted')
    WHERE NOT EXISTS (
      SELECT 1 FROM ledger_entries AS e, json_each(e.postings) AS p
      WHERE e.id = (SELECT max(id) FROM ledger_entries) AND e.mode = NEW.mode
        AND p.value ->> '$.account' = NEW.account AND p.value ->> '$.currency' = NEW.currency
        AND CAST(p.value ->> '$.amount_e9s' AS INTEGER)
          = (NEW.whole - OLD.whole) * 1000000000 + NEW.rest_e9s - OLD.rest_e9s
        AND NOT EXISTS (
          SELECT 1 FROM ledger_postings WHERE entry_id = e.id AND nth = p.key));
  SELECT RAISE(ABORT, 'ledger: an account is never below zero')
    WHERE NEW.whole < 0 AND substr(NEW.account, 1, 9) <> 'clearing:';
END;

CREATE TRIGGER escrows_begin BEFORE INSERT ON escrows
  WHEN EXISTS (SELECT 1 FROM escrows WHERE contract_id = NEW.contract_id)
    OR EXISTS (SELECT 1 FROM escrows WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'escrows: what was agreed is never changed'); END;
CREATE TRIGGER escrows_stay BEFORE UPDATE ON escrows
  WHEN NEW.contract_id IS NOT OLD.contract_id OR NEW.commission_bp IS NOT OLD.commission_bp
BEGIN SELECT RAISE(ABORT, 'escrows: what was agreed is never changed'); END;
CREATE TRIGGER escrows_last BEFORE DELETE ON escrows
BEGIN SELECT RAISE(ABORT, 'escrows: what was agreed is never removed'); END;
