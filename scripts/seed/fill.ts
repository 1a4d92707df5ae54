import type { Deps } from '../../api/src/context.ts';
import { addHours } from '@berth/shared/time';
import { copyMarket, hasAccounts } from './copy.ts';
import { BEGAN_DAYS, playMarket } from './market.ts';
import { openWorld } from './world.ts';

/**
 * Fills a database without accounts with the demo marketplace, as if 76 days had passed. It is
 * played in a database of its own and copied when it is whole, so that a stop leaves nothing half
 * done; answers false, with nothing changed, where somebody has an account already.
 */
export async function fillMarket(deps: Deps): Promise<boolean> {
  if (await hasAccounts(deps.db)) return false;
  const now = deps.clock.now();
  const world = await openWorld(deps, addHours(now, -BEGAN_DAYS * 24));
  try {
    await playMarket(world, now);
    return await copyMarket(world.deps, deps);
  } finally {
    await world.close();
  }
}
