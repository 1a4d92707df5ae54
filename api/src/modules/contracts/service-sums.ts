import { isEnded, type ContractState } from '@berth/shared/contracts/machine';
import { hourlyOf, refundOf, type Rate } from '@berth/shared/price';
import type { amountsByCurrency } from '@berth/shared/contracts/schemas';
import type { Currency } from '@berth/shared/money';
import type * as z from 'zod';
import type { AccountActor } from '../../lib/actor.ts';
import type { ReadCtx } from '../../context.ts';
import { shownOf } from '../../lib/shown.ts';
import type { Db } from './repo.ts';
import { isWaitedOn, listActive, type Side, type Total } from './repo-list.ts';
import { termsOfContract } from './service-view.ts';

type Reads = Pick<ReadCtx, 'db' | 'log'>;
type Amounts = z.output<typeof amountsByCurrency>;
type ActiveRow = Awaited<ReturnType<typeof listActive>>[number];

/** The rates of what runs, each of its terms read once; it throws for those that cannot be. */
async function ratesOf(db: Db, rows: readonly ActiveRow[]): Promise<(row: ActiveRow) => Rate> {
  const hashes = [...new Set(rows.map(({ terms_hash }) => terms_hash))];
  const found = await Promise.allSettled(
    hashes.map(async (terms_hash) => termsOfContract(db, { terms_hash })),
  );
  const byHash = new Map(hashes.map((terms_hash, at) => [terms_hash, found[at]]));
  return ({ terms_hash }) => {
    const one = byHash.get(terms_hash);
    if (one?.status === 'fulfilled') return one.value;
    throw one?.reason;
  };
}

/** Adds amounts up by currency, in the order of their names. */
export function amountsOf(rows: readonly { currency: string; amount_e9s: bigint }[]): Amounts {
  const sums = new Map<string, bigint>();
  for (const { currency, amount_e9s } of rows) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amount_e9s);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount_e9s]) => ({ currency: currency as Currency, amount_e9s }));
}

/** How many contracts are in each state. */
export function countByState(totals: readonly Total[]): Partial<Record<ContractState, number>> {
  const counts: Partial<Record<ContractState, number>> = {};
  for (const { state, contracts } of totals) counts[state] = (counts[state] ?? 0) + contracts;
  return counts;
}

/** How many contracts wait on a side. */
export const countWaiting = (totals: readonly Total[], side: Side): number =>
  totals
    .filter((total) => isWaitedOn(total, side))
    .reduce((sum, { contracts }) => sum + contracts, 0);

/**
 * What one side's contracts are worth: `so_far` by the hours used (what would be kept if each ended
 * now) and by the ended ones, `to_come` the rest of what was agreed.
 */
export async function sumsOf(
  { db, log }: Reads,
  actor: AccountActor,
  { side, totals }: { side: Side; totals: readonly Total[] },
  now: string,
): Promise<{ so_far: Amounts; to_come: Amounts }> {
  const active = await listActive(db, actor, side);
  const rateIn = await ratesOf(db, active);
  const rows = shownOf(log, active, (row) => {
    const { currency, total_e9s, active_at } = row;
    const unused_e9s = refundOf('unused_hours', { rate: rateIn(row), total_e9s, active_at }, now);
    return { currency, used_e9s: total_e9s - unused_e9s, unused_e9s };
  });
  const used = rows.filter(({ used_e9s }) => used_e9s > 0n);
  return {
    so_far: amountsOf([
      ...totals.filter(({ state }) => isEnded(state)),
      ...used.map(({ currency, used_e9s }) => ({ currency, amount_e9s: used_e9s })),
    ]),
    to_come: amountsOf([
      ...totals.filter(({ state }) => !isEnded(state) && state !== 'active'),
      ...rows.map(({ currency, unused_e9s }) => ({ currency, amount_e9s: unused_e9s })),
    ]),
  };
}

/** What the renter's running contracts cost an hour. */
export async function hourlyCosts({ db, log }: Reads, actor: AccountActor): Promise<Amounts> {
  const running = await listActive(db, actor, 'renter');
  const rateIn = await ratesOf(db, running);
  return amountsOf(
    shownOf(log, running, (row) => ({
      currency: row.currency,
      amount_e9s: hourlyOf(rateIn(row)),
    })),
  );
}
