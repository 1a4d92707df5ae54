/** The search as one would say it, row by row and all of them sorted; the index is held to it. */
import { priceOf } from '@berth/shared/price';
import type { Op } from '@berth/shared/market/fields';
import { foldName, foldText } from '@berth/shared/market/fold';
import { modelsOf, vendorOf } from '@berth/shared/market/hardware';
import { regionsOf, regionWords } from '@berth/shared/market/regions';
import { comparingCurrency, type Is, type Node } from '@berth/shared/market/tree';
import { countryName } from '@berth/shared/offerings/catalogue';
import type { Currency } from '@berth/shared/money';
import type { Rates } from '@berth/shared/rates/convert';
import type { SearchAsk } from '../src/search/index-port.ts';
import type { SearchRow } from '../src/search/row.ts';

export interface NaiveScope {
  hours: number;
  currency: Currency;
  rates: Rates | null;
  now_ms: number;
}

export const scopeOf = (
  { query, hours, currency }: Pick<SearchAsk, 'query' | 'hours' | 'currency'>,
  now_ms: number,
  rates: Rates | null = null,
): NaiveScope => ({
  hours,
  currency: comparingCurrency(query, currency ?? 'USD'),
  rates,
  now_ms,
});

/** A currency's rate and the comparing one's; null where they do not compare. */
export function ratioIn(own: Currency, { currency, rates }: NaiveScope): [bigint, bigint] | null {
  if (own === currency) return [1n, 1n];
  const of = (name: Currency) => (name === 'EUR' ? 1_000_000_000n : rates?.[name]);
  const [from, to] = rates === null ? [] : [of(own), of(currency)];
  return from === undefined || to === undefined ? null : [from, to];
}

/** The total as amounts are ordered: the nearest float in the comparing currency. */
export function naiveWorth(row: SearchRow, scope: NaiveScope): number {
  const [from, to] = ratioIn(row.currency, scope) ?? [1n, 1n];
  return Number(naiveTotal(row, scope.hours)) * (Number(to) / Number(from));
}

const compare = <T extends number | bigint>(a: T, op: Op, b: T): boolean => {
  if (op === '=') return a === b;
  if (op === '<') return a < b;
  if (op === '<=') return a <= b;
  return op === '>' ? a > b : a >= b;
};

const words = (text: string): string[] => foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const holds = (text: string, value: string) =>
  words(value).every((word) => words(text).includes(word));

const gpuText = ({ gpu_model, gpu_memory_gib }: SearchRow): string | null =>
  gpu_model === null || gpu_memory_gib === null ? gpu_model : `${gpu_model} ${gpu_memory_gib}GB`;

function textsOf(row: SearchRow): string[] {
  const models = modelsOf(gpuText(row) ?? '');
  const named = row.gpu_model === null ? [] : models.slice(0, 1).map(({ family }) => family);
  if (row.gpu_model !== null && models.length === 1) named.push(models[0]?.name ?? '');
  return [
    row.title,
    row.description,
    row.provider.display_name,
    row.provider.handle,
    row.gpu_model ?? '',
    ...named.flatMap((name) => [name, foldName(name)]),
    row.cpu_model ?? '',
    row.city,
    countryName(row.country),
    ...regionsOf(row.country).map((region) => regionWords[region]),
  ];
}

function hasText(row: SearchRow, text: string, phrase: boolean): boolean {
  const wanted = words(text);
  const texts = textsOf(row).map(words);
  if (!phrase) {
    return wanted.every((word) => texts.some((own) => own.some((one) => one.startsWith(word))));
  }
  return (
    wanted.length === 0 ||
    texts.some((own) => ` ${own.join(' ')} `.includes(` ${wanted.join(' ')} `))
  );
}

/** `H100` finds an `H100 SXM`, but `H100 SXM` does not find what may be another H100. */
function meansGpu(asked: string, said: string): boolean {
  const wanted = modelsOf(asked);
  const models = modelsOf(said);
  if (wanted.length === 0) return foldName(asked) === foldName(said);
  return models.length > 0 && models.every((model) => wanted.includes(model));
}

export const naiveTotal = (row: SearchRow, hours: number): bigint => priceOf(row, hours).total_e9s;

const MONEY = ['price', 'total', 'monthly', 'setup_fee'];

function isMoneySo(row: SearchRow, { field, op, value }: Is, scope: NaiveScope) {
  const ratio = ratioIn(row.currency, scope);
  if (ratio === null) return false;
  const { hours } = scope;
  const [from, to] = ratio;
  const amount = BigInt(value) * from;
  const total = naiveTotal(row, hours) * to;
  if (field === 'setup_fee') return compare(row.setup_fee_e9s * to, op, amount);
  if (field === 'total') return compare(total, op, amount);
  return compare(field === 'price' ? total : total * 720n, op, amount * BigInt(hours));
}

function numberOf(row: SearchRow, field: Is['field'], { now_ms }: NaiveScope): number | null {
  const { provider, gpu_memory_gib } = row;
  const numbers: Partial<Record<Is['field'], number | null>> = {
    gpu_count: row.gpu_count,
    gpu_memory: gpu_memory_gib,
    gpu_memory_total: gpu_memory_gib === null ? null : gpu_memory_gib * (row.gpu_count ?? 1),
    vcpus: row.vcpus,
    memory: row.memory_gib,
    disk: row.disk_gib,
    uplink: row.uplink_mbps,
    traffic: row.traffic_tib,
    min_hours: row.min_hours,
    max_hours: row.max_hours,
    stock: row.stock,
    reputation: provider.renters,
    response_time: provider.median_response_s,
    reliability: provider.ended === 0 ? null : (provider.kept * 100) / provider.ended,
    listed: (now_ms - row.listed_ms) / 1000,
  };
  return numbers[field] ?? null;
}

