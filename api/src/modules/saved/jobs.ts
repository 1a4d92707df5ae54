import type { Unit } from '@berth/shared/contracts/price';
import { readQuery } from '@berth/shared/market/query';
import { presets } from '@berth/shared/market/rank';
import { normal, type Query } from '@berth/shared/market/tree';
import { formatMoney, type Currency } from '@berth/shared/money';
import { unitWords } from '@berth/shared/offerings/catalogue';
import { searchAddress } from '@berth/shared/saved/address';
import { isoAt, MINUTE_MS, SECOND_MS } from '@berth/shared/time';
import type { Deps, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import type { SavedSearchesTable } from '../../db/schema-saved.ts';
import { notify } from '../notices/index.ts';
import {
  listSettled,
  listToLook,
  saveLooked,
  saveTold,
  setSettleAt,
  type Settled,
} from './repo-jobs.ts';

/** A change that is taken back within this time, as a hold is, is no news. */
const SETTLE_MS = 2 * MINUTE_MS;
/** How often a saved search looks again. */
const LOOK_EVERY_MS = 15 * MINUTE_MS;
/** Saved offerings, and saved searches, that one sweep takes; the next one goes on. */
const SETTLE_LIMIT = 200;
const LOOK_LIMIT = 20;

/** Outbox handler of `offering.changed`. */
export async function markChanged(ctx: WriteCtx, payload: unknown): Promise<readonly string[]> {
  const { offering_id } = payload as { offering_id: string };
  await setSettleAt(ctx.tx, offering_id, isoAt(ctx.clock.nowMs() + SETTLE_MS));
  return [];
}

const isAvailable = ({ state, visibility, stock }: Settled): boolean =>
  state === 'listed' && visibility !== 'private' && stock > 0;

/** What changed since it was last told, in a sentence; null where all is as it was. */
function newsOf(row: Settled): string | null {
  const available = isAvailable(row);
  if (available !== (row.told_available === 1)) {
    return available
      ? `${row.title} can be rented again, at ${rateWords(row)}`
      : `${row.title} cannot be rented right now`;
  }
  const told = {
    price_e9s: row.told_price_e9s,
    unit: row.told_unit,
    currency: row.told_currency,
    setup_fee_e9s: row.told_setup_fee_e9s,
  };
  const [was, is] = [rateWords(told), rateWords(row)];
  return was === is ? null : `${row.title} now costs ${is}, was ${was}`;
}

type Rate = Pick<Settled, 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

function rateWords({ price_e9s, unit, setup_fee_e9s, currency }: Rate): string {
  const money = (amount_e9s: bigint) => formatMoney(amount_e9s, currency as Currency);
  const rate = `${money(price_e9s)} ${unitWords[unit as Unit].per}`;
  return setup_fee_e9s === 0n ? rate : `${rate} and ${money(setup_fee_e9s)} once`;
}

/** Looks at what changed a while ago, and tells those who saved it where it stayed so. */
export async function settleChanges(deps: Deps): Promise<number> {
  const rows = await listSettled(deps.db, deps.clock.now(), SETTLE_LIMIT);
  if (rows.length === 0) return 0;
  await deps.write(async (ctx) => {
    for (const row of rows) {
      const title = newsOf(row);
      await saveTold(ctx.tx, row, isAvailable(row));
      if (title === null) continue;
      const { account_id, offering_id } = row;
      await emit(ctx.tx, 'saved.changed', { account_id, offering_id, title }, ctx.clock.now());
    }
  });
  return rows.length;
}

/** Outbox handler of `saved.changed`. */
export async function tellChanged(ctx: WriteCtx, payload: unknown): Promise<readonly string[]> {
  const { account_id, offering_id, title } = payload as Record<string, string>;
  return tell(ctx, account_id ?? '', title ?? '', `/offerings/${offering_id}`);
}

/** Looks again for what saved searches find that was listed since they last looked. */
export async function lookAgain(deps: Deps): Promise<number> {
  const due = await listToLook(deps.db, deps.clock.now(), LOOK_LIMIT);
  for (const search of due) {
    const looked = {
      seen_at: deps.clock.now(),
      look_at: isoAt(deps.clock.nowMs() + LOOK_EVERY_MS),
    };
    const count = await countNew(deps, search);
    await deps.write(async ({ tx }) => {
      if (!(await saveLooked(tx, search, looked)) || count === 0) return;
      const { account_id, name, q, sort, hours, weights } = search;
      const news = { account_id, name, q, sort, hours, weights, count };
      await emit(tx, 'saved.found', news, looked.seen_at);
    });
  }
  return due.length;
}

async function countNew(
  { search: index, clock }: Pick<Deps, 'search' | 'clock'>,
  { q, hours, seen_at }: SavedSearchesTable,
): Promise<number> {
  const read = readQuery(q);
  // What could be read when it was saved stays readable; a field that went finds nothing.
  if (!read.ok) return 0;
  const age_s = (clock.nowMs() - Date.parse(seen_at)) / SECOND_MS;
  const isNew: Query = { type: 'is', field: 'listed', op: '<', value: age_s };
  const { total } = await index.search({
    query: normal({ type: 'all', of: [read.query, isNew] }),
    hours,
    sort: 'newest',
    weights: presets.best_value.weights,
    limit: 1,
    cursor: null,
  });
  return total;
}

type FoundNews = Pick<
  SavedSearchesTable,
  'account_id' | 'name' | 'q' | 'sort' | 'hours' | 'weights'
> & { count: number };

/** Outbox handler of `saved.found`. */
export async function tellFound(ctx: WriteCtx, payload: unknown): Promise<readonly string[]> {
  const { account_id, name, count, ...search } = payload as FoundNews;
  const title =
    count === 1 ? `1 new offering for “${name}”` : `${count} new offerings for “${name}”`;
  const address = searchAddress({ ...search, sort: 'newest' });
  return tell(ctx, account_id, title, address);
}

async function tell(
  ctx: WriteCtx,
  account_id: string,
  title: string,
  link: string,
): Promise<readonly string[]> {
  await notify(ctx, { account_id, kind: 'offering', title, link, contract_id: null, seq: null });
  return [account_id];
}
