-- Entries of a machine that is not signed have neither signature nor key.
ALTER TABLE log ALTER COLUMN signature DROP NOT NULL;
ALTER TABLE log ALTER COLUMN key DROP NOT NULL;
ALTER TABLE log ADD CONSTRAINT log_signed_by_a_key CHECK ((signature IS NULL) = (key IS NULL));

-- Where an offering's log stands; one that was made before has no entries until its next move.
ALTER TABLE offerings ADD COLUMN log_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offerings ADD COLUMN head_hash TEXT;
