import { hourlyOf, refundOf, type Rate } from '@berth/shared/contracts/price';
import type { amountsByCurrency } from '@berth/shared/contracts/schemas';
import type { Currency } from '@berth/shared/money';
import type * as z from 'zod';
import type { AccountActor } from '../../lib/actor.ts';
import type { ReadCtx } from '../../context.ts';
import { shownOf } from '../../lib/shown.ts';
import type { Db } from './repo.ts';
import { listLiving, sumKept, type Side } from './repo-list.ts';
import { termsOfContract } from './service-view.ts';

type Reads = Pick<ReadCtx, 'db' | 'log'>;
type Amounts = z.output<typeof amountsByCurrency>;
type LivingRow = Awaited<ReturnType<typeof listLiving>>[number];

/** The rates of what is active, each of its terms read once; it throws for those that cannot be. */
async function ratesOf(db: Db, rows: readonly LivingRow[]): Promise<(row: LivingRow) => Rate> {
  const active = rows.filter(({ state }) => state === 'active');
  const hashes = [...new Set(active.map(({ terms_hash }) => terms_hash))];
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
function amountsOf(rows: readonly { currency: string; amount_e9s: bigint }[]): Amounts {
  const sums = new Map<string, bigint>();
  for (const { currency, amount_e9s } of rows) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amount_e9s);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount_e9s]) => ({ currency: currency as Currency, amount_e9s }));
}

/**
 * What one side's contracts are worth: `so_far` by the hours used (what would be kept if each ended
 * now) and by the ended ones, `to_come` the rest of what was agreed.
 */
export async function sumsOf(
  { db, log }: Reads,
  actor: AccountActor,
  side: Side,
  now: string,
): Promise<{ so_far: Amounts; to_come: Amounts }> {
  const [ended, living] = await Promise.all([
    sumKept(db, actor, side, 'ended'),
    listLiving(db, actor, side),
  ]);
  const rateIn = await ratesOf(db, living);
  const rows = shownOf(log, living, (row) => {
    const { currency, total_e9s, active_at } = row;
    const unused_e9s =
      row.state === 'active'
        ? refundOf('unused_hours', { rate: rateIn(row), total_e9s, active_at }, now)
        : total_e9s;
    return { currency, used_e9s: total_e9s - unused_e9s, unused_e9s };
  });
  const used = rows.filter(({ used_e9s }) => used_e9s > 0n);
  return {
    so_far: amountsOf([
      ...ended,
      ...used.map(({ currency, used_e9s }) => ({ currency, amount_e9s: used_e9s })),
    ]),
    to_come: amountsOf(
      rows.map(({ currency, unused_e9s }) => ({ currency, amount_e9s: unused_e9s })),
    ),
  };
}

/** What the renter's running contracts cost an hour. */
export async function hourlyCosts({ db, log }: Reads, actor: AccountActor): Promise<Amounts> {
  const running = (await listLiving(db, actor, 'renter')).filter(({ state }) => state === 'active');
  const rateIn = await ratesOf(db, running);
  return amountsOf(
    shownOf(log, running, (row) => ({
      currency: row.currency,
      amount_e9s: hourlyOf(rateIn(row)),
    })),
  );
}

/** What the renter's requests since then cost, less refunds. */
export async function committedSince(db: Db, actor: AccountActor, since: string): Promise<Amounts> {
  return amountsOf(await sumKept(db, actor, 'renter', { since }));
}
