-- What was read from the ledger on the Internet Computer. A position is a byte offset in the
-- ledger, place an entry's index in its block, at the time of the block; keys and hashes are hex,
-- values base64. 64-bit amounts of the chain are decimal text: they may be beyond a BIGINT.
ALTER TABLE accounts ADD COLUMN is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1));
-- An imported contract took no unit of its offering, and so gives none back.
ALTER TABLE contract_sign_requests ADD COLUMN on_chain INTEGER NOT NULL DEFAULT 0
  CHECK (on_chain IN (0, 1));

-- Where the next read begins: after the last whole block. One row, written with what was read.
CREATE TABLE ledger_cursor (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position BIGINT NOT NULL,
  bytes_before TEXT NOT NULL,
  block_hash TEXT NOT NULL,
  block_length INTEGER NOT NULL,
  block_at TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  entries INTEGER NOT NULL
);

-- Which process imports until when, what somebody asked for, and the tip as it was last seen.
CREATE TABLE ledger_sync (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  leased_by TEXT,
  leased_until TEXT,
  asked_at TEXT,
  tip_position BIGINT,
  tip_blocks INTEGER,
  tip_hash TEXT,
  tip_at TEXT,
  seen_at TEXT
);

CREATE TABLE ledger_runs (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  position BIGINT NOT NULL,
  blocks INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  bytes BIGINT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'stopped', 'killed', 'fork',
    'broken_block', 'unreachable', 'failed')),
  detail TEXT
);
CREATE INDEX ledger_runs_by_time ON ledger_runs (started_at, id);

CREATE TABLE ledger_blocks (
  position BIGINT PRIMARY KEY,
  size INTEGER NOT NULL,
  hash TEXT NOT NULL,
  parent_hash TEXT NOT NULL,
  timestamp_ns TEXT NOT NULL,
  at TEXT NOT NULL,
  entries INTEGER NOT NULL
);

-- Every entry as it stands on the ledger, and what came of it here.
CREATE TABLE ledger_entries (
  block_position BIGINT NOT NULL REFERENCES ledger_blocks (position),
  place INTEGER NOT NULL,
  label TEXT NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('upsert', 'delete')),
  entry_key TEXT NOT NULL,
  value TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('applied', 'kept', 'refused')),
  reason TEXT,
  PRIMARY KEY (block_position, place)
);
CREATE INDEX ledger_entries_refused ON ledger_entries (block_position, place)
  WHERE status = 'refused';

CREATE TABLE ledger_counts (
  label TEXT NOT NULL,
  status TEXT NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (label, status)
);

CREATE TABLE ledger_transfers (
  tx_hash TEXT PRIMARY KEY,
  block_position BIGINT NOT NULL,
  place INTEGER NOT NULL,
  at TEXT NOT NULL,
  from_owner TEXT NOT NULL,
  from_sub TEXT,
  to_owner TEXT NOT NULL,
  to_sub TEXT,
  amount_e9s TEXT NOT NULL,
  fee_e9s TEXT,
  fee_accounts TEXT,
  created_ns TEXT,
  memo TEXT NOT NULL,
  from_after_e9s TEXT NOT NULL,
  to_after_e9s TEXT NOT NULL
);
CREATE INDEX ledger_transfers_by_sender ON ledger_transfers (from_owner, block_position, place);
CREATE INDEX ledger_transfers_by_receiver ON ledger_transfers (to_owner, block_position, place);

CREATE TABLE ledger_approvals (
  tx_hash TEXT PRIMARY KEY,
  block_position BIGINT NOT NULL,
  place INTEGER NOT NULL,
  at TEXT NOT NULL,
  approver_owner TEXT NOT NULL,
  approver_sub TEXT,
  spender_owner TEXT NOT NULL,
  spender_sub TEXT,
  allowance_e9s TEXT NOT NULL,
  expires_ns TEXT,
  fee_e9s TEXT NOT NULL,
  memo TEXT NOT NULL,
  created_ns TEXT NOT NULL
);

CREATE TABLE ledger_reputation_changes (
  block_position BIGINT NOT NULL,
  place INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  entry_key TEXT NOT NULL,
  public_key TEXT NOT NULL,
  points TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (block_position, place, nth)
);
CREATE INDEX ledger_reputation_by_entry ON ledger_reputation_changes (entry_key);

CREATE TABLE ledger_check_ins (
  block_position BIGINT NOT NULL,
  place INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  memo TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (block_position, place)
);
CREATE INDEX ledger_check_ins_by_key ON ledger_check_ins (public_key, at);

-- What adds up for a public key: a streak is days in a row, UTC, up to the last check-in.
CREATE TABLE ledger_keys (
  public_key TEXT PRIMARY KEY,
  reputation TEXT NOT NULL,
  check_ins INTEGER NOT NULL,
  streak_days INTEGER NOT NULL,
  last_check_in_at TEXT
);

-- Offerings as the chain last wrote them: one that was changed here since is left alone.
CREATE TABLE ledger_offerings (
  offering_id TEXT PRIMARY KEY REFERENCES offerings (id),
  provider_key TEXT NOT NULL,
  reference TEXT NOT NULL,
  block_position BIGINT NOT NULL,
  block_hash TEXT NOT NULL,
  place INTEGER NOT NULL,
  terms_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  stock INTEGER NOT NULL,
  UNIQUE (provider_key, reference)
);
