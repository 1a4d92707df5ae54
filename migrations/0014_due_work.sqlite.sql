-- Work that fell due: one row a thing that somebody does right now or that failed, until it is
-- done. Nobody takes it before not_before, the end of a lease or of the pause after a failure.
CREATE TABLE due_work (
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  not_before TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT,
  failed_at TEXT,
  PRIMARY KEY (kind, subject_id)
);
CREATE INDEX due_work_failed ON due_work (failed_at, kind, subject_id) WHERE attempts > 0;
CREATE INDEX due_work_by_time ON due_work (not_before);

CREATE TABLE admin_log_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  by_account TEXT REFERENCES accounts (id),
  act TEXT NOT NULL CHECK (act IN ('grant', 'revoke', 'icp_run', 'run_again')),
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
