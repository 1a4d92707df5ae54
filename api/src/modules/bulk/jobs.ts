import { UNDO_HOURS } from '@berth/shared/offerings/bulk';
import { addHours } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import { eraseChanges, listAnyOldChanges } from './repo.ts';

/** Rows that one sweep takes; the next one goes on. */
const SWEEP_LIMIT = 200;

/** Forgets changes of many that can no longer be undone. */
export async function eraseOldChanges(deps: Deps): Promise<number> {
  const before = addHours(deps.clock.now(), -UNDO_HOURS);
  const old = await listAnyOldChanges(deps.db, before, SWEEP_LIMIT);
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await deps.database.write((tx) => eraseChanges(tx, ids));
  return ids.length;
}
