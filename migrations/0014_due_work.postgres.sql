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

ALTER TABLE admin_log DROP CONSTRAINT admin_log_act_check;
ALTER TABLE admin_log ADD CONSTRAINT admin_log_act_check
  CHECK (act IN ('grant', 'revoke', 'icp_run', 'run_again'));
