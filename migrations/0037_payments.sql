-- Payments that come in from outside, to the balance of their account. Amounts are 10^-9 units.
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  -- The contract that it is for; null where it is for the balance.
  contract_id TEXT REFERENCES contract_sign_requests (contract_id),
  processor TEXT NOT NULL CHECK (processor IN ('stripe')),
  currency TEXT NOT NULL,
  amount_e9s BIGINT NOT NULL CHECK (amount_e9s > 0),
  state TEXT NOT NULL CHECK (state IN ('preparing', 'to_pay', 'processing', 'paid',
    'failed', 'expired')),
  state_at TEXT NOT NULL,
  -- Where its log stands, which is in `log` under the kind `payment`.
  version INTEGER NOT NULL,
  head_hash TEXT,
  -- The processor's own id of it, and the page where it is paid; null until there are any.
  reference TEXT UNIQUE,
  url TEXT,
  -- Why it failed, in a sentence.
  failure TEXT,
  created_at TEXT NOT NULL,
  -- When the processor is asked next how it stands, ISO; null once it has ended.
  look_at TEXT
);
CREATE INDEX payments_by_account ON payments (account_id, created_at, id);
CREATE INDEX payments_to_look ON payments (look_at) WHERE look_at IS NOT NULL;

-- What processors said, each event once. It is no more than a reason to ask how a payment stands.
CREATE TABLE processor_events (
  processor TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  -- The payment that it is about; null where it is about none of ours.
  payment_id TEXT REFERENCES payments (id),
  at TEXT NOT NULL,
  PRIMARY KEY (processor, event_id)
);
CREATE INDEX processor_events_by_time ON processor_events (at);
