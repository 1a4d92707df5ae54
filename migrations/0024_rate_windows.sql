-- How much of a rate limit was used, where several processes share a PostgreSQL; a single process
-- counts in memory. Erased when its time is over.
CREATE TABLE rate_windows (
  policy TEXT NOT NULL,
  who TEXT NOT NULL,
  used BIGINT NOT NULL,
  ends_at TEXT NOT NULL,
  PRIMARY KEY (policy, who)
);
CREATE INDEX rate_windows_by_end ON rate_windows (ends_at);
