import {
  contractStateNames,
  hasBegun,
  isEnded,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { contractNext } from '@berth/shared/contracts/next';
import {
  MAX_ASKERS,
  type amountsByCurrency,
  type askersReply,
  type contractItem,
  type contractListQuery,
  type contractListReply,
  type dashboardView,
} from '@berth/shared/contracts/schemas';
import type { Currency } from '@berth/shared/money';
import { hourlyOf, refundOf, type Rate } from '@berth/shared/price';
import { addHours } from '@berth/shared/time';
import type * as z from 'zod';
import type { ReadCtx } from '../../context.ts';
import { pausesIn, type Db, type Side } from '../../db/contract-rows.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import { countListed } from '../catalogue/index.ts';
import { termsOfContract } from '../contracts/index.ts';
import {
  isWaitedOn,
  listActive,
  listAskers,
  listContracts,
  listTotals,
  sumRequestedSince,
  type ItemRow,
  type Total,
} from './repo.ts';

type Query = z.output<typeof contractListQuery>;
type Item = z.output<typeof contractItem>;

const DASHBOARD_ITEMS = 8;
const COMMITTED_DAYS = 30;

type Reads = Pick<ReadCtx, 'db' | 'log'>;
type Dated = Pick<ReadCtx, 'db' | 'clock' | 'log'>;
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
function amountsOf(rows: readonly { currency: string; amount_e9s: bigint }[]): Amounts {
  const sums = new Map<string, bigint>();
  for (const { currency, amount_e9s } of rows) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amount_e9s);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount_e9s]) => ({ currency: currency as Currency, amount_e9s }));
}

/** How many contracts are in each state. */
function countByState(totals: readonly Total[]): Partial<Record<ContractState, number>> {
  const counts: Partial<Record<ContractState, number>> = {};
  for (const { state, contracts } of totals) counts[state] = (counts[state] ?? 0) + contracts;
  return counts;
}

/** How many contracts wait on a side. */
const countWaiting = (totals: readonly Total[], side: Side): number =>
  totals
    .filter((total) => isWaitedOn(total, side))
    .reduce((sum, { contracts }) => sum + contracts, 0);

/**
 * What one side's contracts are worth: `so_far` by the hours used (what would be kept if each ended
 * now) and by the ended ones, `to_come` the rest of what was agreed.
 */
async function sumsOf(
  { db, log }: Reads,
  actor: AccountActor,
  { side, totals }: { side: Side; totals: readonly Total[] },
  now: string,
): Promise<{ so_far: Amounts; to_come: Amounts }> {
  const active = await listActive(db, actor, side);
  const rateIn = await ratesOf(db, active);
  const rows = shownOf(log, active, (row) => {
    const { currency, total_e9s } = row;
    const paid = { ...row, rate: rateIn(row), pauses: pausesIn(row) };
    const unused_e9s = refundOf('unused_hours', paid, now);
    return { currency, used_e9s: total_e9s - unused_e9s, unused_e9s };
  });
  const used = rows.filter(({ used_e9s }) => used_e9s > 0n);
  return {
    so_far: amountsOf([
      ...totals.filter(({ state }) => isEnded(state)),
      ...used.map(({ currency, used_e9s }) => ({ currency, amount_e9s: used_e9s })),
    ]),
    to_come: amountsOf([
      ...totals.filter(({ state }) => !isEnded(state) && !hasBegun(state)),
      ...rows.map(({ currency, unused_e9s }) => ({ currency, amount_e9s: unused_e9s })),
    ]),
  };
}

/** What the renter's running contracts cost an hour. */
async function hourlyCosts({ db, log }: Reads, actor: AccountActor): Promise<Amounts> {
  const running = await listActive(db, actor, 'renter');
  const rateIn = await ratesOf(db, running);
  return amountsOf(
    shownOf(log, running, (row) => ({
      currency: row.currency,
      amount_e9s: hourlyOf(rateIn(row)),
    })),
  );
}

/** Who is waited on by an extension that the other has signed. */
const otherSide = (extension_by: string | null): Side | null =>
  extension_by === null ? null : extension_by === 'renter' ? 'provider' : 'renter';

