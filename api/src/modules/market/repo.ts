import { sql, type Selectable, type SqlBool } from 'kysely';
import type { Unit } from '@berth/shared/price';
import type { Currency } from '@berth/shared/money';
import type { Db, Tx } from '../../db/database.ts';
import { compileOnce, type Slots, compileForIds } from '../../db/compiled.ts';
import { contractEntry } from '../../db/log.ts';
import type { Schema } from '../../db/schema.ts';

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

export type RecordRow = Selectable<Schema['provider_records']>;
export type ContractFact = Selectable<Schema['provider_contracts']>;

/** Answers that the median is of: how a provider answers now, however many there were. */
const MEDIAN_OF = 100;

const selectRecords = compileForIds((db, wanted) =>
  db
    .selectFrom(wanted)
    .crossJoin('provider_records as r')
    .whereRef('r.provider_id', '=', 'wanted.value')
    .selectAll('r'),
);

/** By provider; one without any contract has none. */
export async function listPublicRecords(
  db: Db,
  provider_ids: readonly string[],
): Promise<Map<string, RecordRow>> {
  const rows = await selectRecords(db, provider_ids, {});
  return new Map(rows.map((row) => [row.provider_id, row]));
}

const selectEntry = compileOnce((db, given: Slots<{ contract_id: string; seq: number }>) =>
  contractEntry(db, given).select([
    'h.action',
    'h.from_state',
    'h.to_state',
    'h.role',
    'h.at',
    'c.provider_id',
    'c.renter_id',
    'c.requested_at',
  ]),
);

/** An entry of a log with whose contract it is. */
export async function getAnyEntry(db: Db, contract_id: string, seq: number) {
  const [row] = (await selectEntry(db, { contract_id, seq })).rows;
  if (!row) throw new Error(`The log of ${contract_id} has no entry ${seq}`);
  return row;
}

const selectFact = compileOnce((db, given: Slots<{ contract_id: string }>) =>
  db.selectFrom('provider_contracts').where('contract_id', '=', given.contract_id).selectAll(),
);

export async function findAnyFact(db: Db, contract_id: string): Promise<ContractFact | null> {
  return (await selectFact(db, { contract_id })).rows[0] ?? null;
}

const upsertFact = compileOnce((db, given: Slots<ContractFact>) =>
  db
    .insertInto('provider_contracts')
    .values({
      contract_id: given.contract_id,
      provider_id: given.provider_id,
      renter_id: given.renter_id,
      answered_at: given.answered_at,
      response_s: given.response_s,
      outcome: given.outcome,
    })
    .onConflict((oc) =>
      oc.column('contract_id').doUpdateSet(({ ref }) => ({
        answered_at: ref('excluded.answered_at'),
        response_s: ref('excluded.response_s'),
        outcome: ref('excluded.outcome'),
      })),
    ),
);

export async function saveFact(tx: Tx, fact: ContractFact): Promise<void> {
  await upsertFact(tx, fact);
}

type Pair = Pick<ContractFact, 'provider_id' | 'renter_id'>;

// The outcome as text and not as a parameter, so that the index of completed contracts serves it.
const selectCompleted = compileOnce((db, given: Slots<Pair>) =>
  db
    .selectFrom('provider_contracts')
    .where('provider_id', '=', given.provider_id)
    .where('renter_id', '=', given.renter_id)
    .where(sql<SqlBool>`outcome = 'completed'`)
    .select('contract_id')
    .limit(sql.lit(1)),
);

/** Whether the renter has completed a contract with the provider. */
export async function hasAnyCompleted(db: Db, { provider_id, renter_id }: Pair): Promise<boolean> {
  return (await selectCompleted(db, { provider_id, renter_id })).rows.length > 0;
}

// The latest answers by time, and of these the one in the middle.
const selectMedian = compileOnce((db, given: Slots<{ provider_id: string; middle: number }>) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('provider_contracts')
        .where('provider_id', '=', given.provider_id)
        .where('answered_at', 'is not', null)
        .orderBy('answered_at', 'desc')
        .orderBy('contract_id', 'desc')
        .limit(sql.lit(MEDIAN_OF))
        .select('response_s')
        .as('latest'),
    )
    .orderBy('response_s')
    .limit(sql.lit(1))
    .offset(given.middle)
    .select('response_s'),
);

/** Of an even number the slower of the two in the middle. `answered`: how many there are. */
export async function getAnyMedian(db: Db, provider_id: string, answered: number): Promise<number> {
  const middle = Math.min(answered, MEDIAN_OF) >> 1;
  const [row] = (await selectMedian(db, { provider_id, middle })).rows;
  if (typeof row?.response_s !== 'number') throw new Error(`${provider_id} has too few answers`);
  return row.response_s;
}

const upsertRecord = compileOnce((db, given: Slots<RecordRow>) =>
  db
    .insertInto('provider_records')
    .values({
      provider_id: given.provider_id,
      renters: given.renters,
      completed: given.completed,
      kept: given.kept,
      ended: given.ended,
      answered: given.answered,
      median_response_s: given.median_response_s,
    })
    .onConflict((oc) =>
      oc.column('provider_id').doUpdateSet(({ ref }) => ({
        renters: ref('excluded.renters'),
        completed: ref('excluded.completed'),
        kept: ref('excluded.kept'),
        ended: ref('excluded.ended'),
        answered: ref('excluded.answered'),
        median_response_s: ref('excluded.median_response_s'),
      })),
    ),
);

export async function saveRecord(tx: Tx, record: RecordRow): Promise<void> {
  await upsertRecord(tx, record);
}
