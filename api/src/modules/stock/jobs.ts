import type { DueWork } from '../../context.ts';
import { findAnyHold, HOLD_END, listAnyEndedHolds } from './repo.ts';
import { endHold } from './service.ts';

/** Returns the units of holds whose time is over. */
export const endedHolds: DueWork = {
  kind: HOLD_END,
  list: listAnyEndedHolds,
  async run(ctx, hold_id) {
    const hold = await findAnyHold(ctx.tx, hold_id);
    if (hold && hold.expires_at <= ctx.clock.now()) await endHold(ctx, hold);
  },
};
