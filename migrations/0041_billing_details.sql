-- Who an account is on invoices; an invoice keeps its own copy.
CREATE TABLE billing_details (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  name TEXT NOT NULL,
  line1 TEXT NOT NULL,
  line2 TEXT NOT NULL,
  postcode TEXT NOT NULL,
  city TEXT NOT NULL,
  -- Two letters.
  country TEXT NOT NULL,
  -- With its letters in front, without spaces; null for who has none.
  vat_id TEXT,
  -- What the register says of it: 1 or 0; null while it has said nothing.
  vat_valid INTEGER CHECK (vat_valid IN (0, 1)),
  set_at TEXT NOT NULL
);
