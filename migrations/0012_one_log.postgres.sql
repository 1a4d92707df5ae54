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
CREATE TRIGGER log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
ALTER INDEX ledger_runs_by_time RENAME TO icp_runs_by_time;
ALTER INDEX ledger_entries_refused RENAME TO icp_entries_refused;
ALTER INDEX ledger_entries_registered RENAME TO icp_entries_registered;
ALTER INDEX ledger_transfers_by_hash RENAME TO icp_transfers_by_hash;
ALTER INDEX ledger_transfers_by_sender RENAME TO icp_transfers_by_sender;
ALTER INDEX ledger_transfers_by_receiver RENAME TO icp_transfers_by_receiver;
ALTER INDEX ledger_reputation_by_entry RENAME TO icp_reputation_by_entry;
ALTER INDEX ledger_check_ins_by_key RENAME TO icp_check_ins_by_key;

ALTER TABLE admin_log DROP CONSTRAINT admin_log_act_check;
DROP TRIGGER admin_log_no_change ON admin_log;
UPDATE admin_log SET act = 'icp_run' WHERE act = 'ledger_run';
ALTER TABLE admin_log ADD CONSTRAINT admin_log_act_check
  CHECK (act IN ('grant', 'revoke', 'icp_run'));
CREATE TRIGGER admin_log_no_change
  BEFORE UPDATE OR DELETE OR TRUNCATE ON admin_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
