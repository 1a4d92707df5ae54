-- While a balance is another than what was posted, nothing more moves on it: whoever has an account
-- that is somebody's own waits until an admin has put it right. What many share is shown alone.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE FUNCTION ledger_parked() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF split_part(NEW.account, ':', 1) IN ('balance', 'payable', 'escrow')
    AND EXISTS (SELECT 1 FROM ledger_sums AS s
      WHERE s.account = NEW.account AND s.currency = NEW.currency AND s.mode = NEW.mode
        AND s.differs_since IS NOT NULL) THEN
    RAISE EXCEPTION 'ledger: this account is parked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_posting_parked BEFORE INSERT ON ledger_postings
  FOR EACH ROW EXECUTE FUNCTION ledger_parked();
