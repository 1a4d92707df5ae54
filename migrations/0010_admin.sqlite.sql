-- Who made whom an admin, and what admins did; no account is the command on the machine.
CREATE TABLE admin_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  by_account TEXT REFERENCES accounts (id),
  act TEXT NOT NULL CHECK (act IN ('grant', 'revoke', 'ledger_run')),
  subject TEXT NOT NULL
);
-- Since when a provider's key is registered on the ledger.
CREATE INDEX ledger_entries_registered ON ledger_entries (entry_key, block_position)
  WHERE label IN ('ProvRegister', 'NPRegister');

CREATE TRIGGER admin_log_no_update BEFORE UPDATE ON admin_log
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
CREATE TRIGGER admin_log_no_delete BEFORE DELETE ON admin_log
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
