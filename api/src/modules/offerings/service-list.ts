import type { Offering } from '@berth/shared/offerings/schemas';
import type { ReadCtx } from '../../context.ts';
import type { Actor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import { listShown } from './repo-shown.ts';
import { viewOf } from '../../offerings/row.ts';

/** Those of some offerings that the actor may see, in any order; one query by their ids. */
export async function listViews(
  { db, clock, log }: Pick<ReadCtx, 'db' | 'clock' | 'log'>,
  actor: Actor,
  ids: readonly string[],
): Promise<Offering[]> {
  return shownOf(log, await listShown(db, actor, ids, clock.now()), viewOf);
}
