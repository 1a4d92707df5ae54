-- Offerings, their versioned terms, and the providers' signed auto-accept rules.
-- provider_key is the account key that the terms name.

CREATE TABLE offerings (
  id TEXT PRIMARY KEY,
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  provider_key TEXT NOT NULL REFERENCES account_keys (key),
  state TEXT NOT NULL CHECK (state IN ('draft', 'listed', 'paused', 'archived')),
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
  version INTEGER NOT NULL,
  terms_hash TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('gpu', 'compute', 'dedicated', 'storage', 'network', 'hosting')),
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  gpu_model TEXT,
  gpu_count INTEGER,
  gpu_memory_gib DOUBLE PRECISION,
  cpu_model TEXT,
  vcpus INTEGER,
  memory_gib DOUBLE PRECISION,
  disk_kind TEXT CHECK (disk_kind IN ('nvme', 'ssd', 'hdd')),
  disk_gib DOUBLE PRECISION,
  uplink_mbps INTEGER,
  traffic_tib DOUBLE PRECISION,
  unmetered INTEGER NOT NULL CHECK (unmetered IN (0, 1)),
  virtualization TEXT
    CHECK (virtualization IN ('kvm', 'xen', 'vmware', 'hyperv', 'lxc', 'container', 'bare_metal')),
  operating_systems TEXT NOT NULL,
  features TEXT NOT NULL,
  country TEXT NOT NULL,
  city TEXT NOT NULL,
  price_e9s BIGINT NOT NULL CHECK (price_e9s >= 0),
  unit TEXT NOT NULL CHECK (unit IN ('hour', 'day', 'month')),
  hourly_e9s BIGINT NOT NULL,
  currency TEXT NOT NULL,
  setup_fee_e9s BIGINT NOT NULL CHECK (setup_fee_e9s >= 0),
  min_hours INTEGER NOT NULL CHECK (min_hours >= 1),
  max_hours INTEGER NOT NULL CHECK (max_hours >= min_hours),
  stock INTEGER NOT NULL CHECK (stock >= 0),
  response_hours INTEGER NOT NULL CHECK (response_hours >= 1),
  provisioning_hours INTEGER NOT NULL CHECK (provisioning_hours >= 1),
  reference TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  listed_at TEXT,
  UNIQUE (provider_id, reference)
);
CREATE INDEX offerings_by_price ON offerings (state, visibility, hourly_e9s, id);
CREATE INDEX offerings_by_time ON offerings (state, visibility, listed_at, id);
CREATE INDEX offerings_by_provider ON offerings (provider_id, updated_at, id);

-- The terms as they were shown, one row a distinct text; a contract names its hash. Never changed.
CREATE TABLE offering_terms (
  terms_hash TEXT PRIMARY KEY,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  terms TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX offering_terms_by_offering ON offering_terms (offering_id, created_at);

CREATE TABLE auto_accept_rules (
  id TEXT PRIMARY KEY,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  rule TEXT NOT NULL,
  signature TEXT NOT NULL,
  key TEXT NOT NULL,
  delegation_id TEXT REFERENCES delegations (id),
  max_hours INTEGER NOT NULL,
  expires_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revoked_at TEXT
);
-- One living rule an offering.
CREATE UNIQUE INDEX auto_accept_rules_living ON auto_accept_rules (offering_id)
  WHERE revoked_at IS NULL;
