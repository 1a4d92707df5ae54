-- What was posted to each account, added up anew a part at a time, to compare the balances with.
CREATE TABLE ledger_sums (
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  mode TEXT NOT NULL,
  whole BIGINT NOT NULL,
  rest_e9s BIGINT NOT NULL,
  -- Since when the balance is another; null while it is the same.
  differs_since TEXT,
  PRIMARY KEY (account, currency, mode)
);
CREATE INDEX ledger_sums_differing ON ledger_sums (account) WHERE differs_since IS NOT NULL;

-- How far the check is, in one row.
CREATE TABLE ledger_checks (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- The last entry that is in the sums.
  entry_id BIGINT NOT NULL,
  -- The last account that was compared in this round; null while entries are added up.
  account TEXT,
  -- When all accounts had been compared last.
  ended_at TEXT,
  next_at TEXT NOT NULL
);
INSERT INTO ledger_checks (id, entry_id, account, ended_at, next_at) VALUES (1, 0, NULL, NULL, '');
