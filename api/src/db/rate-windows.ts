import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface SharedWindow {
  used: number;
  ends_at: string;
}

/** Adds what a process has counted to the window of all; one that is over begins anew. */
export async function addToWindow(
  database: Database,
  { policy, who, used, ends_at }: SharedWindow & { policy: string; who: string },
  now: string,
): Promise<SharedWindow> {
  return database.write((tx) =>
    tx
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
      .executeTakeFirstOrThrow(),
  );
}
