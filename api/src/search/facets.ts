/**
 * The values of each field, counted among what matches all of the query but that field's own
 * conjuncts. Rows that fail two conjuncts or more count nowhere; those that fail one alone count
 * for its field, if it has one.
 */
import type { FieldName } from '@berth/shared/market/fields';
import { MAX_FACET_VALUES } from '@berth/shared/market/schemas';
import { conjunctsOf, type Node } from '@berth/shared/market/tree';
import { decimalOf } from '@berth/shared/money';
import { keptPercent, maskOf, type Scope } from './filter.ts';
import type { Facet } from './index-port.ts';
import { countCodes, joinAll, LANES, listRows, makeMask, type Mask } from './loops.ts';
import { codesWhere } from './dictionary.ts';
import { choiceNames, tagNames, type ChoiceName, type NumberName } from './table.ts';
import type { ProviderFacts } from './row.ts';
import { FIRST_INEXACT, totalOf, type Totals } from './totals.ts';

/** Price, total and month are one number seen three ways, so they give way together. */
type Group = FieldName | 'price';

const groupOf = (field: FieldName): Group =>
  field === 'total' || field === 'monthly' ? 'price' : field;

/** The one field that a conjunct is about, null where there are several, or words. */
function fieldOf(node: Node): Group | null {
  switch (node.type) {
    case 'is':
      return groupOf(node.field);
    case 'text':
      return null;
    case 'not':
      return fieldOf(node.of);
    case 'all':
    case 'any': {
      const fields = new Set(node.of.map(fieldOf));
      const [only = null] = fields;
      return fields.size === 1 ? only : null;
    }
  }
}

/** The rows that count, by number. */
type Rows = Uint32Array;

/** For each field the rows that count for it. */
interface Counted {
  all: Mask;
  /** Only where the query has conjuncts of the field. */
  own: Map<Group, Mask>;
}

function countedRows(scope: Scope, query: Node): Counted {
  const masks = new Map<Group | null, Mask>();
  for (const conjunct of conjunctsOf(query)) {
    const field = fieldOf(conjunct);
    const mask = maskOf(scope, conjunct);
    const known = masks.get(field);
    if (known) joinAll(known, mask);
    else masks.set(field, mask);
  }
  const { table, totals } = scope;
  const base = makeMask(table.size);
  base.set(totals.fits.subarray(0, table.size));
  const words = masks.get(null);
  if (words) joinAll(base, words);
  masks.delete(null);
  const all = base.slice();
  for (const mask of masks.values()) joinAll(all, mask);
  const own = new Map<Group, Mask>();
  for (const field of masks.keys()) {
    if (field === null) continue;
    const rows = base.slice();
    for (const [other, mask] of masks) if (other !== field) joinAll(rows, mask);
    own.set(field, rows);
  }
  return { all, own };
}

const numberFields: readonly [FieldName, NumberName][] = [
  ['gpu_count', 'gpu_count'],
  ['gpu_memory', 'gpu_memory'],
  ['gpu_memory_total', 'gpu_memory_total'],
  ['vcpus', 'vcpus'],
  ['memory', 'memory'],
  ['disk', 'disk'],
  ['uplink', 'uplink'],
  ['traffic', 'traffic'],
  ['min_hours', 'min_hours'],
  ['max_hours', 'max_hours'],
  ['stock', 'stock'],
];

const fieldsOfChoices = choiceNames.filter(
  (name): name is Exclude<ChoiceName, 'unit'> => name !== 'unit',
);

/** Every field's facet. */
export function facetsOf(scope: Scope, query: Node): Facet[] {
  const counted = countedRows(scope, query);
  const lists = new Map<Mask, Rows>();
  const rowsOf = (field: Group): Rows => {
    const mask = counted.own.get(field) ?? counted.all;
    const rows = lists.get(mask) ?? listRows(mask, scope.table.size);
    lists.set(mask, rows);
    return rows;
  };
  const choices = fieldsOfChoices.map((field) => choiceFacet(scope, field, rowsOf(field)));
  const tags = tagNames.map((field) => tagFacet(scope, field, rowsOf(field)));
  const numbers = numberFields.map(([field, name]) =>
    numberFacet(scope, field, name, rowsOf(field)),
  );
  return [
    ...choices,
    ...tags,
    ...numbers,
    ...placeFacets(scope, rowsOf),
    ...providerFacets(scope, rowsOf),
    ...priceFacets(scope, rowsOf),
    acceptFacet(scope, rowsOf('auto_accept')),
    listedFacet(scope, rowsOf('listed')),
  ];
}

interface Value {
  value: string;
  count: number;
}

const byCount = (a: Value, b: Value): number =>
  b.count - a.count || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);

const choiceOf = (field: string, values: Value[]): Facet => ({
  field,
  values: values
    .filter(({ count }) => count > 0)
    .sort(byCount)
    .slice(0, MAX_FACET_VALUES),
  range: null,
});

type Coded = 'gpu' | 'cpu' | 'city' | 'country' | 'provider' | ChoiceName;

