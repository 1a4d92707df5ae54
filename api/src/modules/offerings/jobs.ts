import { UNDO_HOURS } from '@berth/shared/offerings/bulk';
import { addHours } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import { eraseChanges, listOldChanges } from './repo-bulk.ts';
import { listEndedHolds } from './repo-hold.ts';
import { endHold } from './service-hold.ts';

/** Rows that one sweep takes; the next one goes on. */
const SWEEP_LIMIT = 200;

/** Returns the units of holds whose time is over, each in its own transaction. */
export async function endHolds(deps: Deps): Promise<number> {
  const ended = await listEndedHolds(deps.db, deps.clock.now(), SWEEP_LIMIT);
  for (const hold of ended) await deps.write((ctx) => endHold(ctx, hold));
  return ended.length;
}

/** Forgets changes of many that can no longer be undone. */
export async function eraseOldChanges(deps: Deps): Promise<number> {
  const before = addHours(deps.clock.now(), -UNDO_HOURS);
  const old = await listOldChanges(deps.db, before, SWEEP_LIMIT);
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await deps.database.write((tx) => eraseChanges(tx, ids));
  return ids.length;
}
