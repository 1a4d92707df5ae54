import type { Actor } from '../../lib/actor.ts';
import { ruleHours, visibleTo, type Db, type ShownRow } from './repo.ts';

/** Those of some offerings that the actor may see, in any order. */
export async function listShown(
  db: Db,
  actor: Actor,
  ids: readonly string[],
  now: string,
): Promise<ShownRow[]> {
  if (ids.length === 0) return [];
  const rows = await visibleTo(db, actor)
    .where('o.id', 'in', ids)
    .innerJoin('accounts as a', 'a.id', 'o.provider_id')
    .selectAll('o')
    .select(['a.handle', 'a.display_name'])
    .select((eb) => ruleHours(eb, now).as('auto_accept_hours'))
    .execute();
  return rows as ShownRow[];
}
