import type { Generated } from 'kysely';

interface AdminLogTable {
  id: Generated<number>;
  at: string;
  by_account: string | null;
  act: string;
  subject: string;
}

export interface AdminSchema {
  admin_log: AdminLogTable;
}
