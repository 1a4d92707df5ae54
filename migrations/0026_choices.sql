-- What the renter chose of what the terms leave open; null where it chose nothing.
ALTER TABLE contract_sign_requests ADD COLUMN operating_system TEXT;
