import { sql, type Kysely, type Transaction } from 'kysely';
import { E9, type Currency } from '@berth/shared/money';
import type { Schema } from '../../db/schema.ts';
import { summed, sumOf } from '../../db/sums.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
type Row = Schema['earned_months'];
export type Side = 'renter' | 'provider';

/** Adds to what the month had before. */
export async function addEarned(
  tx: Tx,
  rows: readonly (Omit<Row, 'side' | 'whole' | 'rest_e9s'> & { side: Side; amount_e9s: bigint })[],
): Promise<void> {
  await tx
    .insertInto('earned_months')
    .values(
      rows.map(({ amount_e9s, ...row }) => ({
        ...row,
        whole: Number(amount_e9s / E9),
        rest_e9s: amount_e9s % E9,
      })),
    )
    .onConflict((on) =>
      on.columns(['account_id', 'side', 'currency', 'month', 'offering_id']).doUpdateSet({
        whole: sql`earned_months.whole + excluded.whole
          + (earned_months.rest_e9s + excluded.rest_e9s) / ${sql.lit(Number(E9))}`,
        rest_e9s: sql`(earned_months.rest_e9s + excluded.rest_e9s) % ${sql.lit(Number(E9))}`,
      }),
    )
    .execute();
}

/** Whose earnings, in which currency and from which month on. */
export interface Scope {
  side: Side;
  currency: Currency;
  since: string;
}

const ownRows = (db: Db, actor: AccountActor, side: Side) =>
  db
    .selectFrom('earned_months as m')
    .where('m.account_id', '=', actor.acting_for)
    .where('m.side', '=', side);

const rowsOf = (db: Db, actor: AccountActor, { side, currency, since }: Scope) =>
  ownRows(db, actor, side).where('m.currency', '=', currency).where('m.month', '>=', since);

export async function listCurrencies(
  db: Db,
  actor: AccountActor,
  side: Side,
  since: string,
): Promise<Currency[]> {
  const rows = await ownRows(db, actor, side)
    .where('m.month', '>=', since)
    .select('m.currency')
    .distinct()
    .orderBy('m.currency')
    .execute();
  return rows.map(({ currency }) => currency as Currency);
}

/** The sum of each month that has one. */
export async function sumMonths(
  db: Db,
  actor: AccountActor,
  scope: Scope,
): Promise<Map<string, bigint>> {
  const rows = await rowsOf(db, actor, scope)
    .groupBy('m.month')
    .select((eb) => [
      'm.month',
      summed(eb.ref('m.whole')).as('whole'),
      summed(eb.ref('m.rest_e9s')).as('rest'),
    ])
    .execute();
  return new Map(rows.map(({ month, ...parts }) => [month, sumOf(parts)]));
}

/** The sums by offering or provider, the most first, and how many there are in all. */
export async function sumParts(
  db: Db,
  actor: AccountActor,
  scope: Scope,
  { by, limit }: { by: 'offering' | 'provider'; limit: number },
): Promise<{ count: number; parts: { id: string; name: string; amount_e9s: bigint }[] }> {
  const joined = rowsOf(db, actor, scope)
    .innerJoin('offerings as o', 'o.id', 'm.offering_id')
    .innerJoin('accounts as a', 'a.id', 'o.provider_id');
  const [id, name] =
    by === 'offering' ? (['o.id', 'o.title'] as const) : (['a.handle', 'a.display_name'] as const);
  const rows = await joined
    .groupBy([id, name])
    .select((eb) => [
      eb.ref(id).as('id'),
      eb.ref(name).as('name'),
      summed(eb.ref('m.whole')).as('whole'),
      summed(eb.ref('m.rest_e9s')).as('rest'),
    ])
    .orderBy((eb) => eb.fn.sum('m.whole'), 'desc')
    .orderBy((eb) => eb.fn.sum('m.rest_e9s'), 'desc')
    .orderBy(id)
    .limit(limit)
    .execute();
  const { count } = await joined
    .select((eb) => eb.fn.count<number>(id).distinct().as('count'))
    .executeTakeFirstOrThrow();
  const parts = rows.map((row) => ({ id: row.id, name: row.name, amount_e9s: sumOf(row) }));
  return { count: Number(count), parts };
}
