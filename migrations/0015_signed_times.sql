-- What the newest statement of a contract's log is dated: the next one is no earlier.
ALTER TABLE contract_sign_requests ADD COLUMN head_at TEXT NOT NULL DEFAULT '';
UPDATE contract_sign_requests SET head_at = COALESCE((
  SELECT max(h.at) FROM log h
  WHERE h.subject_kind = 'contract' AND h.subject_id = contract_sign_requests.contract_id
), requested_at);
