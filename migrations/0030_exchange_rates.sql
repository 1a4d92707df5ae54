-- What one euro is in other currencies, by the day that says so: for comparing and showing prices.
-- What is signed and charged stays in the provider's currency.
CREATE TABLE exchange_rates (
  date TEXT NOT NULL,
  currency TEXT NOT NULL,
  per_euro_e9s BIGINT NOT NULL CHECK (per_euro_e9s > 0),
  source TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  expires_at TEXT,
  PRIMARY KEY (date, currency)
);

-- A saved search looks with the currency in which its reader compares prices.
ALTER TABLE saved_searches ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD';
