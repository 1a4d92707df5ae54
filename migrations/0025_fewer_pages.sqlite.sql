-- Every write goes through these, and each page that it touches is a page more to flush. Rows that
-- are found by their key alone stand in its tree. The ids of the outbox only have to rise among the
-- rows that are there: cursors go by position.
CREATE TABLE idempotency_keys_next (
  principal TEXT NOT NULL,
  acting_for TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  reply TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (principal, acting_for, idempotency_key)
) WITHOUT ROWID;
INSERT INTO idempotency_keys_next SELECT * FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_next RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

CREATE TABLE contract_sign_replies_next (
  contract_id TEXT PRIMARY KEY REFERENCES contract_sign_requests (contract_id),
  seq INTEGER NOT NULL,
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  replied_by TEXT NOT NULL,
  replied_at TEXT NOT NULL,
  rule_id TEXT REFERENCES auto_accept_rules (id)
) WITHOUT ROWID;
INSERT INTO contract_sign_replies_next SELECT * FROM contract_sign_replies;
DROP TABLE contract_sign_replies;
ALTER TABLE contract_sign_replies_next RENAME TO contract_sign_replies;

CREATE TABLE outbox_next (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at TEXT NOT NULL,
  position BIGINT
);
INSERT INTO outbox_next (id, topic, payload, created_at, position)
  SELECT id, topic, payload, created_at, position FROM outbox ORDER BY id;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_without_position ON outbox (id) WHERE position IS NULL;
CREATE UNIQUE INDEX outbox_by_position ON outbox (position) WHERE position IS NOT NULL;
