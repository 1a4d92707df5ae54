-- Addresses that an account's events are sent to. Of each delivery to one, at most that at
-- current_id is under way, so that their order is kept; those behind it wait by their place.
CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  types TEXT NOT NULL,
  secret_number INTEGER NOT NULL,
  old_secret_until TEXT,
  disabled_at TEXT,
  disabled_by TEXT CHECK (disabled_by IN ('owner', 'gone', 'failing', 'full')),
  failing_since TEXT,
  is_slow INTEGER NOT NULL,
  current_id TEXT,
  last_place INTEGER NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX webhooks_by_account ON webhooks (account_id, created_at);

CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'undelivered', 'dropped')),
  tries INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  ended_at TEXT,
  again_at TEXT
);
CREATE UNIQUE INDEX webhook_deliveries_in_order ON webhook_deliveries (webhook_id, place);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, place)
  WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE webhook_attempts (
  delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  url TEXT NOT NULL,
  ms INTEGER NOT NULL,
  status INTEGER,
  text TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
);
