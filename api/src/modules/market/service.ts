import type * as z from 'zod';
import { readQuery } from '@berth/shared/market/query';
import { presets, readWeights, type Weights, valuesOf } from '@berth/shared/market/rank';
import {
  MAX_FEATURED,
  SEARCH_HOURS,
  searchSorts,
  type facetsReply,
  type featuredReply,
  type SearchAsk,
  type searchReply,
  criteria,
  type priceView,
  type searchItem,
  MAX_COMPLETIONS,
  type completionsReply,
  HISTORY_DAYS,
  MAX_HISTORY_POINTS,
  MAX_SIMILAR,
  type compareReply,
  type positionReply,
} from '@berth/shared/market/schemas';
import type { Query } from '@berth/shared/market/tree';
import {
  currencySaid,
  readingView,
  sortSaid,
  understand,
  type Understood,
} from '@berth/shared/market/understand';
import { problem } from '@berth/shared/problems';
import { seenPriceOf } from '@berth/shared/market/price';
import { type Currency, E9 } from '@berth/shared/money';
import type { Offering } from '@berth/shared/offerings/schemas';
import { fieldNames, findField, searchFields, type FieldName } from '@berth/shared/market/fields';
import { foldText } from '@berth/shared/market/fold';
import { writeQuery } from '@berth/shared/market/query-write';
import { countryName } from '@berth/shared/offerings/catalogue';
import { idPattern } from '@berth/shared/ids';
import { modelsOf } from '@berth/shared/market/hardware';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { pageSize } from '../../db/page.ts';
import type { KnownRates, Ranking, SearchIndex } from '../../search/index-port.ts';
import { anonymous, type Actor } from '../../lib/actor.ts';
import { ownTurn } from '../../lib/turns.ts';
import type { ReadCtx } from '../../context.ts';
import { listViews } from '../catalogue/index.ts';
import { listPublicPoints, listPublicRecords, type RecordRow } from './repo.ts';

const FEATURED_KEPT_MS = 60_000;
const FEATURED_CURRENCY = 'USD';

/** A page of what matches. Throws `query.invalid`, `request.invalid` and `cursor.invalid`. */
export async function searchMarket(
  ctx: Reads,
  ask: SearchAsk,
): Promise<z.output<typeof searchReply>> {
  const hours = ask.hours ?? SEARCH_HOURS;
  const meant = meantBy(ask.q);
  const sort = ask.sort ?? sortSaid(meant) ?? searchSorts[0];
  const { items, rates, ...found } = await ctx.search.search({
    ...{ query: meant.query, plain: meant.plain, hours, sort },
    currency: currencySaid(meant) ?? ask.currency ?? null,
    weights: weightsOf(ask.weights),
    limit: pageSize(ask.limit),
    cursor: ask.cursor ?? null,
  });
  return {
    ...{ ...found, hours, sort },
    understood: meant.readings.map(readingView),
    rates: rates && { date: rates.date, source: rates.source },
    items: await itemsOf(ctx, items, { hours, currency: found.currency, rates }),
  };
}

/** What a text is searched by. Throws `query.invalid`. */
export const meantBy = (q: string | undefined): Understood => understand(queryOf(q));