export function makeItem(row: ItemRow, role: Side): Item {
  const state = row.state as ContractState;
  return {
    contract_id: row.contract_id,
    offering_id: row.offering_id,
    state,
    role,
    title: row.title,
    operating_system: row.operating_system,
    hours: row.hours,
    total_e9s: row.total_e9s,
    refund_e9s: row.refund_e9s,
    currency: row.currency as Currency,
    requested_at: row.requested_at,
    state_at: row.state_at,
    due_at: row.due_at,
    active_at: row.active_at,
    ends_at: row.ends_at,
    ended_at: row.ended_at,
    waits_on: contractNext[state].waits_on ?? otherSide(row.extension_by),
    on_chain: row.on_chain === 1,
    other: {
      handle: row.handle,
      display_name: row.display_name,
      key: role === 'renter' ? row.provider_key : row.renter_key,
    },
  };
}

/** A page of the reader's contracts on one side, with counts for the filter. */
export async function listOwn(
  ctx: Dated,
  actor: AccountActor,
  query: Query,
): Promise<z.output<typeof contractListReply>> {
  const { db, clock } = ctx;
  const { role: side } = query;
  const { rows, next_cursor } = await listContracts(db, actor, {
    role: side,
    states: query.state ?? null,
    only_waiting: query.waits_on === 'mine',
    offering_id: query.offering_id ?? null,
    other: query.other ?? null,
    q: query.q?.trim() || null,
    sort: query.sort ?? 'newest',
    cursor: query.cursor,
    limit: pageSize(query.limit),
  });
  const totals = await listTotals(db, actor, side);
  const sums = await sumsOf(ctx, actor, { side, totals }, clock.now());
  return {
    items: rows.map((row) => makeItem(row, side)),
    next_cursor,
    counts: countByState(totals),
    waiting: countWaiting(totals, side),
    ...sums,
  };
}

/** Renters with several requests that wait for the provider. */
export async function listOwnAskers(
  { db }: Pick<Reads, 'db'>,
  actor: AccountActor,
): Promise<z.output<typeof askersReply>> {
  const rows = await listAskers(db, actor, MAX_ASKERS);
  return { items: rows.map((row) => ({ ...row, waiting: Number(row.waiting) })) };
}

/** What needs the reader, what runs, what it costs and earns. */
export async function viewDashboard(
  ctx: Dated,
  actor: AccountActor,
): Promise<z.output<typeof dashboardView>> {
  const { db } = ctx;
  const now = ctx.clock.now();
  const since = addHours(now, -24 * COMMITTED_DAYS);
  const some = (role: Side, filter: { only_waiting: boolean; states: ContractState[] | null }) =>
    listContracts(db, actor, {
      ...filter,
      role,
      offering_id: null,
      other: null,
      q: null,
      sort: 'due',
      cursor: undefined,
      limit: DASHBOARD_ITEMS,
    }).then(({ rows }) => rows.map((row) => makeItem(row, role)));
  const waiting = { only_waiting: true, states: null };
  const running = { only_waiting: false, states: contractStateNames.filter(hasBegun) };
  const totals = {
    renter: await listTotals(db, actor, 'renter'),
    provider: await listTotals(db, actor, 'provider'),
  };
  const [toDo, toAnswer, rented, provided, hourly, committed, sums, listed] = await Promise.all([
    some('renter', waiting),
    some('provider', waiting),
    some('renter', running),
    some('provider', running),
    hourlyCosts(ctx, actor),
    sumRequestedSince(db, actor, since),
    sumsOf(ctx, actor, { side: 'provider', totals: totals.provider }, now),
    countListed(db, actor),
  ]);
  return {
    waiting: [...toDo, ...toAnswer],
    running: [...rented, ...provided],
    hourly,
    committed_30_days: amountsOf(committed),
    earned: sums.so_far,
    to_come: sums.to_come,
    counts: {
      renter: countByState(totals.renter),
      provider: countByState(totals.provider),
      waiting: {
        renter: countWaiting(totals.renter, 'renter'),
        provider: countWaiting(totals.provider, 'provider'),
      },
      listed_offerings: listed,
    },
  };
}
