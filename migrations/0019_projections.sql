-- Each consumer of the outbox has a cursor of its own: how far it has come by position, which news
-- gets in the order in which it became visible. What was told to all is not needed any more.
DELETE FROM outbox WHERE delivered_at IS NOT NULL;
DROP INDEX outbox_waiting;
ALTER TABLE outbox DROP COLUMN attempts;
ALTER TABLE outbox DROP COLUMN next_attempt_at;
ALTER TABLE outbox DROP COLUMN last_error;
ALTER TABLE outbox DROP COLUMN delivered_at;
ALTER TABLE outbox ADD COLUMN position BIGINT;
CREATE INDEX outbox_without_position ON outbox (id) WHERE position IS NULL;
CREATE UNIQUE INDEX outbox_by_position ON outbox (position) WHERE position IS NOT NULL;

CREATE TABLE projections (
  name TEXT PRIMARY KEY,
  position BIGINT NOT NULL
);
