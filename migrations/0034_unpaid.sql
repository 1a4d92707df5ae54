-- A request may wait for its money: how the renter pays, and what of the total is not held yet. A
-- contract that ended unpaid keeps what was missing.
ALTER TABLE escrows ADD COLUMN pays_by TEXT CHECK (pays_by IN ('card', 'transfer'));
ALTER TABLE escrows ADD COLUMN missing_e9s BIGINT NOT NULL DEFAULT 0 CHECK (missing_e9s >= 0);
