import { accountOf, type Actor } from '../../lib/actor.ts';
import { compileForIds, type Slots } from '../../db/compiled.ts';
import { isVisibleTo, ruleHours, type Db } from './repo.ts';
import type { ShownRow } from '../../db/offering-rows.ts';

const selectShown = compileForIds(
  (db, wanted, { account_id, now }: Slots<{ account_id: string; now: string }>) =>
    db
      .selectFrom(wanted)
      .crossJoin('offerings as o')
      .whereRef('o.id', '=', 'wanted.value')
      .where(isVisibleTo(account_id))
      .innerJoin('accounts as a', 'a.id', 'o.provider_id')
      .selectAll('o')
      .select(['a.handle', 'a.display_name'])
      .select((eb) => ruleHours(eb, now).as('auto_accept_hours'))
      .$castTo<ShownRow>(),
);

/** Those of some offerings that the actor may see, in any order. */
export const listShown = (
  db: Db,
  actor: Actor,
  ids: readonly string[],
  now: string,
): Promise<ShownRow[]> => selectShown(db, ids, { account_id: accountOf(actor) ?? '', now });

export async function findShown(
  db: Db,
  actor: Actor,
  id: string,
  now: string,
): Promise<ShownRow | null> {
  return (await listShown(db, actor, [id], now))[0] ?? null;
}
