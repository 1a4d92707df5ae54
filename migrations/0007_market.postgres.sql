-- What an offering cost and whether everybody could rent it, from `at` until `until_at`; null while
-- it stands. Kept for 90 days after it has passed.
CREATE TABLE offering_points (
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  at TEXT NOT NULL,
  until_at TEXT,
  available INTEGER NOT NULL CHECK (available IN (0, 1)),
  price_e9s BIGINT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('hour', 'day', 'month')),
  setup_fee_e9s BIGINT NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (offering_id, at)
);
CREATE INDEX offering_points_passed ON offering_points (until_at) WHERE until_at IS NOT NULL;
INSERT INTO offering_points
  SELECT id, updated_at, NULL, CASE WHEN stock > 0 THEN 1 ELSE 0 END, price_e9s, unit,
    setup_fee_e9s, currency
  FROM offerings WHERE state = 'listed' AND visibility = 'public';

-- What a contract says of its provider, one row once it is answered or has ended: `kept` ended
-- without the provider failing it, cancelling it or letting it expire.
CREATE TABLE provider_contracts (
  contract_id TEXT PRIMARY KEY REFERENCES contract_sign_requests (contract_id),
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  renter_id TEXT NOT NULL REFERENCES accounts (id),
  answered_at TEXT,
  response_s INTEGER,
  outcome TEXT CHECK (outcome IN ('completed', 'kept', 'broken'))
);
CREATE INDEX provider_contracts_by_answer
  ON provider_contracts (provider_id, answered_at, contract_id) WHERE answered_at IS NOT NULL;
CREATE INDEX provider_contracts_completed
  ON provider_contracts (provider_id, renter_id) WHERE outcome = 'completed';

-- The sums of it: distinct renters with a completed contract, contracts completed, kept (completed
-- ones too), ended and answered, and the median of the last 100 answers' seconds.
CREATE TABLE provider_records (
  provider_id TEXT PRIMARY KEY REFERENCES accounts (id),
  renters INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  median_response_s INTEGER
);

INSERT INTO provider_contracts
  SELECT c.contract_id, c.provider_id, c.renter_id, a.changed_at,
    round(extract(epoch FROM a.changed_at::timestamptz - c.requested_at::timestamptz)),
    CASE
      WHEN c.ended_at IS NULL THEN NULL
      WHEN c.state = 'completed' THEN 'completed'
      WHEN c.state IN ('expired', 'failed') THEN 'broken'
      WHEN EXISTS (SELECT 1 FROM contract_status_history h WHERE h.contract_id = c.contract_id
        AND h.action = 'cancel' AND h.changed_role = 'provider') THEN 'broken'
      ELSE 'kept'
    END
  FROM contract_sign_requests c
  LEFT JOIN contract_status_history a
    ON a.contract_id = c.contract_id AND a.action IN ('accept', 'reject')
  WHERE a.changed_at IS NOT NULL OR c.ended_at IS NOT NULL;

WITH latest AS (
  SELECT provider_id, response_s, ROW_NUMBER() OVER (
    PARTITION BY provider_id ORDER BY answered_at DESC, contract_id DESC) AS age
  FROM provider_contracts WHERE answered_at IS NOT NULL
), sorted AS (
  SELECT provider_id, response_s,
    ROW_NUMBER() OVER (PARTITION BY provider_id ORDER BY response_s) AS place,
    COUNT(*) OVER (PARTITION BY provider_id) AS many
  FROM latest WHERE age <= 100
), medians AS MATERIALIZED (
  SELECT provider_id, response_s FROM sorted WHERE place = many / 2 + 1
), sums AS MATERIALIZED (
  SELECT provider_id,
    COUNT(DISTINCT CASE WHEN outcome = 'completed' THEN renter_id END) AS renters,
    COUNT(CASE WHEN outcome = 'completed' THEN 1 END) AS completed,
    COUNT(CASE WHEN outcome IN ('completed', 'kept') THEN 1 END) AS kept,
    COUNT(outcome) AS ended,
    COUNT(answered_at) AS answered
  FROM provider_contracts GROUP BY provider_id
)
INSERT INTO provider_records
  SELECT s.provider_id, s.renters, s.completed, s.kept, s.ended, s.answered, m.response_s
  FROM sums s LEFT JOIN medians m ON m.provider_id = s.provider_id;