const countsOf = ({ table }: Scope, name: Coded, rows: Rows): Uint32Array =>
  countCodes(rows, table.codes[name], table.dictionaries[name].keys.length);

const choiceFacet = (scope: Scope, field: Exclude<ChoiceName, 'unit'>, rows: Rows): Facet => {
  const { items } = scope.table.dictionaries[field];
  const counts = countsOf(scope, field, rows);
  return choiceOf(
    field,
    named(items, counts, ({ text }) => text),
  );
};

function named<T>(
  items: readonly (T | null)[],
  counts: Uint32Array,
  nameOf: (item: T) => string,
): Value[] {
  return items.flatMap((item, code) =>
    item === null ? [] : [{ value: nameOf(item), count: counts[code]! }],
  );
}

function tagFacet({ table }: Scope, field: (typeof tagNames)[number], rows: Rows): Facet {
  const { starts, counts, values } = table.tags[field];
  const { items } = table.dictionaries[field];
  const found = new Uint32Array(items.length);
  for (let row = 0; row < rows.length; row++) {
    const slot = rows[row]!;
    const from = starts[slot]!;
    for (let at = from + counts[slot]! - 1; at >= from; at--) found[values[at]!]! += 1;
  }
  return choiceOf(
    field,
    named(items, found, ({ text }) => text),
  );
}

function placeFacets(scope: Scope, rowsOf: (field: Group) => Rows): Facet[] {
  const { country, gpu, city, cpu } = scope.table.dictionaries;
  const regions = new Map<string, number>();
  const inCountries = countsOf(scope, 'country', rowsOf('region'));
  country.items.forEach((item, code) => {
    for (const region of item?.regions ?? []) {
      regions.set(region, (regions.get(region) ?? 0) + inCountries[code]!);
    }
  });
  return [
    choiceOf(
      'region',
      [...regions].map(([value, count]) => ({ value, count })),
    ),
    choiceOf(
      'country',
      named(country.items, countsOf(scope, 'country', rowsOf('country')), ({ text }) => text),
    ),
    choiceOf(
      'city',
      named(city.items, countsOf(scope, 'city', rowsOf('city')), ({ text }) => text),
    ),
    choiceOf(
      'cpu',
      named(cpu.items, countsOf(scope, 'cpu', rowsOf('cpu')), ({ text }) => text),
    ),
    choiceOf(
      'gpu',
      named(gpu.items, countsOf(scope, 'gpu', rowsOf('gpu')), ({ name }) => name),
    ),
  ];
}

/** Numbers as steps from below, each twice the one before, and their ends. */
function numberFacet({ table }: Scope, field: FieldName, name: NumberName, rows: Rows): Facet {
  const column = table.numbers[name];
  const highs = new Uint32Array(column.buffer);
  const counts = new Uint32Array(EXPONENTS * LANES);
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < rows.length; row++) {
    const slot = rows[row]!;
    const number = column[slot]!;
    if (number < least) least = number;
    if (number > most) most = number;
    // The exponent of a float is its power of two; that of zero is the first, of NaN the last.
    const exponent = highs[slot * 2 + 1]! >>> EXPONENT_SHIFT;
    counts[(row % LANES) * EXPONENTS + exponent]! += 1;
  }
  const steps: Value[] = [];
  for (let exponent = 0; exponent < EXPONENTS - 1; exponent++) {
    let count = 0;
    for (let lane = 0; lane < LANES; lane++) count += counts[lane * EXPONENTS + exponent]!;
    const step = exponent === 0 ? 0 : 2 ** (exponent - EXPONENT_BIAS);
    if (count > 0) steps.push({ value: `${step}`, count });
  }
  return { field, values: steps, range: rangeOf(least, most) };
}

const EXPONENTS = 2_048;
const EXPONENT_BIAS = 1_023;
const EXPONENT_SHIFT = 20;

const rangeOf = (least: number, most: number): Facet['range'] =>
  least > most ? null : { least: `${least}`, most: `${most}` };

interface Weighted {
  value: number;
  count: number;
}

/** Numbers of which few are different, by given steps. */
function stepFacet(
  field: FieldName,
  steps: readonly number[],
  numbers: readonly Weighted[],
): Facet {
  const known = numbers.filter(({ value, count }) => count > 0 && !Number.isNaN(value));
  const values = steps.map((step, at) => {
    const next = steps[at + 1] ?? Infinity;
    const own = known.filter(({ value }) => value >= step && value < next);
    return { value: `${step}`, count: own.reduce((sum, { count }) => sum + count, 0) };
  });
  const all = known.map(({ value }) => value);
  const least = all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return { field, values: values.filter(({ count }) => count > 0), range: rangeOf(least, most) };
}

const RENTER_STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const RESPONSE_STEPS = [0, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600, 72 * 3_600];
const PERCENT_STEPS = [0, 50, 80, 90, 95, 98, 99, 100];

