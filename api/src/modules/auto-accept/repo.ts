import type { Tx } from '../../db/database.ts';
import type { Schema } from '../../db/schema.ts';

export async function revokeRule(tx: Tx, offering_id: string, at: string): Promise<void> {
  await tx
    .updateTable('auto_accept_rules')
    .set({ revoked_at: at })
    .where('offering_id', '=', offering_id)
    .where('revoked_at', 'is', null)
    .execute();
}

export async function insertRule(
  tx: Tx,
  rule: Omit<Schema['auto_accept_rules'], 'revoked_at'>,
): Promise<void> {
  await tx
    .insertInto('auto_accept_rules')
    .values({ ...rule, revoked_at: null })
    .execute();
}
