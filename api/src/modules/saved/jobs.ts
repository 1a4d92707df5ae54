import { counted, wordFor } from '@berth/shared/count';
import type { Unit } from '@berth/shared/price';
import { readQuery } from '@berth/shared/market/query';
import { presets } from '@berth/shared/market/rank';
import { normal, type Query } from '@berth/shared/market/tree';
import { formatMoney, type Currency } from '@berth/shared/money';
import { unitWords } from '@berth/shared/offerings/catalogue';
import { currencySaid } from '@berth/shared/market/understand';
import { searchAddress } from '@berth/shared/saved/address';
import { isoAt, MINUTE_MS, SECOND_MS } from '@berth/shared/time';
import type { Deps, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import type { SavedSearchesTable } from '../../db/schema-saved.ts';
import type { Topics } from '../../lib/topics.ts';
import { listAnyEnded, meantBy } from '../market/index.ts';
import { notify } from '../notices/index.ts';
import {
  hasAnySettled,
  listAnyOfferings,
  listAnyToLook,
  saveLooked,
  saveTold,
  setSettleAt,
  takeSettled,
  type Present,
  type Told,
} from './repo.ts';

/** A change that is taken back within this time, as a hold is, is no news. */
const SETTLE_MS = 2 * MINUTE_MS;
/** How often a saved search looks again. */
const LOOK_EVERY_MS = 15 * MINUTE_MS;
/** The index knows a commit within a second; what is younger is found at the next look. */
const INDEX_LAG_MS = 5 * SECOND_MS;
/** Changes of saved offerings that an account is told one by one; more of a sweep are counted. */
const MAX_SINGLY = 3;
const SAVED_PAGE = '/dashboard/saved';
/** Saved offerings, and saved searches, that one sweep takes; the next one goes on. */
const SETTLE_LIMIT = 200;
const LOOK_LIMIT = 20;
/** The latest changes of price and stock that one look weighs. */
const MAX_CHANGED = 500;

/** Takes `offering.changed` and `offering.unlisted`. */
export async function markChanged(
  ctx: WriteCtx,
  { offering_id }: Topics['offering.changed'],
): Promise<readonly string[]> {
  await setSettleAt(ctx.tx, offering_id, settleAt(ctx.clock));
  return [];
}

const settleAt = (clock: Deps['clock']): string => isoAt(clock.nowMs() + SETTLE_MS);

const isShown = ({ state, visibility }: Present): boolean =>
  state === 'listed' && visibility !== 'private';

/** What there is to tell; what it costs while it cannot be seen is nobody's business. */
const toldOf = (before: Told, now: Present): Told => {
  if (!isShown(now)) return { ...rateOf(before), available: 0 };
  const available = isOnlyHeld(now) ? before.available : now.stock > 0 ? 1 : 0;
  return { ...rateOf(now), available };
};

/** Whether its last units may be rented or come back within a minute: nobody knows yet. */
const isOnlyHeld = (now: Present): boolean =>
  isShown(now) && now.stock === 0 && (now.held ?? 0) > 0;

/** What changed since it was last told, in a sentence; null where all is as it was. */
function newsOf(title: string, before: Told, after: Told): string | null {
  if (after.available !== before.available) {
    return after.available === 1
      ? `${title} can be rented again, at ${rateWords(after)}`
      : `${title} cannot be rented right now`;
  }
  const [was, is] = [rateWords(before), rateWords(after)];
  return was === is ? null : `${title} now costs ${is}, was ${was}`;
}

type Rate = Omit<Told, 'available'>;

const rateOf = ({ price_e9s, unit, setup_fee_e9s, currency }: Rate): Rate => ({
  price_e9s,
  unit,
  setup_fee_e9s,
  currency,
});

function rateWords({ price_e9s, unit, setup_fee_e9s, currency }: Rate): string {
  const money = (amount_e9s: bigint) => formatMoney(amount_e9s, currency as Currency);
  const rate = `${money(price_e9s)} ${unitWords[unit as Unit].per}`;
  return setup_fee_e9s === 0n ? rate : `${rate} and ${money(setup_fee_e9s)} once`;
}

/** Looks at what changed a while ago, and tells those who saved it where it stayed so. */
export async function settleChanges({ db, clock, write }: Deps): Promise<number> {
  if (!(await hasAnySettled(db, clock.now()))) return 0;
  return write(async ({ tx }) => {
    const now = clock.now();
    const rows = await takeSettled(tx, now, SETTLE_LIMIT);
    const ids = [...new Set(rows.map(({ offering_id }) => offering_id))];
    const present = new Map((await listAnyOfferings(tx, ids)).map((one) => [one.id, one]));
    const news: ChangeNews[] = [];
    for (const row of rows) {
      const offering = present.get(row.offering_id);
      if (!offering) continue;
      if (isOnlyHeld(offering)) await setSettleAt(tx, offering.id, settleAt(clock));
      const told = toldOf(row, offering);
      const title = newsOf(offering.title, row, told);
      if (title === null) continue;
      await saveTold(tx, row, told);
      news.push({ account_id: row.account_id, title, link: `/offerings/${offering.id}` });
    }
    for (const one of inFew(news)) await emit(tx, 'saved.changed', one, now);
    return rows.length;
  });
}

type ChangeNews = Topics['saved.changed'];

/** Who has many changes at once is told how many: a provider's change of a thousand is one. */
function inFew(news: readonly ChangeNews[]): ChangeNews[] {
  const byAccount = Map.groupBy(news, ({ account_id }) => account_id);
  return [...byAccount].flatMap(([account_id, own]) =>
    own.length <= MAX_SINGLY
      ? own
      : [
          {
            account_id,
            title: `${counted(own.length, 'offering')} you saved have changed`,
            link: SAVED_PAGE,
          },
        ],
  );
}

/** Takes `saved.changed`. */
export const tellChanged = (
  ctx: WriteCtx,
  { account_id, title, link }: ChangeNews,
): Promise<readonly string[]> => tell(ctx, account_id, 'saved.offering_changed', title, link);

/**
 * Looks again for what saved searches find that was listed since they last looked, or that they
 * did not find at its price and stock of then. One that fails looks again later, and keeps no other
 * waiting.
 */
export async function lookAgain(deps: Deps): Promise<number> {
  const due = await listAnyToLook(deps.db, deps.clock.now(), LOOK_LIMIT);
  for (const search of due) {
    const now_ms = deps.clock.nowMs();
    const look_at = isoAt(now_ms + LOOK_EVERY_MS);
    const settled = isoAt(now_ms - INDEX_LAG_MS);
    const seen_at = settled > search.seen_at ? settled : search.seen_at;
    let [listed, entered] = [0, 0];
    try {
      const looking = { ...search, ...(await findQuery(deps, search)) };
      listed = await countListed(deps, looking, now_ms, seen_at);
      entered = await countEntered(deps, looking, seen_at);
    } catch (error) {
      await deps.write(({ tx }) => saveLooked(tx, search, { seen_at: search.seen_at, look_at }));
      throw error;
    }
    await deps.write(async ({ tx, clock }) => {
      if (!(await saveLooked(tx, search, { seen_at, look_at })) || listed + entered === 0) return;
      const { account_id, name, q, sort, hours, weights, currency } = search;
      const asked = { q, sort, hours, weights, currency };
      const news = { account_id, name, ...asked, listed, entered };
      await emit(tx, 'saved.found', news, clock.now());
    });
  }
  return due.length;
}

type Looking = Pick<SavedSearchesTable, 'hours' | 'seen_at'> & {
  query: Query | null;
  currency: Currency;
};

/** For what is only counted. */
const counting = {
  sort: 'newest',
  weights: presets.best_value.weights,
  limit: 1,
  cursor: null,
} as const;

/** What the marketplace searches by: what the words mean, or the words where that finds nothing. */
async function findQuery(
  { search: index }: Pick<Deps, 'search'>,
  { q, hours, currency: own }: SavedSearchesTable,
): Promise<{ query: Query | null; currency: Currency }> {
  const reads = own as Currency;
  // What could be read when it was saved stays readable; a field that went finds nothing.
  if (!readQuery(q).ok) return { query: null, currency: reads };
  const meant = meantBy(q);
  const { query, plain } = meant;
  const currency = currencySaid(meant) ?? reads;
  if (plain === null) return { query, currency };
  const { as_words } = await index.search({ query, plain, currency, hours, ...counting });
  return { query: as_words ? plain : query, currency };
}

/** How many offerings a search finds that were listed after it last looked, until `until`. */
async function countListed(
  { search: index }: Pick<Deps, 'search'>,
  { query, currency, hours, seen_at }: Looking,
  now_ms: number,
  until: string,
): Promise<number> {
  if (query === null || until === seen_at) return 0;
  const listed = (op: '<' | '>=', at: string): Query => {
    const value = (now_ms - Date.parse(at)) / SECOND_MS;
    return { type: 'is', field: 'listed', op, value };
  };
  const { total } = await index.search({
    query: normal({ type: 'all', of: [query, listed('<', seen_at), listed('>=', until)] }),
    plain: null,
    ...{ hours, currency, ...counting },
  });
  return total;
}

/** How many offerings a search finds by what changed of them until `until`. */
async function countEntered(
  { db, search: index }: Pick<Deps, 'db' | 'search'>,
  { query, currency, hours, seen_at }: Looking,
  until: string,
): Promise<number> {
  if (query === null) return 0;
  const ended = await listAnyEnded(db, { stood: seen_at, until }, MAX_CHANGED);
  const before = ended.map(({ at: _, available, ...was }) => ({
    ...was,
    available: available === 1,
  }));
  return index.entered({ query, currency, hours, before });
}

/** Takes `saved.found`. */
export async function tellFound(
  ctx: WriteCtx,
  { account_id, name, listed, entered, ...search }: Topics['saved.found'],
): Promise<readonly string[]> {
  const fresh = counted(listed, 'new offering');
  const fit = wordFor(entered, 'fits', 'fit');
  if (listed === 0) {
    const title = `${counted(entered, 'offering')} now ${fit} “${name}”`;
    return tell(ctx, account_id, 'saved.search_found', title, searchAddress(search));
  }
  const more = entered === 0 ? '' : `, and ${entered} more that now ${fit}`;
  const title = `${fresh} for “${name}”${more}`;
  const link = searchAddress({ ...search, sort: 'newest' });
  return tell(ctx, account_id, 'saved.search_found', title, link);
}

async function tell(
  ctx: WriteCtx,
  account_id: string,
  kind: 'saved.offering_changed' | 'saved.search_found',
  news: string,
  link: string,
): Promise<readonly string[]> {
  await notify(ctx, { account_id, kind, names: { news }, link });
  return [account_id];
}
