/**
 * The values of each field, counted among what matches all of the query but that field's own
 * conjuncts. Rows that fail two conjuncts or more count nowhere; those that fail one alone count
 * for its field, if it has one.
 */
import type { FieldName } from '@berth/shared/market/fields';
import { MAX_FACET_VALUES } from '@berth/shared/market/schemas';
import { conjunctsOf, type Node } from '@berth/shared/market/tree';
import { addBits, countBits, dropBits, keepBits, type Bits } from './bits.ts';
import { byCost, fittingOf, keptPercent, sieveOf, type Scope } from './filter.ts';
import type { Facet, FacetsAsk } from './index-port.ts';
import {
  listedFacet,
  numberFacet,
  priceFacets,
  setupFacet,
  stepFacet,
  type Weighted,
} from './facet-numbers.ts';
import { countedNames, fieldChoices, tagNames, type FieldChoice, type TagName } from './table.ts';
import type { Gpu } from './gpus.ts';
import { facetCountsOf, type FacetCounts } from './facet-counts.ts';
import type { ProviderFacts } from './row.ts';

/** Price, total and month are one number, so a filter of one is left out for all three. */
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

/** By field the rows that its facet counts. */
interface Counted {
  all: Bits;
  /** Only where the query has conjuncts of the field. */
  own: Map<Group, Bits>;
}

function countedRows(scope: Scope, query: Node): Counted {
  const { table, pool } = scope;
  const parts = new Map<Group | null, Node[]>([[null, []]]);
  for (const conjunct of conjunctsOf(query)) {
    const field = fieldOf(conjunct);
    parts.set(field, [...(parts.get(field) ?? []), conjunct]);
  }
  const sieves = [...parts].map(([field, of]) => ({
    field,
    sieve: sieveOf(scope, { type: 'all', of }),
  }));
  sieves.push({ field: null, sieve: fittingOf(scope) });
  const all = pool.copy(table.alive);
  // What holds all conjuncts so far, and by field what fails those of it alone.
  const failed = new Map<Group, Bits>();
  for (const { field, sieve } of sieves.sort((a, b) => byCost(a.sieve, b.sieve))) {
    const held = pool.copy(all);
    for (const rows of failed.values()) addBits(held, rows);
    sieve.keep(held);
    for (const rows of failed.values()) keepBits(rows, held);
    if (field !== null) {
      const own = pool.copy(all);
      dropBits(own, held);
      failed.set(field, own);
    }
    keepBits(all, held);
    pool.give(held);
  }
  for (const rows of failed.values()) addBits(rows, all);
  return { all, own: failed };
}

/** Those of the query, or of its plain words where it finds nothing and they do. */
function countedBy(scope: Scope, query: Node, plain: Node | null): Counted {
  const counted = countedRows(scope, query);
  if (plain === null || countBits(counted.all) > 0) return counted;
  const words = countedRows(scope, plain);
  const [left, taken] = countBits(words.all) > 0 ? [counted, words] : [words, counted];
  giveBack(scope, left);
  return taken;
}

function giveBack({ pool }: Scope, { all, own }: Counted): void {
  for (const rows of [all, ...own.values()]) pool.give(rows);
}

/** Every field's facet. */
export function facetsOf(
  scope: Scope,
  { query, plain }: Pick<FacetsAsk, 'query' | 'plain'>,
): Facet[] {
  const counted = countedBy(scope, query, plain);
  const known_counts = new Map<Bits, FacetCounts>();
  const countsFor = (field: Group): FacetCounts => {
    const rows = counted.own.get(field) ?? counted.all;
    const known = known_counts.get(rows) ?? facetCountsOf(scope, rows);
    known_counts.set(rows, known);
    return known;
  };
  const choices = fieldChoices.map((field) => choiceFacet(scope, field, countsFor(field)));
  const tags = tagNames.map((field) => tagFacet(scope, field, countsFor(field)));
  const numbers = countedNames.map((field) => numberFacet(scope, field, countsFor(field)));
  const facets = [
    ...choices,
    ...tags,
    ...numbers,
    ...placeFacets(scope, countsFor),
    ...providerFacets(scope, countsFor),
    ...priceFacets(scope, countsFor('price')),
    setupFacet(scope, countsFor('setup_fee')),
    acceptFacet(scope, countsFor('auto_accept')),
    listedFacet(scope, countsFor('listed')),
  ];
  giveBack(scope, counted);
  return facets;
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

const choiceFacet = (scope: Scope, field: FieldChoice, counted: FacetCounts): Facet => {
  const { items } = scope.table.dictionaries[field];
  return choiceOf(
    field,
    named(items, counted.values(field), ({ text }) => text),
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

const tagFacet = ({ table }: Scope, field: TagName, counted: FacetCounts): Facet =>
  choiceOf(
    field,
    named(table.dictionaries[field].items, counted.tags(field), ({ text }) => text),
  );

function placeFacets(scope: Scope, countsFor: (field: Group) => FacetCounts): Facet[] {
  const { country, gpu, city, cpu } = scope.table.dictionaries;
  const regions = new Map<string, number>();
  const inCountries = countsFor('region').values('country');
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
      named(country.items, countsFor('country').values('country'), ({ text }) => text),
    ),
    choiceOf(
      'city',
      named(city.items, countsFor('city').values('city'), ({ text }) => text),
    ),
    choiceOf(
      'cpu',
      named(cpu.items, countsFor('cpu').values('cpu'), ({ text }) => text),
    ),
    choiceOf(
      'gpu',
      named(gpu.items, countsFor('gpu').values('gpu'), ({ name }) => name),
    ),
    choiceOf('gpu_vendor', vendorsIn(gpu.items, countsFor('gpu_vendor').values('gpu'))),
  ];
}

function vendorsIn(items: readonly (Gpu | null)[], counts: Uint32Array): Value[] {
  const found = new Map<string, number>();
  items.forEach((item, code) => {
    const vendor = item?.vendor ?? null;
    if (vendor !== null) found.set(vendor, (found.get(vendor) ?? 0) + counts[code]!);
  });
  return [...found].map(([value, count]) => ({ value, count }));
}

const RENTER_STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const RESPONSE_STEPS = [0, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600, 72 * 3_600];
const PERCENT_STEPS = [0, 50, 80, 90, 95, 98, 99, 100];

function providerFacets(scope: Scope, countsFor: (field: Group) => FacetCounts): Facet[] {
  const { items } = scope.table.dictionaries.provider;
  const weighted = (field: FieldName, valueOf: (facts: ProviderFacts) => number): Weighted[] => {
    const counts = countsFor(field).values('provider');
    return items.map((facts, code) => ({
      value: facts === null ? NaN : valueOf(facts),
      count: counts[code]!,
    }));
  };
  const renters = weighted('reputation', (facts) => facts.renters);
  const seconds = weighted('response_time', (facts) => facts.median_response_s ?? NaN);
  const kept = weighted('reliability', keptPercent);
  const providers = countsFor('provider').values('provider');
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

function acceptFacet(scope: Scope, { rows }: FacetCounts): Facet {
  const accepted = scope.pool.copy(rows);
  sieveOf(scope, { type: 'is', field: 'auto_accept', op: '=', value: true }).keep(accepted);
  const yes = countBits(accepted);
  scope.pool.give(accepted);
  return choiceOf('auto_accept', [
    { value: 'yes', count: yes },
    { value: 'no', count: countBits(rows) - yes },
  ]);
}
