/**
 * Which rows a query finds. What is not said never compares: `memory:>=1` leaves out a row without
 * memory, and `-memory:>=1` finds it. Amounts are of the comparing currency: a row in another one
 * is not below any price, nor above. `auto_accept` is of the hours asked for.
 */
import { foldText } from '@berth/shared/market/fold';
import type { Is, Node } from '@berth/shared/market/tree';
import type { Op } from '@berth/shared/market/fields';
import type { Currency } from '@berth/shared/money';
import { codesWhere, type Dictionary } from './dictionary.ts';
import { gpuMatcher } from './gpus.ts';
import {
  joinAll,
  joinAny,
  makeMask,
  markCodes,
  markRange,
  markTags,
  turn,
  type Mask,
} from './loops.ts';
import type { ProviderFacts } from './row.ts';
import type { CodeName, NumberName, Phrase, Table } from './table.ts';
import { isTotalIn, type Totals } from './totals.ts';
import { holdsWords, tokensOf } from './tokens.ts';
import { markPhrase, markPrefix } from './words.ts';

/** What a query is asked of. */
export interface Scope {
  table: Table;
  totals: Totals;
  currency: Currency;
  now_ms: number;
}

const MONTH_HOURS = 720n;
const SECOND_MS = 1_000;
const PERCENT = 100;

/** A new mask of the rows that a query finds, whether they can be rented for the hours or not. */
export function maskOf(scope: Scope, node: Node): Mask {
  const mask = makeMask(scope.table.size);
  switch (node.type) {
    case 'all':
      if (node.of.length === 0) return mask.fill(1);
      return node.of.map((part) => maskOf(scope, part)).reduce(joined(joinAll));
    case 'any':
      if (node.of.length === 0) return mask;
      return node.of.map((part) => maskOf(scope, part)).reduce(joined(joinAny));
    case 'not': {
      const denied = maskOf(scope, node.of);
      turn(denied);
      return denied;
    }
    case 'text':
      markText(scope, mask, node);
      return mask;
    case 'is':
      markIs(scope, mask, node);
      return mask;
  }
}

const joined =
  (join: (mask: Mask, other: Mask) => void) =>
  (mask: Mask, other: Mask): Mask => {
    join(mask, other);
    return mask;
  };

/** Every word as the beginning of one; a text without words is in every row. */
function markText(
  { table }: Scope,
  mask: Mask,
  { text, phrase }: { text: string; phrase: boolean },
): void {
  const words = tokensOf(text);
  if (words.length === 0) mask.fill(1);
  else if (phrase) markPhrase(table.words, words, mask);
  else {
    words.forEach((word, at) => {
      const some = at === 0 ? mask : makeMask(table.size);
      markPrefix(table.words, word, some);
      if (at > 0) joinAll(mask, some);
    });
  }
}

const numbersOf: Partial<Record<Is['field'], NumberName>> = {
  gpu_count: 'gpu_count',
  gpu_memory: 'gpu_memory',
  gpu_memory_total: 'gpu_memory_total',
  vcpus: 'vcpus',
  memory: 'memory',
  disk: 'disk',
  uplink: 'uplink',
  traffic: 'traffic',
  min_hours: 'min_hours',
  max_hours: 'max_hours',
  stock: 'stock',
};

function markIs(scope: Scope, mask: Mask, is: Is): void {
  const { table, now_ms } = scope;
  const { field, op, value } = is;
  const column = numbersOf[field];
  if (column) return markRange(mask, table.numbers[column], table.size, rangeOf(op, Number(value)));
  switch (field) {
    case 'price':
    case 'total':
    case 'monthly':
      return markTotal(scope, mask, is);
    case 'setup_fee':
      return markSetupFee(scope, mask, is);
    case 'listed': {
      // An age: the younger, the later it was listed.
      const at_ms = now_ms - Number(value) * SECOND_MS;
      const range = rangeOf(mirrored[op], at_ms);
      return markRange(mask, table.numbers.listed_ms, table.size, range);
    }
    case 'auto_accept':
      return markAutoAccept(scope, mask, value === true);
    case 'os':
    case 'feature': {
      const held = codesWhere(table.dictionaries[field], wordsMatcher(String(value)));
      return markTags(mask, table.tags[field], held, table.size);
    }
    default: {
      const [name, codes] = codesFor(table, is);
      return markCodes(mask, table.codes[name], codes, table.size);
    }
  }
}

