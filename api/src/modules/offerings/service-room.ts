import {
  allowedOpen,
  allowedUnits,
  openLimitNames,
  openLimits,
  type History,
} from '@berth/shared/contracts/limits';
import { problem } from '@berth/shared/problems';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { hasAnyBlock } from '../blocks/index.ts';
import type { Db } from './repo.ts';
import type { Rentable } from './repo-rent.ts';
import { countAnyCompleted, countAnyOpen } from './repo-room.ts';

/** Beyond so many completed contracts no limit grows. */
const MOST_COMPLETED = Math.max(...openLimitNames.map((name) => openLimits[name].most));

/** What of a renter's past counts; what it has paid will, once it can. */
const historyOf = async (db: Db, renter_id: string): Promise<History> => ({
  completed: await countAnyCompleted(db, renter_id, MOST_COMPLETED),
});

/**
 * Lets a renter ask for one more unit. Throws `renter.blocked`, and `renter.too_many_open` where
 * enough of its requests and holds are open; whoever has used a hold has given it up already.
 */
export async function requireRoom(
  { tx, clock, config }: Pick<WriteCtx, 'tx' | 'clock' | 'config'>,
  { acting_for: renter_id }: Pick<AccountActor, 'acting_for'>,
  { id: offering_id, provider_id, stock }: Pick<Rentable, 'id' | 'provider_id' | 'stock'>,
): Promise<void> {
  if (await hasAnyBlock(tx, provider_id, renter_id)) throw problem('renter.blocked', BLOCKED);
  if (!config.rate_limits) return;
  const open = await countAnyOpen(tx, { renter_id, provider_id, offering_id, now: clock.now() });
  // Most have nothing open, and need no history.
  if (open.renter === 0) return;
  const history = await historyOf(tx, renter_id);
  for (const name of openLimitNames) {
    const most = allowedOpen(name, history);
    if (open[name] < most) continue;
    throw tooMany(`${open[name]} of yours wait ${openLimits[name].words}`);
  }
  if (open.offering >= allowedUnits(stock + open.offering, history)) {
    throw tooMany('Until you have completed a contract, half of an offering is left to others');
  }
}

const BLOCKED = 'Contracts that you have with it go on. Others may offer the same.';

const tooMany = (why: string) =>
  problem(
    'renter.too_many_open',
    `${why}. Wait for an answer or cancel one; with each completed contract there can be more.`,
  );
