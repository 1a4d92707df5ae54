-- A log row is never changed and never removed.
CREATE TRIGGER contract_status_history_no_update BEFORE UPDATE ON contract_status_history
BEGIN SELECT RAISE(ABORT, 'contract_status_history is append only'); END;
CREATE TRIGGER contract_status_history_no_delete BEFORE DELETE ON contract_status_history
BEGIN SELECT RAISE(ABORT, 'contract_status_history is append only'); END;
CREATE TRIGGER offering_terms_no_update BEFORE UPDATE ON offering_terms
BEGIN SELECT RAISE(ABORT, 'offering_terms is append only'); END;
CREATE TRIGGER offering_terms_no_delete BEFORE DELETE ON offering_terms
BEGIN SELECT RAISE(ABORT, 'offering_terms is append only'); END;