/** The column of a field of few values, and which of them are meant. */
function codesFor(table: Table, { field, op, value }: Is): [CodeName, Uint8Array] {
  const { dictionaries: all } = table;
  const folded = typeof value === 'string' ? foldText(value) : value === true ? 'yes' : 'no';
  const provider = (fits: (facts: ProviderFacts) => boolean): [CodeName, Uint8Array] => [
    'provider',
    codesWhere(all.provider, fits),
  ];
  const inRange = rangeTest(rangeOf(op, Number(value)));
  switch (field) {
    case 'gpu':
      return ['gpu', codesWhere(all.gpu, gpuMatcher(String(value)))];
    case 'cpu':
    case 'city':
      return [field, codesWhere(all[field], wordsMatcher(String(value)))];
    case 'country':
      return ['country', codesWhere(all.country, ({ text }) => text === value)];
    case 'region':
      return [
        'country',
        codesWhere(all.country, ({ regions }) => regions.some((r) => r === value)),
      ];
    case 'provider':
      return provider(({ handle }) => foldText(handle) === folded);
    case 'reputation':
      return provider(({ renters }) => inRange(renters));
    case 'response_time':
      return provider(({ median_response_s }) => inRange(median_response_s ?? NaN));
    case 'reliability':
      return provider((facts) => inRange(keptPercent(facts)));
    default: {
      const name = field as keyof typeof all & CodeName;
      const dictionary = all[name] as Dictionary<Phrase>;
      return [name, codesWhere(dictionary, ({ text }) => foldText(text) === folded)];
    }
  }
}

/** Of a hundred contracts that ended; NaN before the first. */
export const keptPercent = ({ kept, ended }: ProviderFacts): number =>
  ended === 0 ? NaN : (kept * PERCENT) / ended;

const wordsMatcher = (value: string) => {
  const wanted = tokensOf(value);
  return ({ words }: Phrase) => holdsWords(words, wanted);
};

interface Range {
  least: number;
  most: number;
}

const mirrored: Record<Op, Op> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The closed range of floats that a comparison means. */
function rangeOf(op: Op, value: number): Range {
  switch (op) {
    case '=':
      return { least: value, most: value };
    case '<':
      return { least: -Infinity, most: floatBefore(value) };
    case '<=':
      return { least: -Infinity, most: value };
    case '>':
      return { least: -floatBefore(-value), most: Infinity };
    case '>=':
      return { least: value, most: Infinity };
  }
}

const rangeTest =
  ({ least, most }: Range) =>
  (value: number): boolean =>
    value >= least && value <= most;

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The greatest float below one. */
function floatBefore(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  float[0] = value;
  bits[0]! += value > 0 ? -1n : 1n;
  return float[0];
}

interface Amounts {
  least: bigint;
  most: bigint;
}

const NO_LIMIT = 10n ** 40n;

/**
 * The totals whose `total * times` compares so with `amount * hours`: all integers, so that a price
 * by the hour or the month is compared as exactly as the total that is charged.
 */
function amountsOf(op: Op, amount: bigint, times: bigint): Amounts {
  const floor = amount / times;
  const ceil = (amount + times - 1n) / times;
  switch (op) {
    case '=':
      return floor === ceil ? { least: floor, most: floor } : { least: 1n, most: 0n };
    case '<':
      return { least: 0n, most: ceil - 1n };
    case '<=':
      return { least: 0n, most: floor };
    case '>':
      return { least: floor + 1n, most: NO_LIMIT };
    case '>=':
      return { least: ceil, most: NO_LIMIT };
  }
}

function markTotal(scope: Scope, mask: Mask, { field, op, value }: Is): void {
  const { totals, table } = scope;
  const amount = BigInt(value);
  const hours = BigInt(totals.hours);
  const { least, most } =
    field === 'total'
      ? amountsOf(op, amount, 1n)
      : amountsOf(op, amount * hours, field === 'monthly' ? MONTH_HOURS : 1n);
  // Rounding keeps the order, so that floats decide wherever they are exact.
  markRange(mask, totals.total, table.size, { least: Number(least), most: Number(most) });
  for (const slot of totals.exact.keys()) mask[slot] = isTotalIn(totals, slot, least, most) ? 1 : 0;
  keepCurrency(scope, mask);
}

function markSetupFee(scope: Scope, mask: Mask, { op, value }: Is): void {
  const { table } = scope;
  const { least, most } = amountsOf(op, BigInt(value), 1n);
  const range = { least: Number(least), most: Number(most) };
  markRange(mask, table.numbers.setup_fee, table.size, range);
  for (const [slot, { setup_fee_e9s }] of table.exact) {
    mask[slot] = setup_fee_e9s >= least && setup_fee_e9s <= most ? 1 : 0;
  }
  keepCurrency(scope, mask);
}

function keepCurrency({ table, currency }: Scope, mask: Mask): void {
  const own = codesWhere(table.dictionaries.currency, ({ text }) => text === currency);
  const same = makeMask(table.size);
  markCodes(same, table.codes.currency, own, table.size);
  joinAll(mask, same);
}

function markAutoAccept({ table, totals, now_ms }: Scope, mask: Mask, wanted: boolean): void {
  const { rule_hours, rule_expires_ms } = table.numbers;
  const later = { least: -floatBefore(-now_ms), most: Infinity };
  markRange(mask, rule_expires_ms, table.size, later);
  const covered = makeMask(table.size);
  markRange(covered, rule_hours, table.size, { least: totals.hours, most: Infinity });
  joinAll(mask, covered);
  if (!wanted) turn(mask);
}
