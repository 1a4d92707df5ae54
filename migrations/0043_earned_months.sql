-- What was earned under contracts, added up by month and offering: once for the renter, whose money
-- it was, and once for the provider, to whom it is less Berth's commission. Amounts are whole units
-- of a currency and the rest of 10^-9 units, so that no sum overflows.
CREATE TABLE earned_months (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  side TEXT NOT NULL CHECK (side IN ('renter', 'provider')),
  currency TEXT NOT NULL,
  -- As in 2026-11, by UTC.
  month TEXT NOT NULL,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  whole BIGINT NOT NULL CHECK (whole >= 0),
  rest_e9s BIGINT NOT NULL CHECK (rest_e9s BETWEEN 0 AND 999999999),
  PRIMARY KEY (account_id, side, currency, month, offering_id)
);

INSERT INTO earned_months (account_id, side, currency, month, offering_id, whole, rest_e9s)
  SELECT account_id, side, currency, month, offering_id,
    CAST(sum(whole) AS BIGINT) + CAST(sum(rest) AS BIGINT) / 1000000000,
    CAST(sum(rest) AS BIGINT) % 1000000000
  FROM (
    SELECT
      CASE WHEN s.side = 'renter' THEN c.renter_id ELSE c.provider_id END AS account_id, s.side,
      p.currency, substr(e.at, 1, 7) AS month, c.offering_id,
      p.amount_e9s / 1000000000 AS whole, p.amount_e9s % 1000000000 AS rest
    FROM ledger_entries AS e
    JOIN ledger_postings AS p ON p.entry_id = e.id
    JOIN contract_sign_requests AS c ON c.contract_id = substr(e.cause_id, 1, 64)
    JOIN (SELECT 'renter' AS side UNION ALL SELECT 'provider') AS s
      ON p.account = 'payable:' || c.provider_id OR (s.side = 'renter' AND p.account = 'commission')
    WHERE e.cause_kind IN ('contract.earn', 'contract.settle')
  ) AS earned
  GROUP BY account_id, side, currency, month, offering_id;
