-- Answers are kept by who acts and for whom.
CREATE TABLE idempotency_keys_next (
  principal TEXT NOT NULL,
  acting_for TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  reply TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (principal, acting_for, idempotency_key)
);
INSERT INTO idempotency_keys_next
    (principal, acting_for, idempotency_key, request_hash, status, reply, created_at)
  SELECT account_id, account_id, idempotency_key, request_hash, status, reply, created_at
  FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_next RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- An account that the import brought is unclaimed until its owner signs up; it publishes no key.
ALTER TABLE accounts ADD COLUMN published_key TEXT;
ALTER TABLE accounts ADD COLUMN published_by TEXT;
UPDATE accounts SET published_key = encryption_key, published_by = encryption_signed_by;
ALTER TABLE accounts DROP COLUMN encryption_key;
ALTER TABLE accounts DROP COLUMN encryption_signed_by;
ALTER TABLE accounts RENAME COLUMN published_key TO encryption_key;
ALTER TABLE accounts RENAME COLUMN published_by TO encryption_signed_by;
ALTER TABLE accounts ADD COLUMN state TEXT NOT NULL DEFAULT 'claimed' CHECK (
  (state = 'claimed' AND encryption_key IS NOT NULL AND encryption_signed_by IS NOT NULL)
  OR (state = 'unclaimed' AND encryption_key IS NULL AND encryption_signed_by IS NULL)
);
UPDATE accounts SET state = 'unclaimed', encryption_key = NULL, encryption_signed_by = NULL
  WHERE encryption_key = '';
