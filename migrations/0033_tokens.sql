-- What programs act by for an account, without a signature. A token is known by its secrets, of
-- which only hashes are kept; a second one is that before a rotation, while both work.
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  key TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revoked_at TEXT
);
CREATE INDEX tokens_by_account ON tokens (account_id, created_at);

CREATE TABLE token_secrets (
  hash TEXT PRIMARY KEY,
  token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  shown TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  last_used_at TEXT,
  last_network TEXT
);
CREATE INDEX token_secrets_by_token ON token_secrets (token_id, created_at);
CREATE INDEX token_secrets_by_end ON token_secrets (expires_at);
