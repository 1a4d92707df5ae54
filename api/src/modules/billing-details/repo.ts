import type { Kysely, Transaction } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type DetailsRow = Schema['billing_details'];

/** The details of whoever acts; null where none were set. */
export const findDetails = (db: Db, { acting_for }: AccountActor): Promise<DetailsRow | null> =>
  findAnyDetails(db, acting_for);

/** The details of an account, for what the system writes about it. */
export async function findAnyDetails(db: Db, account_id: string): Promise<DetailsRow | null> {
  const row = await db
    .selectFrom('billing_details')
    .where('account_id', '=', account_id)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function saveDetails(tx: Tx, row: DetailsRow): Promise<void> {
  const { account_id: _, ...change } = row;
  await tx
    .insertInto('billing_details')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(change))
    .execute();
}

/** Keeps what the register says of an account's VAT id, if it still has that one. */
export async function saveCheck(
  tx: Tx,
  { account_id, vat_id, vat_valid }: { account_id: string; vat_id: string; vat_valid: 0 | 1 },
): Promise<void> {
  await tx
    .updateTable('billing_details')
    .set({ vat_valid })
    .where('account_id', '=', account_id)
    .where('vat_id', '=', vat_id)
    .execute();
}
