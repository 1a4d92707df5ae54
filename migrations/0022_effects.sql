-- What the outside is asked for, and what came of it. When it is done, and how often it failed, is
-- in due_work, as for all other work.
CREATE TABLE effects (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'called', 'answered', 'done', 'refused', 'given_up')),
  outcome TEXT,
  wanted_at TEXT NOT NULL,
  called_at TEXT,
  ended_at TEXT
);
CREATE INDEX effects_open ON effects (kind, state) WHERE ended_at IS NULL;
CREATE INDEX effects_ended ON effects (ended_at) WHERE ended_at IS NOT NULL;

DROP INDEX due_work_by_time;
CREATE INDEX due_work_by_time ON due_work (kind, not_before, subject_id);
