import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { Unit } from '@berth/shared/contracts/price';
import type { Currency } from '@berth/shared/money';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** What an offering cost from `at` on, and whether everybody could rent it. */
export type Point = Omit<
  Selectable<Schema['offering_points']>,
  'until_at' | 'unit' | 'currency'
> & {
  unit: Unit;
  currency: Currency;
};

const columns = [
  'offering_id',
  'at',
  'available',
  'price_e9s',
  'unit',
  'setup_fee_e9s',
  'currency',
] as const;

const selectPoints = compileOnce(
  (db, given: Slots<{ offering_id: string; since: string; limit: number }>) =>
    db
      .selectFrom('offering_points')
      .where('offering_id', '=', given.offering_id)
      .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', given.since)]))
      .orderBy('at', 'desc')
      .limit(given.limit)
      .select(columns)
      .$castTo<Point>(),
);

/** The newest points that stood after a time, oldest first. */
export async function listPublicPoints(
  db: Db,
  offering_id: string,
  since: string,
  limit: number,
): Promise<Point[]> {
  return (await selectPoints(db, { offering_id, since, limit })).rows.reverse();
}

/** The points that stood at a time and ended until another, the latest ended first. */
export async function listAnyEnded(
  db: Db,
  { stood, until }: { stood: string; until: string },
  limit: number,
): Promise<Point[]> {
  const rows = await db
    .selectFrom('offering_points')
    .where('until_at', '>', stood)
    .where('until_at', '<=', until)
    .where('at', '<=', stood)
    .orderBy('until_at', 'desc')
    .limit(limit)
    .select(columns)
    .execute();
  return rows as Point[];
}

const selectStanding = compileOnce((db, given: Slots<{ offering_id: string }>) =>
  db
    .selectFrom('offering_points')
    .where('offering_id', '=', given.offering_id)
    .where('until_at', 'is', null)
    // It is the newest of what may be thousands.
    .orderBy('at', 'desc')
    .limit(sql.lit(1))
    .select(columns)
    .$castTo<Point>(),
);

/** The point that stands now; null where there is none yet. */
export async function findAnyStanding(db: Db, offering_id: string): Promise<Point | null> {
  return (await selectStanding(db, { offering_id })).rows[0] ?? null;
}

export async function endPoint(
  tx: Tx,
  { offering_id, at }: Point,
  until_at: string,
): Promise<void> {
  await tx
    .updateTable('offering_points')
    .set({ until_at })
    .where('offering_id', '=', offering_id)
    .where('at', '=', at)
    .execute();
}

/** What changes twice in one moment keeps the last. */
export async function savePoint(tx: Tx, point: Point): Promise<void> {
  const { offering_id: _, at: __, ...said } = point;
  await tx
    .insertInto('offering_points')
    .values({ ...point, until_at: null })
    .onConflict((oc) => oc.columns(['offering_id', 'at']).doUpdateSet({ ...said, until_at: null }))
    .execute();
}

const passed = (db: Db, before: string) =>
  db.selectFrom('offering_points').where('until_at', '<', before);

/** Whether any point passed before a time. */
export async function hasAnyPassed(db: Db, before: string): Promise<boolean> {
  const row = await passed(db, before).select('offering_id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Erases points that passed before a time, the oldest first; answers how many. */
export async function deletePassed(tx: Tx, before: string, limit: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('offering_points')
    .where(({ eb, refTuple }) =>
      eb(
        refTuple('offering_id', 'at'),
        'in',
        passed(tx, before)
          .orderBy('until_at')
          .limit(limit)
          .select(['offering_id', 'at'])
          .$asTuple('offering_id', 'at'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
