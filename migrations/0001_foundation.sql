-- Accounts, keys and sessions; idempotency; outbox and stream. SQL that SQLite and PostgreSQL both
-- run. Times are ISO-8601 UTC text. Booleans are 0 or 1. JSON is text.

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  handle TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  about TEXT NOT NULL DEFAULT '',
  encryption_key TEXT NOT NULL,
  encryption_signature TEXT NOT NULL,
  encryption_signed_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

-- Keys are public. A key that is removed stays, because old contracts were signed with it.
-- link_statement and link_signature: how an earlier key of the account vouched for this one.
CREATE TABLE account_keys (
  key TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  label TEXT NOT NULL,
  linked_by TEXT,
  link_statement TEXT,
  link_signature TEXT,
  link_key_signature TEXT,
  added_at TEXT NOT NULL,
  removed_at TEXT
);
CREATE INDEX account_keys_by_account ON account_keys (account_id, added_at);

-- Personal data: kept until the owner removes it.
CREATE TABLE account_contacts (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL CHECK (kind IN ('email', 'matrix', 'telegram', 'discord', 'phone', 'url')),
  value TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (account_id, kind, value)
);

-- Personal data: kept until the owner removes it.
CREATE TABLE account_ssh_keys (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  label TEXT NOT NULL,
  type TEXT NOT NULL,
  public_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (account_id, fingerprint)
);

-- id is the SHA-256 of the delegation's signing input; delegation is its canonical JSON.
CREATE TABLE delegations (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  account_key TEXT NOT NULL,
  device_key TEXT NOT NULL,
  label TEXT NOT NULL,
  delegation TEXT NOT NULL,
  signature TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
);
CREATE INDEX delegations_by_account ON delegations (account_id, issued_at);
CREATE INDEX delegations_by_device ON delegations (device_key);

-- Erased a day after they expire.
CREATE TABLE challenges (
  nonce TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT
);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

-- Personal data (user_agent): erased 30 days after the session ends.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  key TEXT NOT NULL,
  delegation_id TEXT REFERENCES delegations (id),
  scopes TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
);
CREATE INDEX sessions_by_account ON sessions (account_id, created_at);
CREATE INDEX sessions_by_delegation ON sessions (delegation_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Erased a day after they were stored.
CREATE TABLE idempotency_keys (
  account_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  reply TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (account_id, idempotency_key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- A notice is for one account; seq with contract_id makes its delivery idempotent.
-- Erased 180 days after it was made.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  contract_id TEXT,
  seq INTEGER,
  created_at TEXT NOT NULL,
  read_at TEXT,
  UNIQUE (account_id, contract_id, seq)
);
CREATE INDEX notices_by_account ON notices (account_id, created_at, id);
CREATE INDEX notices_by_time ON notices (created_at);
CREATE INDEX notices_unread ON notices (account_id, read_at);
