interface DueWorkTable {
  kind: string;
  subject_id: string;
  not_before: string;
  attempts: number;
  last_error: string | null;
  failed_at: string | null;
}

export interface WorkSchema {
  due_work: DueWorkTable;
}
