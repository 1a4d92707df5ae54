/**
 * The values of each field, counted among what matches all of the query but that field's own
 * conjuncts. Rows that fail two conjuncts or more count nowhere; those that fail one alone count
 * for its field, if it has one.
 */
import type { FieldName } from '@berth/shared/market/fields';
import { MAX_FACET_VALUES } from '@berth/shared/market/schemas';
import { conjunctsOf, type Node } from '@berth/shared/market/tree';
import { keptPercent, maskOf, type Scope } from './filter.ts';
import type { Facet } from './index-port.ts';
import { joinAll, makeMask, type Mask } from './loops.ts';
import {
  listedFacet,
  numberFacet,
  priceFacets,
  setupFacet,
  stepFacet,
  type Weighted,
} from './facet-numbers.ts';
import { choiceNames, countedNames, tagNames, type ChoiceName, type TagName } from './table.ts';
import { tallyOf, type Tally } from './tally.ts';
import type { ProviderFacts } from './row.ts';

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

const fieldsOfChoices = choiceNames.filter(
  (name): name is Exclude<ChoiceName, 'unit'> => name !== 'unit',
);

/** Every field's facet. */
export function facetsOf(scope: Scope, query: Node): Facet[] {
  const counted = countedRows(scope, query);
  const tallies = new Map<Mask, Tally>();
  const tally = (field: Group): Tally => {
    const mask = counted.own.get(field) ?? counted.all;
    const known = tallies.get(mask) ?? tallyOf(scope, mask);
    tallies.set(mask, known);
    return known;
  };
  const choices = fieldsOfChoices.map((field) => choiceFacet(scope, field, tally(field)));
  const tags = tagNames.map((field) => tagFacet(scope, field, tally(field)));
  const numbers = countedNames.map((field) => numberFacet(scope, field, tally(field)));
  return [
    ...choices,
    ...tags,
    ...numbers,
    ...placeFacets(scope, tally),
    ...providerFacets(scope, tally),
    ...priceFacets(scope, tally('price')),
    setupFacet(scope, tally('setup_fee')),
    acceptFacet(scope, tally('auto_accept')),
    listedFacet(scope, tally('listed')),
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

const choiceFacet = (scope: Scope, field: Exclude<ChoiceName, 'unit'>, tally: Tally): Facet => {
  const { items } = scope.table.dictionaries[field];
  return choiceOf(
    field,
    named(items, tally.codes(field), ({ text }) => text),
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

const tagFacet = ({ table }: Scope, field: TagName, tally: Tally): Facet =>
  choiceOf(
    field,
    named(table.dictionaries[field].items, tally.tags(field), ({ text }) => text),
  );

function placeFacets(scope: Scope, tally: (field: Group) => Tally): Facet[] {
  const { country, gpu, city, cpu } = scope.table.dictionaries;
  const regions = new Map<string, number>();
  const inCountries = tally('region').codes('country');
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
      named(country.items, tally('country').codes('country'), ({ text }) => text),
    ),
    choiceOf(
      'city',
      named(city.items, tally('city').codes('city'), ({ text }) => text),
    ),
    choiceOf(
      'cpu',
      named(cpu.items, tally('cpu').codes('cpu'), ({ text }) => text),
    ),
    choiceOf(
      'gpu',
      named(gpu.items, tally('gpu').codes('gpu'), ({ name }) => name),
    ),
  ];
}

const RENTER_STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const RESPONSE_STEPS = [0, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600, 72 * 3_600];
const PERCENT_STEPS = [0, 50, 80, 90, 95, 98, 99, 100];

function providerFacets(scope: Scope, tally: (field: Group) => Tally): Facet[] {
  const { items } = scope.table.dictionaries.provider;
  const weighted = (field: FieldName, valueOf: (facts: ProviderFacts) => number): Weighted[] => {
    const counts = tally(field).codes('provider');
    return items.map((facts, code) => ({
      value: facts === null ? NaN : valueOf(facts),
      count: counts[code]!,
    }));
  };
  const renters = weighted('reputation', (facts) => facts.renters);
  const seconds = weighted('response_time', (facts) => facts.median_response_s ?? NaN);
  const kept = weighted('reliability', keptPercent);
  const providers = tally('provider').codes('provider');
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

function acceptFacet(scope: Scope, { rows }: Tally): Facet {
  const holds = maskOf(scope, { type: 'is', field: 'auto_accept', op: '=', value: true });
  let yes = 0;
  for (let row = 0; row < rows.length; row++) yes += holds[rows[row]!]!;
  return choiceOf('auto_accept', [
    { value: 'yes', count: yes },
    { value: 'no', count: rows.length - yes },
  ]);
}