const isAccepted = (row: SearchRow, { hours, now_ms }: NaiveScope): boolean =>
  row.rule_hours !== null && row.rule_hours >= hours && (row.rule_expires_ms ?? 0) > now_ms;

/** A choice's own values of a row, several where it has several. */
export function choicesOf(row: SearchRow, field: string, scope: NaiveScope): string[] {
  const yes = (holds: boolean) => [holds ? 'yes' : 'no'];
  switch (field) {
    case 'unmetered':
    case 'on_chain':
      return yes(row[field]);
    case 'auto_accept':
      return yes(isAccepted(row, scope));
    case 'region':
      return [...regionsOf(row.country)];
    case 'gpu_vendor':
      return row.gpu_model === null ? [] : [vendorOf(row.gpu_model)].filter((one) => one !== null);
    case 'provider':
      return [row.provider.handle];
    case 'os':
      return [...row.operating_systems];
    case 'feature':
      return [...row.features];
    default: {
      const said = row[(field === 'cpu' ? 'cpu_model' : field) as keyof SearchRow];
      return typeof said === 'string' && said !== '' ? [said] : [];
    }
  }
}

/** A GPU that is not in the table is found by its name as it was written, without its memory. */
const isUnknownGpu = ({ gpu_model }: SearchRow, asked: string): boolean =>
  modelsOf(gpu_model ?? '').length === 0 && foldName(gpu_model ?? '') === foldName(asked);

function isSo(row: SearchRow, is: Is, scope: NaiveScope): boolean {
  const { field, op, value } = is;
  if (MONEY.includes(field)) return isMoneySo(row, is, scope);
  if (typeof value === 'number') {
    const number = numberOf(row, field, scope);
    return number !== null && compare(number, op, value);
  }
  if (typeof value === 'boolean') return choicesOf(row, field, scope)[0] === (value ? 'yes' : 'no');
  const text = String(value);
  if (field === 'gpu' && row.gpu_model === null) return false;
  if (field === 'gpu') return meansGpu(text, gpuText(row) ?? '') || isUnknownGpu(row, text);
  const own = choicesOf(row, field, scope);
  if (['cpu', 'city', 'os', 'feature'].includes(field)) return own.some((one) => holds(one, text));
  return own.some((one) => foldText(one) === foldText(text));
}

export function finds(row: SearchRow, node: Node, scope: NaiveScope): boolean {
  switch (node.type) {
    case 'all':
      return node.of.every((part) => finds(row, part, scope));
    case 'any':
      return node.of.some((part) => finds(row, part, scope));
    case 'not':
      return !finds(row, node.of, scope);
    case 'text':
      return hasText(row, node.text, node.phrase);
    case 'is':
      return isSo(row, node, scope);
  }
}

export const fitsHours = (row: SearchRow, { hours }: NaiveScope): boolean =>
  row.min_hours <= hours && row.max_hours >= hours;

type Key = (number | bigint | string)[];

function keyOf(row: SearchRow, sort: SearchAsk['sort'], scope: NaiveScope): Key {
  const group = ratioIn(row.currency, scope) === null ? row.currency : '';
  const total = naiveTotal(row, scope.hours);
  const worth = naiveWorth(row, scope);
  switch (sort) {
    case 'price':
      return [group, worth, row.currency, total, row.id];
    case 'price_desc':
      return [group, -worth, row.currency, -total, row.id];
    case 'newest':
      return [-row.listed_ms, row.id];
    case 'memory':
      return [-(row.memory_gib ?? -Infinity), row.id];
    case 'gpu_memory':
      return [-(row.gpu_memory_gib ?? -Infinity), row.id];
    case 'reputation':
      return [-row.provider.renters, row.id];
    case 'best':
      throw new Error('The ranking has its own reference');
  }
}

/** What is searched by: the query, or its plain words where it finds nothing and they do. */
export function queryFor(
  rows: readonly SearchRow[],
  { query, plain, ...ask }: Pick<SearchAsk, 'query' | 'plain' | 'hours' | 'currency'>,
  now_ms: number,
  rates: Rates | null = null,
): Node {
  const scope = scopeOf({ ...ask, query }, now_ms, rates);
  const isSome = (by: Node) => rows.some((row) => fitsHours(row, scope) && finds(row, by, scope));
  return plain !== null && !isSome(query) && isSome(plain) ? plain : query;
}

/** All that a search finds, in its order. */
export function naiveSearch(
  rows: readonly SearchRow[],
  ask: SearchAsk,
  now_ms: number,
  rates: Rates | null = null,
): SearchRow[] {
  const scope = scopeOf(ask, now_ms, rates);
  const by = (query: Node) =>
    rows.filter((row) => fitsHours(row, scope) && finds(row, query, scope));
  const found = by(queryFor(rows, ask, now_ms, rates));
  if (ask.sort === 'best') return found;
  return found
    .map((row) => ({ row, key: keyOf(row, ask.sort, scope) }))
    .sort((a, b) => {
      const at = a.key.findIndex((part, index) => part !== b.key[index]);
      return a.key[at]! < b.key[at]! ? -1 : 1;
    })
    .map(({ row }) => row);
}
