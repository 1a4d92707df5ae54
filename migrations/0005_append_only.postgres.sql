-- A log row is never changed and never removed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END $$;
CREATE TRIGGER contract_status_history_no_change
  BEFORE UPDATE OR DELETE OR TRUNCATE ON contract_status_history
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER offering_terms_no_change
  BEFORE UPDATE OR DELETE OR TRUNCATE ON offering_terms
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
