-- What one side's contracts come to, by state, who has signed an extension that waits (empty where
-- nobody has) and currency: how many there are, and what they cost less refunds, in whole units and
-- the rest of each. Triggers keep it in the transaction that changes a contract.
CREATE TABLE contract_totals (
  account_id TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('renter', 'provider')),
  state TEXT NOT NULL,
  extension_by TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- 0 has what is folded together; a change is a part of its own until then, so that writers of
  -- one account's contracts do not wait for each other.
  part BIGINT NOT NULL,
  contracts BIGINT NOT NULL,
  whole BIGINT NOT NULL,
  rest_e9s BIGINT NOT NULL,
  PRIMARY KEY (account_id, side, state, extension_by, currency, part)
);
CREATE SEQUENCE contract_totals_part;
CREATE INDEX contract_totals_unfolded ON contract_totals (part) WHERE part > 0;
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

CREATE FUNCTION keep_contract_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
    VALUES
      (NEW.renter_id, 'renter', NEW.state, COALESCE(NEW.extension_by, ''), NEW.currency,
        nextval('contract_totals_part'), 1,
        ((NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) / 1000000000),
        ((NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) % 1000000000)),
      (NEW.provider_id, 'provider', NEW.state, COALESCE(NEW.extension_by, ''), NEW.currency,
        nextval('contract_totals_part'), 1,
        ((NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) / 1000000000),
        ((NEW.total_e9s - COALESCE(NEW.refund_e9s, 0)) % 1000000000));
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO contract_totals (account_id, side, state, extension_by, currency, part,
      contracts, whole, rest_e9s)
      VALUES
      (OLD.renter_id, 'renter', OLD.state, COALESCE(OLD.extension_by, ''), OLD.currency,
        nextval('contract_totals_part'), -1,
        -((OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) / 1000000000),
        -((OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) % 1000000000)),
      (OLD.provider_id, 'provider', OLD.state, COALESCE(OLD.extension_by, ''), OLD.currency,
        nextval('contract_totals_part'), -1,
        -((OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) / 1000000000),
        -((OLD.total_e9s - COALESCE(OLD.refund_e9s, 0)) % 1000000000));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER contract_totals_of_new AFTER INSERT ON contract_sign_requests
  FOR EACH ROW EXECUTE FUNCTION keep_contract_totals();
CREATE TRIGGER contract_totals_of_changed AFTER UPDATE ON contract_sign_requests
  FOR EACH ROW WHEN (OLD.state <> NEW.state
    OR OLD.total_e9s <> NEW.total_e9s OR OLD.currency <> NEW.currency
    OR OLD.refund_e9s IS DISTINCT FROM NEW.refund_e9s
    OR OLD.extension_by IS DISTINCT FROM NEW.extension_by)
  EXECUTE FUNCTION keep_contract_totals();

-- What runs is added up by the hour: its rows, without those that have ended.
CREATE INDEX contracts_active_by_renter ON contract_sign_requests (renter_id)
  WHERE state = 'active';
CREATE INDEX contracts_active_by_provider ON contract_sign_requests (provider_id)
  WHERE state = 'active';