export async function countFacets(
  { search }: Pick<Reads, 'search'>,
  ask: Pick<SearchAsk, 'q' | 'hours' | 'currency'>,
): Promise<z.output<typeof facetsReply>> {
  const meant = meantBy(ask.q);
  const { query, plain } = meant;
  const currency = currencySaid(meant) ?? ask.currency ?? null;
  const hours = ask.hours ?? SEARCH_HOURS;
  return { facets: await search.facets({ query, plain, hours, currency }) };
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

type Reads = Pick<ReadCtx, 'db' | 'clock' | 'log' | 'search'>;

const fitsHours = ({ min_hours, max_hours }: Offering, hours: number): boolean =>
  min_hours <= hours && hours <= max_hours;

/** What renting for these hours is charged, compared in one currency without rates. */
const priceFor = (
  rate: Parameters<typeof seenPriceOf>[0],
  hours: number,
  compared: Currency,
): z.output<typeof priceView> => seenPriceOf(rate, hours, compared, null);

/**
 * What was found, as it is now and in that order; what has left the market since, or is no longer
 * rented for these hours, is left out.
 */
export async function itemsOf(
  ctx: Pick<Reads, 'db' | 'clock' | 'log'>,
  found: readonly { id: string; ranking: Ranking | null }[],
  { hours, currency, rates }: { hours: number; currency: Currency; rates: KnownRates | null },
): Promise<z.output<typeof searchItem>[]> {
  const ids = found.map(({ id }) => id);
  await ownTurn();
  const views = await listViews(ctx, anonymous, ids);
  const shown = new Map(views.map((one) => [one.id, one]));
  const providers = [...new Set(views.map(({ provider }) => provider.id))];
  const records = await listPublicRecords(ctx.db, providers);
  return found.flatMap(({ id, ranking }) => {
    const offering = shown.get(id);
    if (offering?.visibility !== 'public' || !fitsHours(offering, hours)) return [];
    const price = seenPriceOf(offering, hours, currency, rates?.per_euro_e9s ?? null);
    const { renters } = records.get(offering.provider.id) ?? noRecord;
    return [{ ...offering, price, rank: ranking && rankOf(ranking), renters }];
  });
}

const rankOf = ({ criteria: parts, price_cut_percent, ...ranking }: Ranking) => ({
  ...ranking,
  criteria: criteria.flatMap((criterion, at) => {
    const part = parts[at];
    return part === undefined ? [] : [{ criterion, ...part }];
  }),
  counterfactual: price_cut_percent === null ? null : { price_cut_percent },
});

type Item = z.output<typeof completionsReply>['items'][number];

/** Fields whose values are looked for where a bare word stands. */
const NAMED_BY_WORDS = ['gpu', 'kind', 'country', 'provider'] as const;
const VALUES_BY_WORDS = 3;
/** More than any closed list has. */
const CLOSED_VALUES = 50;
const BREAK = /[\s"(),]/;

interface Place {
  /** Whose value is typed; null where a term begins, undefined after a name that is no field. */
  field: FieldName | null | undefined;
  prefix: string;
  from: number;
  to: number;
}

/** What stands at this place of a query that may be half typed. */
function placeOf(q: string, at: number): Place {
  const brackets: Place['field'][] = [];
  let field: Place['field'] = null;
  let from = 0;
  let isQuoted = false;
  for (let index = 0; index < at; index += 1) {
    const sign = q.charAt(index);
    if (isQuoted) {
      if (sign === '\\') index += 1;
      else if (sign === '"') isQuoted = false;
    } else if (sign === '"') {
      isQuoted = true;
      from = index;
    } else if (sign === '(') {
      brackets.push(field);
      from = index + 1;
    } else if (sign === ':') {
      field = findField(q.slice(from, index)) ?? undefined;
      from = index + 1;
    } else if (/[\s)]/.test(sign)) {
      if (sign === ')') brackets.pop();
      field = brackets.length === 0 ? null : brackets.at(-1);
      from = index + 1;
    } else if (sign === ',' || (index === from && /[-<>=]/.test(sign))) {
      from = index + 1;
    }
  }
  const rest = q.slice(at);
  const end = isQuoted ? rest.indexOf('"') + 1 : rest.search(BREAK);
  const to = end < 0 ? q.length : at + end;
  return { field, prefix: q.slice(from, at).replace(/^"/, ''), from, to };
}

/** What may stand where the cursor is: fields, values and words that offerings have. */
export async function completeQuery(
  { search }: Pick<Reads, 'search'>,
  { q = '', at = q.length }: { q?: string | undefined; at?: number | undefined },
): Promise<z.output<typeof completionsReply>> {
  const { field, prefix, from, to } = placeOf(q, Math.min(at, q.length));
  if (field === undefined) return { items: [] };
  const found =
    field === null
      ? await terms(search, prefix)
      : (await values(search, field, prefix, MAX_COMPLETIONS)).map(({ value, ...rest }) => ({
          ...rest,
          text: termOf(field, value).slice(field.length + 1),
        }));
  return { items: found.slice(0, MAX_COMPLETIONS).map((one) => ({ ...one, from, to })) };
}

type Found = Omit<Item, 'from' | 'to'>;

/** `gpu:"H100 SXM"`, in quotes where it needs them. */
const termOf = (field: FieldName, value: string): string =>
  writeQuery({ type: 'is', field, op: '=', value });

type Search = Reads['search'];

async function terms(search: Search, prefix: string): Promise<Found[]> {
  const begins = beginsWith(prefix);
  const fields = fieldNames
    .filter((name) => [name, searchFields[name].label, ...searchFields[name].also].some(begins))
    .map((name) => ({
      text: `${name}:`,
      type: 'field' as const,
      label: searchFields[name].label,
      count: null,
    }));
  if (prefix === '') return fields;
  const named = await Promise.all(
    NAMED_BY_WORDS.map(async (name) =>
      (await values(search, name, prefix, VALUES_BY_WORDS)).map(({ value, ...rest }) => ({
        ...rest,
        text: termOf(name, value),
      })),
    ),
  );
  const known = new Set(named.flat().map(({ text }) => text));
  const meant = understand({ type: 'text', text: prefix, phrase: false })
    .readings.map(({ means }) => (means === null ? '' : writeQuery(means)))
    .filter((text) => text !== '' && !known.has(text))
    .map((text) => ({ text, type: 'value' as const, label: prefix, count: null }));
  const words = await search.complete({ field: null, prefix, limit: MAX_COMPLETIONS });
  const plain = words.map(({ value, count }) => ({
    text: value,
    type: 'word' as const,
    label: value,
    count,
  }));
  return [...fields, ...meant, ...named.flat(), ...plain];
}

/** Values of a field that begin so, the most frequent first; numbers have none to choose from. */
async function values(search: Search, field: FieldName, prefix: string, limit: number) {
  const { type, values: closed } = searchFields[field];
  if (type === 'number' || type === 'money' || type === 'time') return [];
  const begins = beginsWith(prefix);
  const made = (value: string, count: number | null) => ({
    value,
    type: 'value' as const,
    label: closed?.[value] ?? (field === 'country' ? countryName(value) : value),
    count,
  });
  if (type === 'flag') return ['yes', 'no'].filter(begins).map((value) => made(value, null));
  // The values of a closed list have labels that are typed as well.
  const found = await search.complete(
    closed === null ? { field, prefix, limit } : { field, prefix: '', limit: CLOSED_VALUES },
  );
  const all = found.map(({ value, count }) => made(value, count));
  if (closed === null) return all;
  return all.filter(({ value, label }) => [value, label].some(begins)).slice(0, limit);
}

const beginsWith = (prefix: string) => {
  const folded = foldText(prefix);
  return (text: string): boolean => foldText(text).startsWith(folded);
};

/** Some offerings side by side, in the order asked for; those that may not be seen are gone. */
export async function compareOfferings(
  ctx: Reads,
  actor: Actor,
  { id, hours = SEARCH_HOURS }: { id: readonly string[]; hours?: number | undefined },
): Promise<z.output<typeof compareReply>> {
  const asked = [...new Set(id)];
  const real = asked.filter((one) => idPattern('offering').test(one));
  const views = await listViews(ctx, actor, real);
  const shown = new Map(views.map((one) => [one.id, one]));
  const records = await listPublicRecords(
    ctx.db,
    views.map(({ provider }) => provider.id),
  );
  const offerings = asked.flatMap((one) => shown.get(one) ?? []);
  const items = offerings.map((offering) => ({
    ...offering,
    price: priceFor(offering, hours, offerings[0]?.currency ?? offering.currency),
    fits_hours: fitsHours(offering, hours),
    values: weighed(offering, hours, records.get(offering.provider.id)),
  }));
  return { hours, items, gone: asked.filter((one) => !shown.has(one)) };
}

/** What the ranking weighs of one offering, as the explanation of a search shows it. */
function weighed(offering: Offering, hours: number, record: RecordRow | undefined) {
  const { total_e9s } = priceFor(offering, hours, offering.currency);
  const { renters, ended, kept, median_response_s } = record ?? noRecord;
  const facts = { ...offering, total_e9s, hours, renters, ended, kept, median_response_s };
  const [, throughput = null, memory = null, , , reliability = null] = valuesOf({
    ...facts,
    has_gpu: offering.gpu_model !== null,
    gpu_tflops: tflopsOfOne(offering),
  });
  return {
    price: Number(total_e9s) / Number(E9),
    throughput,
    memory,
    reputation: renters,
    response: median_response_s,
    reliability,
  };
}

const noRecord = { renters: 0, ended: 0, kept: 0, median_response_s: null };

/** As the ranking reads it: the memory tells models of one name apart. */
function tflopsOfOne({ gpu_model, gpu_memory_gib }: Offering): number | null {
  if (gpu_model === null) return null;
  const said = gpu_memory_gib === null ? gpu_model : `${gpu_model} ${gpu_memory_gib}GB`;
  return modelsOf(said)[0]?.fp16_tflops ?? null;
}

/** Where an offering stands in the market. Throws `request.not_found` for who may not see it. */
export async function positionOf(
  ctx: Reads,
  actor: Actor,
  id: string,
  ask: { hours?: number | undefined },
): Promise<z.output<typeof positionReply>> {
  const [offering] = await listViews(ctx, actor, [id]);
  if (!offering) throw problem('request.not_found');
  const { currency, min_hours, max_hours } = offering;
  const hours = ask.hours ?? Math.min(Math.max(SEARCH_HOURS, min_hours), max_hours);
  const [found, history] = await Promise.all([
    ctx.search.position({ offering_id: id, hours, similar: MAX_SIMILAR }),
    historyOf(ctx, id, hours, currency),
  ]);
  const similar = (found?.similar ?? []).map((one) => ({ id: one, ranking: null }));
  return {
    hours,
    currency,
    price: priceFor(offering, hours, currency),
    position: found?.position ?? null,
    history,
    similar: await itemsOf(ctx, similar, { hours, currency, rates: null }),
  };
}

async function historyOf({ db, clock }: Reads, id: string, hours: number, compared: Currency) {
  const since = isoAt(clock.nowMs() - HISTORY_DAYS * DAY_MS);
  const points = await listPublicPoints(db, id, since, MAX_HISTORY_POINTS);
  return points.map(({ at, available, ...rate }) => ({
    at,
    price: priceFor(rate, hours, compared),
    currency: rate.currency,
    available: available === 1,
  }));
}
