-- Notices by finer kinds (shared/src/notices/kinds.ts), with what else there is to say of each. Of
-- old ones the kind is read from the entry that they tell of, from their link or from their words.
ALTER TABLE notices ADD COLUMN text TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN facts TEXT NOT NULL DEFAULT '[]';
UPDATE notices SET kind = CASE
    WHEN kind = 'offering' AND link LIKE '/marketplace%' THEN 'saved.search_found'
    WHEN kind = 'offering' THEN 'saved.offering_changed'
    WHEN kind = 'account' AND title LIKE 'A recovery phrase was added%' THEN 'key.added'
    WHEN kind = 'account' AND title LIKE '%was removed. Signing in%' THEN 'key.removed'
    WHEN kind = 'account' AND title LIKE '%its removal was undone' THEN 'key.restored'
    WHEN kind = 'account' THEN 'key.sealed_to'
    ELSE coalesce((
      SELECT CASE log.action
        WHEN 'submit' THEN 'contract.requested'
        WHEN 'import' THEN CASE log.to_state
          WHEN 'pending' THEN 'contract.requested_on_chain'
          WHEN 'accepted' THEN 'contract.accepted_on_chain'
          ELSE 'contract.declined_on_chain' END
        WHEN 'accept' THEN
          CASE log.role WHEN 'system' THEN 'contract.accepted_by_rule' ELSE 'contract.accepted' END
        WHEN 'start_provisioning' THEN 'contract.provisioning'
        WHEN 'mark_provisioned' THEN 'contract.ready'
        WHEN 'activate' THEN 'contract.active'
        WHEN 'complete' THEN 'contract.completed'
        WHEN 'extend' THEN 'contract.extension_asked'
        WHEN 'rotate_credentials' THEN 'contract.new_credentials'
        WHEN 'message' THEN 'contract.message'
        WHEN 'reject' THEN 'contract.declined'
        WHEN 'fail' THEN
          CASE log.role WHEN 'system' THEN 'contract.late' ELSE 'contract.failed' END
        WHEN 'cancel' THEN 'contract.cancelled'
        WHEN 'expire' THEN 'contract.expired' END
      FROM log WHERE log.subject_kind = 'contract' AND log.subject_id = notices.contract_id
        AND log.seq = notices.seq
    ), 'contract.ends_soon') END
  WHERE kind IN ('offering', 'account', 'contract');
