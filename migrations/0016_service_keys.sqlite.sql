-- The keys that the service has signed with. `record` is canonical JSON; the key before (where
-- there is one) and the key itself sign it.
CREATE TABLE service_keys (
  key TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  record TEXT NOT NULL,
  signature TEXT,
  key_signature TEXT NOT NULL
);
CREATE TRIGGER service_keys_no_update BEFORE UPDATE ON service_keys
BEGIN SELECT RAISE(ABORT, 'service_keys is append only'); END;
CREATE TRIGGER service_keys_no_delete BEFORE DELETE ON service_keys
BEGIN SELECT RAISE(ABORT, 'service_keys is append only'); END;
