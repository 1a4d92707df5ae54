import { VIEWS_KEPT_DAYS } from '@berth/shared/offerings/statistics';
import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import { addViews, eraseDays, listAnyOldDays } from './repo.ts';
import { dayOf } from './service.ts';

/** Rows that one sweep takes; the next one goes on. */
const SWEEP_LIMIT = 200;

/** Writes down the views counted since the last sweep: a second's are lost in a crash. */
export async function keepViews(deps: Deps): Promise<number> {
  const taken = deps.views.take();
  if (taken.length === 0) return 0;
  try {
    await deps.database.write((tx) => addViews(tx, taken));
  } catch (error) {
    deps.views.put(taken);
    throw error;
  }
  return taken.length;
}

export async function eraseOldViews(deps: Deps): Promise<number> {
  const before = dayOf(isoAt(deps.clock.nowMs() - VIEWS_KEPT_DAYS * DAY_MS));
  const old = await listAnyOldDays(deps.db, before, SWEEP_LIMIT);
  if (old.length > 0) await deps.database.write((tx) => eraseDays(tx, old));
  return old.length;
}
