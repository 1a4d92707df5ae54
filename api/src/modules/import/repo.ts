import type { Selectable } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { Db, Tx } from '../../db/database.ts';

export type MappingRow = Selectable<Schema['import_mappings']>;

const visibleTo = (db: Db, { acting_for: account_id }: AccountActor) =>
  db.selectFrom('import_mappings').where('provider_id', '=', account_id);

export const listMappingRows = (db: Db, actor: AccountActor): Promise<MappingRow[]> =>
  visibleTo(db, actor).selectAll().orderBy('name').execute();

export async function findMappingRow(
  db: Db,
  actor: AccountActor,
  id: string,
): Promise<MappingRow | null> {
  const row = await visibleTo(db, actor).where('id', '=', id).selectAll().executeTakeFirst();
  return row ?? null;
}

export async function insertMapping(tx: Tx, row: MappingRow): Promise<void> {
  await tx.insertInto('import_mappings').values(row).execute();
}

export async function updateMapping(tx: Tx, row: MappingRow): Promise<void> {
  await tx.updateTable('import_mappings').set(row).where('id', '=', row.id).execute();
}

/** False when it is not there, or another's. */
export async function deleteMapping(tx: Tx, actor: AccountActor, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('import_mappings')
    .where('id', '=', id)
    .where('provider_id', '=', actor.acting_for)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
