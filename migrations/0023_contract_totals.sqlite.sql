-- What one side's contracts come to, by state, who has signed an extension that waits (empty where
-- nobody has) and currency: how many there are, and what they cost less refunds, in whole units and
-- the rest of each. Triggers keep it in the transaction that changes a contract.
CREATE TABLE contract_totals (
  account_id TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('renter', 'provider')),
  state TEXT NOT NULL,
  extension_by TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- Always 0 here: one writer at a time.
  part BIGINT NOT NULL,
  contracts BIGINT NOT NULL,
  whole BIGINT NOT NULL,
  rest_e9s BIGINT NOT NULL,
  PRIMARY KEY (account_id, side, state, extension_by, currency, part)
);
INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
  SELECT c.renter_id, 'renter', c.state, COALESCE(c.extension_by, ''), c.currency, 0, count(*),
    sum((c.total_e9s - COALESCE(c.refund_e9s, 0)) / 1000000000),
    sum((c.total_e9s - COALESCE(c.refund_e9s, 0)) % 1000000000)
  FROM contract_sign_requests c
  GROUP BY c.renter_id, c.state, COALESCE(c.extension_by, ''), c.currency
  UNION ALL
  SELECT c.provider_id, 'provider', c.state, COALESCE(c.extension_by, ''), c.currency, 0, count(*),
    sum((c.total_e9s - COALESCE(c.refund_e9s, 0)) / 1000000000),
    sum((c.total_e9s - COALESCE(c.refund_e9s, 0)) % 1000000000)
  FROM contract_sign_requests c
  GROUP BY c.provider_id, c.state, COALESCE(c.extension_by, ''), c.currency;

CREATE TRIGGER contract_totals_of_new AFTER INSERT ON contract_sign_requests
BEGIN
  INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
    VALUES (NEW.renter_id, 'renter', NEW.state, COALESCE(NEW.extension_by, ''), NEW.currency,
      0, 1,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) / 1000000000,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) % 1000000000)
    ON CONFLICT DO UPDATE SET contracts = contracts + 1,
      whole = whole + excluded.whole, rest_e9s = rest_e9s + excluded.rest_e9s;
  INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
    VALUES (NEW.provider_id, 'provider', NEW.state, COALESCE(NEW.extension_by, ''), NEW.currency,
      0, 1,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) / 1000000000,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) % 1000000000)
    ON CONFLICT DO UPDATE SET contracts = contracts + 1,
      whole = whole + excluded.whole, rest_e9s = rest_e9s + excluded.rest_e9s;
END;
CREATE TRIGGER contract_totals_of_changed AFTER UPDATE ON contract_sign_requests
  WHEN OLD.state <> NEW.state OR OLD.total_e9s <> NEW.total_e9s OR OLD.currency <> NEW.currency
    OR OLD.refund_e9s IS NOT NEW.refund_e9s OR OLD.extension_by IS NOT NEW.extension_by
BEGIN
  UPDATE contract_totals SET contracts = contracts - 1,
      whole = whole - (OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) / 1000000000,
      rest_e9s = rest_e9s - (OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) % 1000000000
    WHERE account_id = OLD.renter_id AND side = 'renter' AND state = OLD.state
      AND extension_by = COALESCE(OLD.extension_by, '') AND currency = OLD.currency AND part = 0;
  UPDATE contract_totals SET contracts = contracts - 1,
      whole = whole - (OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) / 1000000000,
      rest_e9s = rest_e9s - (OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) % 1000000000
    WHERE account_id = OLD.provider_id AND side = 'provider' AND state = OLD.state
      AND extension_by = COALESCE(OLD.extension_by, '') AND currency = OLD.currency AND part = 0;
  INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
    VALUES (NEW.renter_id, 'renter', NEW.state, COALESCE(NEW.extension_by, ''), NEW.currency,
      0, 1,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) / 1000000000,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) % 1000000000)
    ON CONFLICT DO UPDATE SET contracts = contracts + 1,
      whole = whole + excluded.whole, rest_e9s = rest_e9s + excluded.rest_e9s;
  INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
    VALUES (NEW.provider_id, 'provider', NEW.state, COALESCE(NEW.extension_by, ''), NEW.currency,
      0, 1,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) / 1000000000,
      (NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) % 1000000000)
    ON CONFLICT DO UPDATE SET contracts = contracts + 1,
      whole = whole + excluded.whole, rest_e9s = rest_e9s + excluded.rest_e9s;
END;

-- What runs is added up by the hour: its rows, without those that have ended.
CREATE INDEX contracts_active_by_renter ON contract_sign_requests (renter_id)
  WHERE state = 'active';
CREATE INDEX contracts_active_by_provider ON contract_sign_requests (provider_id)
  WHERE state = 'active';
