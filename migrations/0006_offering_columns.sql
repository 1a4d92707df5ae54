-- What a renter chooses by too; null where it is not said. on_chain is no term: the ledger sets it.
ALTER TABLE offerings ADD COLUMN gpu_interconnect TEXT
  CHECK (gpu_interconnect IN ('pcie', 'nvlink', 'sxm', 'infinity_fabric'));
ALTER TABLE offerings ADD COLUMN commitment TEXT
  CHECK (commitment IN ('on_demand', 'spot', 'reserved'));
ALTER TABLE offerings ADD COLUMN on_chain INTEGER NOT NULL DEFAULT 0 CHECK (on_chain IN (0, 1));

-- A unit kept for one account at the price of these terms. Its row is the unit: who deletes the
-- row, by using it, releasing it or after its time, has the unit.
CREATE TABLE offering_holds (
  id TEXT PRIMARY KEY,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  terms_hash TEXT NOT NULL REFERENCES offering_terms (terms_hash),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  UNIQUE (account_id, offering_id)
);
CREATE INDEX offering_holds_by_end ON offering_holds (expires_at);
CREATE INDEX offering_holds_by_offering ON offering_holds (offering_id);

-- A change of many offerings at once: what each said before and after, as JSON, so that it can be
-- undone.
CREATE TABLE bulk_changes (
  id TEXT PRIMARY KEY,
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  changed TEXT NOT NULL,
  created_at TEXT NOT NULL,
  undone_at TEXT
);
CREATE INDEX bulk_changes_by_time ON bulk_changes (created_at);

-- How a provider's own files are read, as JSON.
CREATE TABLE import_mappings (
  id TEXT PRIMARY KEY,
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  mapping TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (provider_id, name)
);

-- Views of an offering's page by others than its provider; a day is UTC, YYYY-MM-DD.
CREATE TABLE offering_days (
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  day TEXT NOT NULL,
  views INTEGER NOT NULL,
  PRIMARY KEY (offering_id, day)
);
CREATE INDEX offering_days_by_day ON offering_days (day);
CREATE INDEX contracts_by_offering_time ON contract_sign_requests (offering_id, requested_at);
