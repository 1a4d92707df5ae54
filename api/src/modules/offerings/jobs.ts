import type { Deps } from '../../context.ts';
import { listEndedHolds } from './repo-hold.ts';
import { endHold } from './service-hold.ts';

/** Holds that one sweep ends; the next one goes on. */
const SWEEP_LIMIT = 200;

/** Returns the units of holds whose time is over, each in its own transaction. */
export async function endHolds(deps: Deps): Promise<number> {
  const ended = await listEndedHolds(deps.db, deps.clock.now(), SWEEP_LIMIT);
  for (const hold of ended) await deps.write((ctx) => endHold(ctx, hold));
  return ended.length;
}
