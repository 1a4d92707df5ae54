-- Who made whom an admin, and what admins did; no account is the command on the machine.
CREATE TABLE admin_log (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at TEXT NOT NULL,
  by_account TEXT REFERENCES accounts (id),
  act TEXT NOT NULL CHECK (act IN ('grant', 'revoke', 'ledger_run')),
  subject TEXT NOT NULL
);
-- Since when a provider's key is registered on the ledger.
CREATE INDEX ledger_entries_registered ON ledger_entries (entry_key, block_position)
  WHERE label IN ('ProvRegister', 'NPRegister');

CREATE TRIGGER admin_log_no_change
  BEFORE UPDATE OR DELETE OR TRUNCATE ON admin_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
