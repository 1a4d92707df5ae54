import type { Insertable } from 'kysely';
import type { Tx } from '../../db/database.ts';
import type { Schema } from '../../db/schema.ts';

type Row = Insertable<Schema['exchange_rates']>;

/** Keeps a day's rates; what is known of a day stays as it was. */
export async function saveRates(tx: Tx, rows: readonly Row[]): Promise<void> {
  await tx
    .insertInto('exchange_rates')
    .values([...rows])
    .onConflict((conflict) => conflict.columns(['date', 'currency']).doNothing())
    .execute();
}

export async function deleteRatesBefore(tx: Tx, date: string): Promise<void> {
  await tx.deleteFrom('exchange_rates').where('date', '<', date).execute();
}
