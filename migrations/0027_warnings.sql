-- When the parties of a contract are next told that its paid hours end soon; null where never. What
-- runs already is looked at once: what fell due since it began and is not told is then.
ALTER TABLE contract_sign_requests ADD COLUMN warn_at TEXT;
CREATE INDEX contracts_to_warn ON contract_sign_requests (warn_at) WHERE warn_at IS NOT NULL;
UPDATE contract_sign_requests SET warn_at = active_at WHERE state = 'active';
