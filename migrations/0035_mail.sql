-- Where an account's mail goes, and when. An address counts once its owner has followed a link: of
-- the token in that the hash is kept, and the salt it was made with.
CREATE TABLE mail_addresses (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  address TEXT,
  verified_at TEXT,
  stopped_at TEXT,
  stopped_said TEXT,
  pending TEXT,
  token_hash TEXT UNIQUE,
  token_salt TEXT,
  token_expires_at TEXT,
  time_zone TEXT NOT NULL,
  quiet_from INTEGER,
  quiet_until INTEGER,
  daily_hour INTEGER NOT NULL,
  -- When what waits for it is mailed together; null while nothing does.
  gather_at TEXT
);
CREATE INDEX mail_to_gather ON mail_addresses (gather_at) WHERE gather_at IS NOT NULL;

-- Notices that wait to be mailed together.
CREATE TABLE mail_waiting (
  notice_id TEXT PRIMARY KEY REFERENCES notices (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  waits_since TEXT NOT NULL
);
CREATE INDEX mail_waiting_by_account ON mail_waiting (account_id, waits_since);

-- What was mailed to whom, by the effect that sent it: limits count these.
CREATE TABLE mail_sent (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  address TEXT NOT NULL,
  about TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE INDEX mail_sent_by_account ON mail_sent (account_id, at);
CREATE INDEX mail_sent_by_address ON mail_sent (address, at);
CREATE INDEX mail_sent_by_time ON mail_sent (at);

-- How an account wants to be told, by category, where it has chosen.
CREATE TABLE notice_choices (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  category TEXT NOT NULL,
  bell INTEGER NOT NULL CHECK (bell IN (0, 1)),
  mail TEXT NOT NULL CHECK (mail IN ('now', 'daily', 'off')),
  PRIMARY KEY (account_id, category)
);
