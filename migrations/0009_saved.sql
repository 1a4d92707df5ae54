-- What an account has put aside: offerings, and searches that look again by themselves.

-- What was last told of an offering; settle_at is when a change since then is looked at.
-- Personal data: kept until the owner removes it.
CREATE TABLE saved_offerings (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  saved_at TEXT NOT NULL,
  price_e9s BIGINT NOT NULL,
  unit TEXT NOT NULL,
  setup_fee_e9s BIGINT NOT NULL,
  currency TEXT NOT NULL,
  available INTEGER NOT NULL CHECK (available IN (0, 1)),
  settle_at TEXT,
  PRIMARY KEY (account_id, offering_id)
);
CREATE INDEX saved_offerings_by_time ON saved_offerings (account_id, saved_at, offering_id);
CREATE INDEX saved_offerings_by_offering ON saved_offerings (offering_id);
CREATE INDEX saved_offerings_to_settle ON saved_offerings (settle_at)
  WHERE settle_at IS NOT NULL;

-- Personal data: kept until the owner removes it.
CREATE TABLE saved_searches (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  q TEXT NOT NULL,
  sort TEXT NOT NULL,
  hours INTEGER NOT NULL CHECK (hours >= 1),
  weights TEXT NOT NULL,
  tells INTEGER NOT NULL CHECK (tells IN (0, 1)),
  -- Offerings listed up to then are not new.
  seen_at TEXT NOT NULL,
  look_at TEXT,
  created_at TEXT NOT NULL
);
CREATE INDEX saved_searches_by_account ON saved_searches (account_id, created_at, id);
CREATE INDEX saved_searches_to_look ON saved_searches (look_at) WHERE look_at IS NOT NULL;
