-- A contract can be paused: its paid clock stands still, and the end moves by as much.
ALTER TABLE contract_sign_requests ADD COLUMN pauses TEXT NOT NULL DEFAULT '[]';
DROP INDEX contracts_active_by_renter;
DROP INDEX contracts_active_by_provider;
ALTER TABLE contract_sign_requests DROP CONSTRAINT contract_sign_requests_state_check;
ALTER TABLE contract_sign_requests ADD CONSTRAINT contract_sign_requests_state_check
  CHECK (state IN ('requested', 'pending', 'accepted', 'provisioning',
    'provisioned', 'active', 'suspended', 'completed', 'rejected', 'cancelled', 'expired',
    'failed'));
CREATE INDEX contracts_begun_by_renter ON contract_sign_requests (renter_id)
  WHERE state IN ('active', 'suspended');
CREATE INDEX contracts_begun_by_provider ON contract_sign_requests (provider_id)
  WHERE state IN ('active', 'suspended');
