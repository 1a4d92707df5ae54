-- One log for everything that has a life: `subject_kind` says which machine, `subject_id` which
-- thing. Append only, held by triggers. hash is the SHA-256 of the signing input.
CREATE TABLE log (
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  action TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  "by" TEXT NOT NULL,
  role TEXT NOT NULL,
  at TEXT NOT NULL,
  memo TEXT NOT NULL,
  statement TEXT NOT NULL,
  signature TEXT NOT NULL,
  key TEXT NOT NULL,
  delegation_id TEXT REFERENCES delegations (id),
  prev_hash TEXT,
  hash TEXT NOT NULL,
  PRIMARY KEY (subject_kind, subject_id, seq)
);
INSERT INTO log (subject_kind, subject_id, seq, action, from_state, to_state, "by", role, at, memo,
    statement, signature, key, delegation_id, prev_hash, hash)
  SELECT 'contract', contract_id, seq, action, old_status, new_status, changed_by, changed_role,
    changed_at, change_memo, statement, signature, key, delegation_id, prev_hash, hash
  FROM contract_status_history;
DROP TABLE contract_status_history;
-- For those who know the log by the names that it had before.
CREATE VIEW contract_status_history AS
  SELECT subject_id AS contract_id, seq, action, from_state AS old_status, to_state AS new_status,
    "by" AS changed_by, role AS changed_role, at AS changed_at, memo AS change_memo, hash
  FROM log WHERE subject_kind = 'contract';
CREATE TRIGGER log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'log is append only'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'log is append only'); END;

-- `ledger` is the accounting ledger from now on; what the Internet Computer brought is named icp.
ALTER TABLE ledger_cursor RENAME TO icp_cursor;
ALTER TABLE ledger_sync RENAME TO icp_sync;
ALTER TABLE ledger_runs RENAME TO icp_runs;
ALTER TABLE ledger_blocks RENAME TO icp_blocks;
ALTER TABLE ledger_entries RENAME TO icp_entries;
ALTER TABLE ledger_counts RENAME TO icp_counts;
ALTER TABLE ledger_transfers RENAME TO icp_transfers;
ALTER TABLE ledger_approvals RENAME TO icp_approvals;
ALTER TABLE ledger_reputation_changes RENAME TO icp_reputation_changes;
ALTER TABLE ledger_check_ins RENAME TO icp_check_ins;
ALTER TABLE ledger_keys RENAME TO icp_keys;
ALTER TABLE ledger_offerings RENAME TO icp_offerings;
DROP INDEX ledger_runs_by_time;
CREATE INDEX icp_runs_by_time ON icp_runs (started_at, id);
DROP INDEX ledger_entries_refused;
CREATE INDEX icp_entries_refused ON icp_entries (block_position, place) WHERE status = 'refused';
DROP INDEX ledger_entries_registered;
CREATE INDEX icp_entries_registered ON icp_entries (entry_key, block_position)
  WHERE label IN ('ProvRegister', 'NPRegister');
DROP INDEX ledger_transfers_by_hash;
CREATE INDEX icp_transfers_by_hash ON icp_transfers (substr(tx_hash, 1, 12));
DROP INDEX ledger_transfers_by_sender;
CREATE INDEX icp_transfers_by_sender
  ON icp_transfers ((block_position / 4194304), substr(from_owner, 1, 12));
DROP INDEX ledger_transfers_by_receiver;
CREATE INDEX icp_transfers_by_receiver
  ON icp_transfers ((block_position / 4194304), substr(to_owner, 1, 12));
DROP INDEX ledger_reputation_by_entry;
CREATE INDEX icp_reputation_by_entry ON icp_reputation_changes (substr(entry_key, 1, 12));
DROP INDEX ledger_check_ins_by_key;
CREATE INDEX icp_check_ins_by_key ON icp_check_ins (public_key, at);

CREATE TABLE admin_log_renamed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  by_account TEXT REFERENCES accounts (id),
  act TEXT NOT NULL CHECK (act IN ('grant', 'revoke', 'icp_run')),
  subject TEXT NOT NULL
);
INSERT INTO admin_log_renamed (id, at, by_account, act, subject)
  SELECT id, at, by_account, CASE act WHEN 'ledger_run' THEN 'icp_run' ELSE act END, subject
  FROM admin_log ORDER BY id;
DROP TABLE admin_log;
ALTER TABLE admin_log_renamed RENAME TO admin_log;
CREATE TRIGGER admin_log_no_update BEFORE UPDATE ON admin_log
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
CREATE TRIGGER admin_log_no_delete BEFORE DELETE ON admin_log
BEGIN SELECT RAISE(ABORT, 'admin_log is append only'); END;