function providerFacets(scope: Scope, rowsOf: (field: Group) => Rows): Facet[] {
  const { items } = scope.table.dictionaries.provider;
  const weighted = (field: FieldName, valueOf: (facts: ProviderFacts) => number): Weighted[] => {
    const counts = countsOf(scope, 'provider', rowsOf(field));
    return items.map((facts, code) => ({
      value: facts === null ? NaN : valueOf(facts),
      count: counts[code]!,
    }));
  };
  const renters = weighted('reputation', (facts) => facts.renters);
  const seconds = weighted('response_time', (facts) => facts.median_response_s ?? NaN);
  const kept = weighted('reliability', keptPercent);
  const providers = countsOf(scope, 'provider', rowsOf('provider'));
  return [
    choiceOf(
      'provider',
      named(items, providers, ({ handle }) => handle),
    ),
    stepFacet('reputation', RENTER_STEPS, renters),
    stepFacet('response_time', RESPONSE_STEPS, seconds),
    stepFacet('reliability', PERCENT_STEPS, kept),
  ];
}

const E9 = 1e9;
/** By the hour, in currency units. */
const PRICE_STEPS = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100];
const MONTH_HOURS = 720n;

/** The prices of the comparing currency alone; a total and a month have their ends only. */
function priceFacets(scope: Scope, rowsOf: (field: Group) => Rows): Facet[] {
  const { table, totals, currency } = scope;
  const own = codesWhere(table.dictionaries.currency, ({ text }) => text === currency);
  const currencies = table.codes.currency;
  const rows = rowsOf('price');
  const steps = PRICE_STEPS.map((step) => step * E9 * totals.hours);
  const counts = new Uint32Array(steps.length);
  let least = -1;
  let most = -1;
  const { total } = totals;
  for (let row = 0; row < rows.length; row++) {
    const slot = rows[row]!;
    if (own[currencies[slot]!] === 0) continue;
    const price = total[slot]!;
    let at = steps.length - 1;
    while (price < steps[at]!) at -= 1;
    counts[at]! += 1;
    if (least < 0 || isLess(totals, slot, least)) least = slot;
    if (most < 0 || isLess(totals, most, slot)) most = slot;
  }
  const ends = least < 0 ? null : [totalOf(totals, least), totalOf(totals, most)];
  const range = (factor: bigint, per: bigint): Facet['range'] => {
    const [low, high] = (ends ?? []).map((end) => decimalOf((end * factor + per - 1n) / per));
    return low === undefined || high === undefined ? null : { least: low, most: high };
  };
  const hours = BigInt(totals.hours);
  const values = PRICE_STEPS.map((step, at) => ({ value: `${step}`, count: counts[at]! }));
  return [
    { field: 'price', values: values.filter(({ count }) => count > 0), range: range(1n, hours) },
    { field: 'total', values: [], range: range(1n, 1n) },
    { field: 'monthly', values: [], range: range(MONTH_HOURS, hours) },
    setupFacet(scope, rowsOf('setup_fee'), own),
  ];
}

function isLess(totals: Totals, a: number, b: number): boolean {
  const [one, other] = [totals.total[a]!, totals.total[b]!];
  if (one !== other || one < FIRST_INEXACT) return one < other;
  return totalOf(totals, a) < totalOf(totals, b);
}

function setupFacet({ table }: Scope, rows: Rows, own: Uint8Array): Facet {
  const fees = table.numbers.setup_fee;
  const currencies = table.codes.currency;
  let none = 0;
  let some = 0;
  for (let row = 0; row < rows.length; row++) {
    const slot = rows[row]!;
    if (own[currencies[slot]!] === 0) continue;
    if (fees[slot] === 0) none += 1;
    else some += 1;
  }
  const values = [
    { value: '0', count: none },
    { value: decimalOf(1n), count: some },
  ];
  return { field: 'setup_fee', values: values.filter(({ count }) => count > 0), range: null };
}

function acceptFacet(scope: Scope, rows: Rows): Facet {
  const holds = maskOf(scope, { type: 'is', field: 'auto_accept', op: '=', value: true });
  let yes = 0;
  for (let row = 0; row < rows.length; row++) yes += holds[rows[row]!]!;
  return choiceOf('auto_accept', [
    { value: 'yes', count: yes },
    { value: 'no', count: rows.length - yes },
  ]);
}

const DAY_S = 86_400;
/** Seconds since it was listed: a day, a week, a month, a quarter and a year. */
const AGE_STEPS = [0, DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 365 * DAY_S];
const SECOND_MS = 1_000;

function listedFacet({ table, now_ms }: Scope, rows: Rows): Facet {
  const listed = table.numbers.listed_ms;
  const counts = AGE_STEPS.map(() => 0);
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < rows.length; row++) {
    const age = Math.max((now_ms - listed[rows[row]!]!) / SECOND_MS, 0);
    if (age < least) least = age;
    if (age > most) most = age;
    let at = AGE_STEPS.length - 1;
    while (age < AGE_STEPS[at]!) at -= 1;
    counts[at]! += 1;
  }
  const values = AGE_STEPS.map((step, at) => ({ value: `${step}`, count: counts[at]! }));
  return {
    field: 'listed',
    values: values.filter(({ count }) => count > 0),
    range: rangeOf(least, most),
  };
}
