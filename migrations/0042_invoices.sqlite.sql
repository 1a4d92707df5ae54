-- Invoices, credit notes and commission invoices: numbered without gaps by kind and year, and never
-- changed. Amounts are 10^-9 units of a currency.
CREATE TABLE invoices (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'commission')),
  year INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  number TEXT NOT NULL UNIQUE,
  -- What it follows from; the same cause makes one.
  cause_id TEXT NOT NULL UNIQUE,
  -- The last entry of the ledger that it follows from.
  entry_id BIGINT NOT NULL,
  -- Null where the marketplace sells.
  seller_id TEXT REFERENCES accounts (id),
  buyer_id TEXT NOT NULL REFERENCES accounts (id),
  contract_id TEXT REFERENCES contract_sign_requests (contract_id),
  -- The invoice that a credit note corrects.
  corrects TEXT REFERENCES invoices (id),
  currency TEXT NOT NULL,
  gross_e9s BIGINT NOT NULL CHECK (gross_e9s > 0),
  tax_e9s BIGINT NOT NULL CHECK (tax_e9s >= 0 AND tax_e9s <= gross_e9s),
  issued_at TEXT NOT NULL,
  -- Parties, lines and tax as they were, as JSON.
  document TEXT NOT NULL,
  UNIQUE (kind, year, nth),
  CHECK ((kind = 'credit_note') = (corrects IS NOT NULL)),
  CHECK (substr(issued_at, 1, 4) = CAST(year AS TEXT))
);
CREATE INDEX invoices_by_buyer ON invoices (buyer_id, issued_at, entry_id, number);
CREATE INDEX invoices_by_seller ON invoices (seller_id, issued_at, entry_id, number);
CREATE INDEX invoices_by_contract ON invoices (contract_id, entry_id)
  WHERE contract_id IS NOT NULL;
CREATE INDEX invoices_by_time ON invoices (issued_at, entry_id, number);
CREATE INDEX invoices_corrected ON invoices (corrects) WHERE corrects IS NOT NULL;

CREATE TRIGGER invoices_number BEFORE INSERT ON invoices
BEGIN
  SELECT RAISE(ABORT, 'invoices: an invoice is never changed')
    WHERE EXISTS (SELECT 1 FROM invoices WHERE id = NEW.id OR number = NEW.number
      OR cause_id = NEW.cause_id OR rowid = NEW.rowid);
  SELECT RAISE(ABORT, 'invoices: numbers have no gaps')
    WHERE NEW.nth IS NOT 1 + COALESCE(
      (SELECT max(nth) FROM invoices WHERE kind = NEW.kind AND year = NEW.year), 0);
  SELECT RAISE(ABORT, 'invoices: no more is credited than was invoiced')
    WHERE NEW.corrects IS NOT NULL AND NEW.gross_e9s > COALESCE(
      (SELECT o.gross_e9s - COALESCE(
          (SELECT sum(c.gross_e9s) FROM invoices AS c WHERE c.corrects = o.id), 0)
        FROM invoices AS o WHERE o.id = NEW.corrects AND o.kind = 'invoice'
          AND o.currency = NEW.currency), 0);
END;
CREATE TRIGGER invoices_stay BEFORE UPDATE ON invoices
BEGIN SELECT RAISE(ABORT, 'invoices: an invoice is never changed'); END;
CREATE TRIGGER invoices_last BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'invoices: an invoice is never removed'); END;

-- The last number of each kind and year: whoever takes the next one holds the row.
CREATE TABLE invoice_series (
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (kind, year)
);

-- When a provider's commission is invoiced next, and up to which entry it was.
CREATE TABLE commission_dues (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  due_at TEXT NOT NULL,
  entry_id BIGINT NOT NULL
);
CREATE INDEX commission_dues_by_time ON commission_dues (due_at);
-- Whoever has earned before there were invoices has its months too.
INSERT INTO commission_dues (account_id, due_at, entry_id)
  SELECT DISTINCT c.provider_id, '2026-01-01T00:00:00.000Z', 0
  FROM contract_sign_requests AS c JOIN escrows AS e ON e.contract_id = c.contract_id;
