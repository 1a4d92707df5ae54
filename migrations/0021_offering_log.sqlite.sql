-- Entries of a machine that is not signed have neither signature nor key.
DROP VIEW contract_status_history;
CREATE TABLE log_unsigned (
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
  signature TEXT,
  key TEXT,
  delegation_id TEXT REFERENCES delegations (id),
  prev_hash TEXT,
  hash TEXT NOT NULL,
  PRIMARY KEY (subject_kind, subject_id, seq),
  CHECK ((signature IS NULL) = (key IS NULL))
);
INSERT INTO log_unsigned (subject_kind, subject_id, seq, action, from_state, to_state, "by", role,
    at, memo, statement, signature, key, delegation_id, prev_hash, hash)
  SELECT subject_kind, subject_id, seq, action, from_state, to_state, "by", role,
    at, memo, statement, signature, key, delegation_id, prev_hash, hash
  FROM log;
DROP TABLE log;
ALTER TABLE log_unsigned RENAME TO log;
CREATE VIEW contract_status_history AS
  SELECT subject_id AS contract_id, seq, action, from_state AS old_status, to_state AS new_status,
    "by" AS changed_by, role AS changed_role, at AS changed_at, memo AS change_memo, hash
  FROM log WHERE subject_kind = 'contract';
CREATE TRIGGER log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'log is append only'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'log is append only'); END;

-- Where an offering's log stands; one that was made before has no entries until its next move.
ALTER TABLE offerings ADD COLUMN log_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offerings ADD COLUMN head_hash TEXT;
