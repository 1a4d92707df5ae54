interface DueWorkTable {
  kind: string;
  subject_id: string;
  not_before: string;
  attempts: number;
  last_error: string | null;
  failed_at: string | null;
}

interface ProjectionsTable {
  name: string;
  position: number;
}

interface EffectsTable {
  id: string;
  kind: string;
  payload: string;
  state: string;
  outcome: string | null;
  wanted_at: string;
  called_at: string | null;
  ended_at: string | null;
}

/** What all processes have counted of a rate limit, on PostgreSQL. */
interface RateWindowsTable {
  policy: string;
  who: string;
  used: number;
  ends_at: string;
}

export interface WorkSchema {
  rate_windows: RateWindowsTable;
  effects: EffectsTable;
  projections: ProjectionsTable;
  due_work: DueWorkTable;
}
