import { UNDO_HOURS } from '@berth/shared/offerings/bulk';
import { VIEWS_KEPT_DAYS } from '@berth/shared/offerings/statistics';
import { addHours, DAY_MS, isoAt } from '@berth/shared/time';
import type { Deps, DueWork } from '../../context.ts';
import { eraseChanges, listAnyOldChanges } from './repo-bulk.ts';
import { findAnyHold, HOLD_END, listAnyEndedHolds } from './repo-hold.ts';
import { addViews, eraseDays, listAnyOldDays } from './repo-statistics.ts';
import { endHold } from './service-hold.ts';
import { dayOf } from './service-statistics.ts';

/** Rows that one sweep takes; the next one goes on. */
const SWEEP_LIMIT = 200;

/** Returns the units of holds whose time is over. */
export const endedHolds: DueWork = {
  kind: HOLD_END,
  list: listAnyEndedHolds,
  async run(ctx, hold_id) {
    const hold = await findAnyHold(ctx.tx, hold_id);
    if (hold && hold.expires_at <= ctx.clock.now()) await endHold(ctx, hold);
  },
};

/** Forgets changes of many that can no longer be undone. */
export async function eraseOldChanges(deps: Deps): Promise<number> {
  const before = addHours(deps.clock.now(), -UNDO_HOURS);
  const old = await listAnyOldChanges(deps.db, before, SWEEP_LIMIT);
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await deps.database.write((tx) => eraseChanges(tx, ids));
  return ids.length;
}

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
