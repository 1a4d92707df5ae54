-- Renters whose requests a provider does not take; contracts that there are go on.
CREATE TABLE blocked_renters (
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  renter_id TEXT NOT NULL REFERENCES accounts (id),
  blocked_at TEXT NOT NULL,
  PRIMARY KEY (provider_id, renter_id)
);
