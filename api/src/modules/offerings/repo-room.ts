import type { OpenLimit } from '@berth/shared/contracts/limits';
import { sql, type SqlBool } from 'kysely';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import type { Db } from './repo.ts';

type Ask = Record<'renter_id' | 'provider_id' | 'offering_id' | 'now', string>;

// The states as text and not as parameters, so that the index of open requests serves it.
const selectOpen = compileOnce((db, given: Slots<Ask>) =>
  db
    .selectFrom(
      db
        .selectFrom('contract_sign_requests')
        .where('renter_id', '=', given.renter_id)
        .where(sql<boolean>`state in ('requested', 'pending')`)
        .select(['provider_id', 'offering_id'])
        .unionAll(
          db
            .selectFrom('offering_holds as h')
            .innerJoin('offerings as o', 'o.id', 'h.offering_id')
            .where('h.account_id', '=', given.renter_id)
            // A CASE, which no index answers, so that the renter leads.
            .where(sql<SqlBool>`case when h.expires_at > ${given.now} then true else false end`)
            .select(['o.provider_id', 'h.offering_id']),
        )
        .as('open'),
    )
    .select((eb) => [
      eb.fn.countAll<number>().as('renter'),
      sql<number>`coalesce(sum(case when provider_id = ${given.provider_id} then 1 else 0 end), 0)`.as(
        'provider',
      ),
      sql<number>`coalesce(sum(case when offering_id = ${given.offering_id} then 1 else 0 end), 0)`.as(
        'offering',
      ),
    ]),
);

/** How many requests wait for an answer and units are held: a renter's in all, and of them. */
export async function countAnyOpen(db: Db, ask: Ask): Promise<Record<OpenLimit, number>> {
  const [row] = (await selectOpen(db, ask)).rows;
  return {
    renter: Number(row?.renter),
    provider: Number(row?.provider),
    offering: Number(row?.offering),
  };
}

/** How many contracts a renter has completed; counted no further than a limit can grow. */
export async function countAnyCompleted(db: Db, renter_id: string, most: number): Promise<number> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('renter_id', '=', renter_id)
    .where('state', '=', 'completed')
    .limit(most)
    .select('contract_id')
    .execute();
  return rows.length;
}
