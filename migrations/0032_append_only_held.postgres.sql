-- What was posted stays, however it is tried, and a balance is what was posted. The functions read
-- the tables of this schema, so that no temporary one stands before them.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE OR REPLACE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
DECLARE
  said jsonb := NEW.postings::jsonb;
BEGIN
  -- Beyond it JavaScript counts no longer.
  IF NEW.id < 1 OR NEW.id > 9007199254740991 THEN
    RAISE EXCEPTION 'ledger: entries count upwards';
  END IF;
  IF NEW.at !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$' THEN
    RAISE EXCEPTION 'ledger: an entry has a time';
  END IF;
  IF jsonb_typeof(said) <> 'array' OR jsonb_array_length(said) < 2 THEN
    RAISE EXCEPTION 'ledger: an entry has at least two postings';
  END IF;
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(said) AS p
      WHERE jsonb_typeof(p -> 'amount_e9s') IS DISTINCT FROM 'string'
        OR jsonb_typeof(p -> 'account') IS DISTINCT FROM 'string'
        OR jsonb_typeof(p -> 'currency') IS DISTINCT FROM 'string'
        OR p - ARRAY['account', 'currency', 'amount_e9s'] <> '{}'::jsonb
        OR p ->> 'amount_e9s' !~ '^-?[1-9][0-9]{0,18}$'
        OR p ->> 'account' !~ '^[A-Za-z0-9:_.-]*[A-Za-z0-9_.-]$') THEN
    RAISE EXCEPTION 'ledger: amounts are whole e9s as decimal text, each of an account';
  END IF;
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(said) AS p GROUP BY p ->> 'currency'
      HAVING sum((p ->> 'amount_e9s')::numeric) <> 0) THEN
    RAISE EXCEPTION 'ledger: an entry balances in each currency';
  END IF;
  INSERT INTO ledger_postings (entry_id, nth, account, currency, mode, amount_e9s)
    SELECT NEW.id, p.nth - 1, p.one ->> 'account', p.one ->> 'currency', NEW.mode,
      (p.one ->> 'amount_e9s')::bigint
    FROM jsonb_array_elements(said) WITH ORDINALITY AS p (one, nth);
  RETURN NULL;
END $$;

ALTER FUNCTION ledger_part() SET search_path FROM CURRENT;
ALTER FUNCTION ledger_count() SET search_path FROM CURRENT;

-- An entry writes its postings, and those the balances: by hand neither is written.
CREATE FUNCTION ledger_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.account, NEW.currency, NEW.mode)
      IS DISTINCT FROM (OLD.account, OLD.currency, OLD.mode) THEN
    RAISE EXCEPTION 'ledger: an account stays whose it is';
  END IF;
  IF pg_trigger_depth() < 3 AND (TG_OP = 'INSERT'
      OR (NEW.whole, NEW.rest_e9s) IS DISTINCT FROM (OLD.whole, OLD.rest_e9s)) THEN
    RAISE EXCEPTION 'ledger: a balance is what was posted';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_accounts_follow BEFORE INSERT OR UPDATE ON ledger_accounts
  FOR EACH ROW EXECUTE FUNCTION ledger_follow();

CREATE FUNCTION escrow_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.contract_id, NEW.commission_bp)
      IS DISTINCT FROM (OLD.contract_id, OLD.commission_bp) THEN
    RAISE EXCEPTION 'escrows: what was agreed is never changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER escrows_stay BEFORE UPDATE ON escrows
  FOR EACH ROW EXECUTE FUNCTION escrow_stays();
CREATE TRIGGER escrows_last BEFORE DELETE OR TRUNCATE ON escrows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
