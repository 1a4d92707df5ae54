import type { Schema } from '../../db/schema.ts';
import type { Db, Tx } from '../../db/database.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';

export type IcpRow = Schema['icp_offerings'];

/** What the chain last wrote of this provider's offerings. */
export async function listAnyIcpRows(db: Db, provider_key: string): Promise<IcpRow[]> {
  return db
    .selectFrom('icp_offerings')
    .where('provider_key', '=', provider_key)
    .orderBy('reference')
    .selectAll()
    .execute();
}

export async function saveIcpRow(tx: Tx, row: IcpRow): Promise<void> {
  const { offering_id: _, ...rest } = row;
  await tx
    .insertInto('icp_offerings')
    .values(row)
    .onConflict((oc) => oc.column('offering_id').doUpdateSet(rest))
    .execute();
}

/** The offering that the chain brought under this reference of its provider. */
export async function findAnyOnChain(
  db: Db,
  provider_key: string,
  reference: string,
): Promise<OfferingRow | null> {
  const row = await db
    .selectFrom('icp_offerings as l')
    .innerJoin('offerings as o', 'o.id', 'l.offering_id')
    .where('l.provider_key', '=', provider_key)
    .where('l.reference', '=', reference)
    .selectAll('o')
    .executeTakeFirst();
  return (row as OfferingRow | undefined) ?? null;
}
