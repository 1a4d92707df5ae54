-- How many units a provider has put up: what its own acts changed on each day (UTC), of offerings
-- that are listed or paused. A unit that is rented or held is still put up, so what contracts take
-- and give back is no change. Triggers keep it in the transaction that changes an offering.
CREATE TABLE provider_units (
  provider_id TEXT NOT NULL REFERENCES accounts (id),
  day TEXT NOT NULL,
  change BIGINT NOT NULL,
  PRIMARY KEY (provider_id, day)
);
-- What was put up before counts from the day on which it was listed first.
INSERT INTO provider_units (provider_id, day, change)
  SELECT o.provider_id, substr(COALESCE(o.listed_at, o.created_at), 1, 10),
    sum(o.stock
      + (SELECT count(*) FROM contract_sign_requests c
        WHERE c.offering_id = o.id AND c.ended_at IS NULL AND c.on_chain = 0)
      + (SELECT count(*) FROM offering_holds h WHERE h.offering_id = o.id))
  FROM offerings o
  WHERE o.state IN ('listed', 'paused')
  GROUP BY o.provider_id, substr(COALESCE(o.listed_at, o.created_at), 1, 10);

CREATE TRIGGER provider_units_of_new AFTER INSERT ON offerings
  WHEN NEW.state IN ('listed', 'paused')
BEGIN
  INSERT INTO provider_units (provider_id, day, change)
    VALUES (NEW.provider_id, substr(COALESCE(NEW.listed_at, NEW.created_at), 1, 10), NEW.stock)
    ON CONFLICT (provider_id, day) DO UPDATE SET change = change + excluded.change;
END;
-- An act of the provider's is an entry of the offering's log; a contract's is none.
CREATE TRIGGER provider_units_of_changed AFTER UPDATE ON offerings
  WHEN NEW.log_length <> OLD.log_length AND (
    (NEW.state IN ('listed', 'paused')) <> (OLD.state IN ('listed', 'paused'))
    OR (NEW.state IN ('listed', 'paused') AND NEW.stock <> OLD.stock))
BEGIN
  INSERT INTO provider_units (provider_id, day, change)
    SELECT NEW.provider_id, substr(NEW.updated_at, 1, 10),
      CASE WHEN NEW.state IN ('listed', 'paused') THEN NEW.stock + taken.units ELSE 0 END
      - CASE WHEN OLD.state IN ('listed', 'paused') THEN OLD.stock + taken.units ELSE 0 END
    FROM (SELECT (SELECT count(*) FROM contract_sign_requests c
          WHERE c.offering_id = NEW.id AND c.ended_at IS NULL AND c.on_chain = 0)
        + (SELECT count(*) FROM offering_holds h WHERE h.offering_id = NEW.id) AS units) taken
    WHERE true
    ON CONFLICT (provider_id, day) DO UPDATE SET change = change + excluded.change;
END;

-- What has run since a day: a provider's earnings are counted by it.
CREATE INDEX contracts_ended_by_provider ON contract_sign_requests (provider_id, ended_at)
  WHERE active_at IS NOT NULL;
