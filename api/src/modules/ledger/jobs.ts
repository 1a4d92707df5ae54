import { DAY_MS, isoAt, MINUTE_MS } from '@berth/shared/time';
import type { Deps, WriteCtx } from '../../context.ts';
import {
  addToSums,
  compareAny,
  findAnyAccountsEnd,
  findAnyUpTo,
  getAnyCheck,
  holdAnyCheck,
  saveCheck,
  setDiffers,
  type Comparison,
} from './repo.ts';

/** Steps of one sweep, so that what else is due waits no longer; the next one goes on. */
const STEPS_A_SWEEP = 20;
const ENTRIES_A_STEP = 1_000;
const ACCOUNTS_A_STEP = 200;
/** An entry's number is given before its commit: one that is younger may still have a lesser. */
const SETTLED_MS = 10 * MINUTE_MS;

/**
 * Once a day compares each balance with what was posted: adds up what was posted since the last
 * time, a part at a time, then goes through the accounts. A difference is shown to admins, and
 * nothing more moves on that account until it is gone.
 */
export async function checkBalances(deps: Deps, signal?: AbortSignal): Promise<number> {
  const { next_at } = await getAnyCheck(deps.db);
  if (next_at > deps.clock.now()) return 0;
  let steps = 0;
  while (steps < STEPS_A_SWEEP && !signal?.aborted) {
    const { is_done, found } = await deps.write(takeStep);
    for (const { account, currency, balance_e9s, posted_e9s } of found) {
      const said = {
        account,
        currency,
        balance_e9s: `${balance_e9s}`,
        posted_e9s: `${posted_e9s}`,
      };
      deps.log.error(said, 'a balance is another than what was posted');
    }
    steps += 1;
    if (is_done) break;
  }
  return steps;
}

async function takeStep({ tx, clock }: WriteCtx) {
  const { entry_id, account, next_at } = await holdAnyCheck(tx);
  const nothing: Comparison[] = [];
  if (next_at > clock.now()) return { is_done: true, found: nothing };
  if (account === null) {
    const before = isoAt(clock.nowMs() - SETTLED_MS);
    const to = await findAnyUpTo(tx, { after: entry_id, before, most: ENTRIES_A_STEP });
    if (to !== null) {
      await addToSums(tx, entry_id, to);
      await saveCheck(tx, { entry_id: to });
      return { is_done: false, found: nothing };
    }
  }
  const after = account ?? '';
  const to = await findAnyAccountsEnd(tx, after, ACCOUNTS_A_STEP);
  if (to === null) {
    const [ended_at, next_at] = [clock.now(), isoAt(clock.nowMs() + DAY_MS)];
    await saveCheck(tx, { account: null, ended_at, next_at });
    return { is_done: true, found: nothing };
  }
  const found = await compareAny(tx, { since: entry_id, after, to });
  const differing = found.filter(({ balance_e9s, posted_e9s }) => balance_e9s !== posted_e9s);
  const isNew = ({ differs_since }: Comparison) => differs_since === null;
  for (const one of differing.filter(isNew)) await setDiffers(tx, one, clock.now());
  for (const one of found) {
    if (!isNew(one) && !differing.includes(one)) await setDiffers(tx, one, null);
  }
  await saveCheck(tx, { account: to });
  return { is_done: false, found: differing.filter(isNew) };
}
