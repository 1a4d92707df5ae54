import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

export interface SharedWindow {
  used: number;
  ends_at: string;
}

/** Adds what a process has counted to the window of all; one that is over begins anew. */
export async function addToWindow(
  tx: Tx,
  { policy, who, used, ends_at }: SharedWindow & { policy: string; who: string },
  now: string,
): Promise<SharedWindow> {
  return tx
    .insertInto('rate_windows')
    .values({ policy, who, used, ends_at })
    .onConflict((on) =>
      on.columns(['policy', 'who']).doUpdateSet((eb) => {
        const isOver = eb('rate_windows.ends_at', '<=', now);
        const { ref } = eb;
        return {
          used: eb
            .case()
            .when(isOver)
            .then(ref('excluded.used'))
            .else(sql<number>`rate_windows.used + excluded.used`)
            .end(),
          ends_at: eb
            .case()
            .when(isOver)
            .then(ref('excluded.ends_at'))
            .else(ref('rate_windows.ends_at'))
            .end(),
        };
      }),
    )
    .returning(['used', 'ends_at'])
    .executeTakeFirstOrThrow();
}

/** What was counted in a window that is not over; null without one. */
export async function findWindow(
  db: Db,
  { policy, who, now }: { policy: string; who: string; now: string },
): Promise<SharedWindow | null> {
  const row = await db
    .selectFrom('rate_windows')
    .where('policy', '=', policy)
    .where('who', '=', who)
    .where('ends_at', '>', now)
    .select(['used', 'ends_at'])
    .executeTakeFirst();
  return row ?? null;
}

/** Takes back what was counted, where that was in the present window, which ends by `ends_by`. */
export async function takeFromWindow(
  tx: Tx,
  {
    policy,
    who,
    used,
    now,
    ends_by,
  }: Record<'policy' | 'who' | 'now' | 'ends_by', string> & {
    used: number;
  },
): Promise<void> {
  await tx
    .updateTable('rate_windows')
    .set({ used: sql<number>`used - ${used}` })
    .where('policy', '=', policy)
    .where('who', '=', who)
    .where('ends_at', '>', now)
    .where('ends_at', '<=', ends_by)
    .execute();
}
