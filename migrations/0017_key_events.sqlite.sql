-- Everything about an account's keys that somebody signed, in the order it was taken: `event` is
-- one of shared/src/signing/key-events.ts as JSON. `subject` is the key or device key it is about.
CREATE TABLE account_key_events (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN (
    'link', 'removal', 'restoration', 'revocation', 'encryption_key', 'first_encryption_key'
  )),
  subject TEXT NOT NULL,
  event TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  PRIMARY KEY (account_id, seq)
);
CREATE INDEX account_key_events_by_subject ON account_key_events (subject);

-- What was signed before there was this table.
INSERT INTO account_key_events (account_id, seq, kind, subject, event, taken_at)
SELECT account_id, row_number() OVER (PARTITION BY account_id ORDER BY nth, taken_at, subject),
  kind, subject, event, taken_at
FROM (
  SELECT id AS account_id, 0 AS nth, 'first_encryption_key' AS kind,
    encryption_signed_by AS subject, created_at AS taken_at,
    '{"account_id":"' || id || '","by":"' || encryption_signed_by
      || '","kind":"first_encryption_key","said":{"encryption_key":"' || encryption_key
      || '"},"signature":"' || encryption_signature || '"}' AS event
  FROM accounts
  WHERE encryption_key <> ''
  UNION ALL
  SELECT account_id, 1, 'link', key, added_at,
    '{"key_signature":"' || link_key_signature || '","kind":"link","said":' || link_statement
      || ',"signature":"' || link_signature || '"}'
  FROM account_keys
  WHERE link_statement IS NOT NULL
) AS signed;

ALTER TABLE accounts DROP COLUMN encryption_signature;
ALTER TABLE account_keys DROP COLUMN link_statement;
ALTER TABLE account_keys DROP COLUMN link_signature;
ALTER TABLE account_keys DROP COLUMN link_key_signature;

CREATE TRIGGER account_key_events_no_update BEFORE UPDATE ON account_key_events
BEGIN SELECT RAISE(ABORT, 'account_key_events is append only'); END;
CREATE TRIGGER account_key_events_no_delete BEFORE DELETE ON account_key_events
BEGIN SELECT RAISE(ABORT, 'account_key_events is append only'); END;
