-- One row a contract: its present state, version and deadlines. The log is contract_status_history.
CREATE TABLE contract_sign_requests (
  contract_id TEXT PRIMARY KEY,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  terms_hash TEXT NOT NULL REFERENCES offering_terms (terms_hash),
  renter_id TEXT NOT NULL REFERENCES accounts (id),
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  renter_key TEXT NOT NULL,
  provider_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested', 'pending', 'accepted', 'provisioning',
    'provisioned', 'active', 'completed', 'rejected', 'cancelled', 'expired', 'failed')),
  version INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  title TEXT NOT NULL,
  hours INTEGER NOT NULL CHECK (hours >= 1),
  total_e9s BIGINT NOT NULL CHECK (total_e9s >= 0),
  refund_e9s BIGINT CHECK (refund_e9s >= 0),
  currency TEXT NOT NULL,
  nonce TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  state_at TEXT NOT NULL,
  due_at TEXT,
  active_at TEXT,
  ends_at TEXT,
  ended_at TEXT,
  erase_at TEXT,
  -- Who has signed an extension that waits for the other party.
  extension_by TEXT CHECK (extension_by IN ('renter', 'provider')),
  UNIQUE (renter_id, nonce)
);
CREATE INDEX contracts_by_renter ON contract_sign_requests (renter_id, requested_at, contract_id);
CREATE INDEX contracts_by_provider
  ON contract_sign_requests (provider_id, requested_at, contract_id);
CREATE INDEX contracts_unanswered ON contract_sign_requests (renter_id)
  WHERE state IN ('requested', 'pending');
CREATE INDEX contracts_due ON contract_sign_requests (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX contracts_to_erase ON contract_sign_requests (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX contracts_by_offering ON contract_sign_requests (offering_id)
  WHERE ended_at IS NULL;

-- The contract log: append only, held by triggers. hash is the SHA-256 of the signing input.
CREATE TABLE contract_status_history (
  contract_id TEXT NOT NULL REFERENCES contract_sign_requests (contract_id),
  seq INTEGER NOT NULL,
  action TEXT NOT NULL,
  old_status TEXT,
  new_status TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_role TEXT NOT NULL CHECK (changed_role IN ('renter', 'provider', 'system')),
  changed_at TEXT NOT NULL,
  change_memo TEXT NOT NULL,
  statement TEXT NOT NULL,
  signature TEXT NOT NULL,
  key TEXT NOT NULL,
  delegation_id TEXT REFERENCES delegations (id),
  prev_hash TEXT,
  hash TEXT NOT NULL,
  PRIMARY KEY (contract_id, seq)
);

-- Personal data: what a private_digest stands for. Erased 90 days after the contract has ended.
CREATE TABLE contract_private_parts (
  contract_id TEXT NOT NULL REFERENCES contract_sign_requests (contract_id),
  seq INTEGER NOT NULL,
  salt TEXT NOT NULL,
  part TEXT,
  erased_at TEXT,
  PRIMARY KEY (contract_id, seq)
);

CREATE TABLE contract_sign_replies (
  contract_id TEXT PRIMARY KEY REFERENCES contract_sign_requests (contract_id),
  seq INTEGER NOT NULL,
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  replied_by TEXT NOT NULL,
  replied_at TEXT NOT NULL,
  rule_id TEXT REFERENCES auto_accept_rules (id)
);

-- One row a delivery of credentials; rotation adds a row. Erased 7 days after the contract has
-- ended.
CREATE TABLE contract_provisioning_details (
  contract_id TEXT NOT NULL REFERENCES contract_sign_requests (contract_id),
  seq INTEGER NOT NULL,
  address TEXT,
  port INTEGER,
  username TEXT,
  host_key_fingerprint TEXT,
  instructions TEXT,
  envelope TEXT,
  envelope_digest TEXT NOT NULL,
  provider_key TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  created_at TEXT NOT NULL,
  erased_at TEXT,
  PRIMARY KEY (contract_id, seq)
);

-- An extension that one party has signed and the other may sign; accepted_seq when it has.
CREATE TABLE contract_extensions (
  contract_id TEXT NOT NULL REFERENCES contract_sign_requests (contract_id),
  seq INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  hours INTEGER NOT NULL CHECK (hours >= 1),
  extra_e9s BIGINT NOT NULL CHECK (extra_e9s >= 0),
  accepted_seq INTEGER,
  created_at TEXT NOT NULL,
  PRIMARY KEY (contract_id, seq)
);
