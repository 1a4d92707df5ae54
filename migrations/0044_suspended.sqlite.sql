-- A contract can be paused: its paid clock stands still, and the end moves by as much.
ALTER TABLE contract_sign_requests ADD COLUMN pauses TEXT NOT NULL DEFAULT '[]';
DROP INDEX contracts_active_by_renter;
DROP INDEX contracts_active_by_provider;

-- SQLite changes no constraint, so that the state moves to a column with the new one.
DROP INDEX contracts_unanswered;
DROP TRIGGER contract_totals_of_new;
DROP TRIGGER contract_totals_of_changed;
ALTER TABLE contract_sign_requests ADD COLUMN state_next TEXT NOT NULL DEFAULT 'requested'
  CHECK (state_next IN ('requested', 'pending', 'accepted', 'provisioning',
    'provisioned', 'active', 'suspended', 'completed', 'rejected', 'cancelled', 'expired',
    'failed'));
UPDATE contract_sign_requests SET state_next = state;
ALTER TABLE contract_sign_requests DROP COLUMN state;
ALTER TABLE contract_sign_requests RENAME COLUMN state_next TO state;
CREATE INDEX contracts_unanswered ON contract_sign_requests (renter_id)
  WHERE state IN ('requested', 'pending');
CREATE INDEX contracts_begun_by_renter ON contract_sign_requests (renter_id)
  WHERE state IN ('active', 'suspended');
CREATE INDEX contracts_begun_by_provider ON contract_sign_requests (provider_id)
  WHERE state IN ('active', 'suspended');

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
