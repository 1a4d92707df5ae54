-- While a balance is another than what was posted, nothing more moves on it: whoever has an account
-- that is somebody's own waits until an admin has put it right. What many share is shown alone.
CREATE TRIGGER ledger_posting_parked BEFORE INSERT ON ledger_postings
BEGIN
  SELECT RAISE(ABORT, 'ledger: this account is parked')
    WHERE substr(NEW.account, 1, instr(NEW.account, ':')) IN ('balance:', 'payable:', 'escrow:')
      AND EXISTS (SELECT 1 FROM ledger_sums AS s
        WHERE s.account = NEW.account AND s.currency = NEW.currency AND s.mode = NEW.mode
          AND s.differs_since IS NOT NULL);
END;
