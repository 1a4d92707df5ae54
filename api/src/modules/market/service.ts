import type * as z from 'zod';
import { readQuery } from '@berth/shared/market/query';
import { presets, readWeights, type Weights } from '@berth/shared/market/rank';
import {
  MAX_FEATURED,
  SEARCH_HOURS,
  searchSorts,
  type facetsReply,
  type featuredReply,
  type SearchAsk,
  type searchReply,
} from '@berth/shared/market/schemas';
import type { Query } from '@berth/shared/market/tree';
import { problem } from '@berth/shared/problems';
import { pageSize } from '../../db/page.ts';
import type { SearchIndex } from '../../search/index-port.ts';
import { itemsOf, type Reads } from './service-view.ts';

const FEATURED_KEPT_MS = 60_000;
const FEATURED_CURRENCY = 'USD';

/** A page of what matches. Throws `query.invalid`, `request.invalid` and `cursor.invalid`. */
export async function searchMarket(
  ctx: Reads,
  ask: SearchAsk,
): Promise<z.output<typeof searchReply>> {
  const hours = ask.hours ?? SEARCH_HOURS;
  const { items, ...found } = await ctx.search.search({
    query: queryOf(ask.q),
    hours,
    sort: ask.sort ?? searchSorts[0],
    weights: weightsOf(ask.weights),
    limit: pageSize(ask.limit),
    cursor: ask.cursor ?? null,
  });
  return { ...found, hours, items: await itemsOf(ctx, items, { hours, currency: found.currency }) };
}

export async function countFacets(
  { search }: Pick<Reads, 'search'>,
  ask: Pick<SearchAsk, 'q' | 'hours'>,
): Promise<z.output<typeof facetsReply>> {
  const query = queryOf(ask.q);
  return { facets: await search.facets({ query, hours: ask.hours ?? SEARCH_HOURS }) };
}

type Featured = z.output<typeof featuredReply>;
const kept = new WeakMap<SearchIndex, { at_ms: number; reply: Promise<Featured> }>();

/** What each GPU model costs, the most offered first; counted at most once a minute. */
export function featureGpus({ search, clock }: Pick<Reads, 'search' | 'clock'>): Promise<Featured> {
  const now_ms = clock.nowMs();
  const last = kept.get(search);
  if (last !== undefined && now_ms - last.at_ms < FEATURED_KEPT_MS) return last.reply;
  const ask = { hours: SEARCH_HOURS, currency: FEATURED_CURRENCY, limit: MAX_FEATURED } as const;
  const at = clock.now();
  const reply = search.featured(ask).then((found) => ({
    at,
    items: found.map((one) => ({ ...one, currency: ask.currency })),
  }));
  kept.set(search, { at_ms: now_ms, reply });
  // Who asks after a failure asks anew.
  reply.catch(() => kept.delete(search));
  return reply;
}

/** Throws `query.invalid`, which points at the word. */
export function queryOf(q = ''): Query {
  const read = readQuery(q);
  if (read.ok) return read.query;
  const { message, from, to, suggestion } = read.error;
  throw problem('query.invalid', message, {
    errors: [{ pointer: '/q', message, from, to, ...(suggestion && { suggestion }) }],
  });
}

function weightsOf(text: string | undefined): Weights {
  const weights = text === undefined ? presets.best_value.weights : readWeights(text);
  if (weights !== null) return weights;
  const message = 'Weights are such as price:40,memory:20, each from 0 to 100';
  throw problem('request.invalid', message, { errors: [{ pointer: '/query/weights', message }] });
}
