import { sql, type SqlBool } from 'kysely';
import type { AccountActor, Seen } from '../../lib/actor.ts';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import type { DayViews } from '../../lib/views.ts';
import type { Db, Tx } from '../../db/database.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';

const ROWS_AT_ONCE = 100;

/** Adds to what was counted before. */
export async function addViews(tx: Tx, days: readonly DayViews[]): Promise<void> {
  for (let from = 0; from < days.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('offering_days')
      .values(days.slice(from, from + ROWS_AT_ONCE))
      .onConflict((on) =>
        on.columns(['offering_id', 'day']).doUpdateSet((eb) => ({
          views: eb('offering_days.views', '+', eb.ref('excluded.views')),
        })),
      )
      .execute();
  }
}

export const listViewDays = (
  db: Db,
  { id: offering_id }: Seen<OfferingRow>,
  since_day: string,
): Promise<Pick<DayViews, 'day' | 'views'>[]> =>
  db
    .selectFrom('offering_days')
    .where('offering_id', '=', offering_id)
    .where('day', '>=', since_day)
    .select(['day', 'views'])
    .execute();

/** When the accounts that have it saved did so. */
export const listSaves = (db: Db, { id }: Seen<OfferingRow>, since: string) =>
  db
    .selectFrom('saved_offerings')
    .where('offering_id', '=', id)
    .where('saved_at', '>=', since)
    .select('saved_at')
    .execute();

/** The requests of an offering since then, each with its answer where there is one. */
export const listRequests = (db: Db, { id }: Seen<OfferingRow>, since: string) =>
  db
    .selectFrom('contract_sign_requests as c')
    .leftJoin('contract_sign_replies as r', 'r.contract_id', 'c.contract_id')
    .where('c.offering_id', '=', id)
    .where('c.requested_at', '>=', since)
    .select(['c.requested_at', 'r.accepted', 'r.replied_at'])
    .execute();

export const listAnyOldDays = (
  db: Db,
  before_day: string,
  limit: number,
): Promise<Pick<DayViews, 'offering_id' | 'day'>[]> =>
  db
    .selectFrom('offering_days')
    .where('day', '<', before_day)
    .select(['offering_id', 'day'])
    .limit(limit)
    .execute();

export async function eraseDays(
  tx: Tx,
  days: readonly Pick<DayViews, 'offering_id' | 'day'>[],
): Promise<void> {
  for (const { offering_id, day } of days) {
    await tx
      .deleteFrom('offering_days')
      .where('offering_id', '=', offering_id)
      .where('day', '=', day)
      .execute();
  }
}

const ranColumns = [
  'contract_id',
  'terms_hash',
  'currency',
  'total_e9s',
  'refund_e9s',
  'active_at',
  'ends_at',
  'pauses',
  'ended_at',
] as const;

const selectRunning = compileOnce((db, given: Slots<{ provider_id: string }>) =>
  db
    .selectFrom('contract_sign_requests')
    .where('provider_id', '=', given.provider_id)
    // Written out, as the index of what runs is found by it.
    .where(sql<SqlBool>`state in ('active', 'suspended')`)
    .select(ranColumns),
);
const selectEnded = compileOnce((db, given: Slots<{ provider_id: string; since: string }>) =>
  db
    .selectFrom('contract_sign_requests')
    .where('provider_id', '=', given.provider_id)
    .where('ended_at', '>=', given.since)
    .where('active_at', 'is not', null)
    .select(ranColumns),
);

/** The provider's contracts that have run since then: those that run, and those that have ended. */
export async function listRan(db: Db, { acting_for }: AccountActor, since: string) {
  const [running, ended] = await Promise.all([
    selectRunning(db, { provider_id: acting_for }),
    selectEnded(db, { provider_id: acting_for, since }),
  ]);
  return [...running.rows, ...ended.rows];
}

const selectUnitChanges = compileOnce((db, given: Slots<{ provider_id: string }>) =>
  db
    .selectFrom('provider_units')
    .where('provider_id', '=', given.provider_id)
    .orderBy('day')
    .select(['day', 'change']),
);

/** On which days the provider put up units or took them away, and how many. */
export const listUnitChanges = async (db: Db, { acting_for }: AccountActor) =>
  (await selectUnitChanges(db, { provider_id: acting_for })).rows;
