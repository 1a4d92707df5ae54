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

export interface WorkSchema {
  projections: ProjectionsTable;
  due_work: DueWorkTable;
}
