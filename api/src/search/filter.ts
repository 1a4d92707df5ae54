/**
 * Which rows a query finds. What is not said never compares: `memory:>=1` leaves out a row without
 * memory, and `-memory:>=1` finds it. Amounts are in the comparing currency: a row in one that no
 * rate converts is not below any price, nor above. `auto_accept` is of the hours asked for.
 */
import { foldText } from '@berth/shared/market/fold';
import type { Is, Node } from '@berth/shared/market/tree';
import { codesWhere, type Dictionary } from './dictionary.ts';
import { gpuMatcher } from './gpus.ts';
import {
  addBits,
  dropBits,
  keepBits,
  keepCodes,
  keepRange,
  dropRow,
  type Bits,
  type Pool,
} from './bits.ts';
import { amountsOf, floatBefore, mirrored, rangeOf, rangeTest, type Range } from './ranges.ts';
import type { ProviderFacts } from './row.ts';
import {
  choiceNames,
  countedNames,
  setOf,
  type ChoiceName,
  type CodeName,
  type CountedName,
  type NumberName,
  type Phrase,
  type Table,
  type TagName,
} from './table.ts';
import { fillTotals, type Totals } from './totals.ts';
import { comparableCodes, currencyAt, keepCurrencies, ratioOf, type Comparing } from './worth.ts';
import { holdsWords, tokensOf } from './tokens.ts';
import { addHolders, idsOfPhrase, idsWith, keepPhrase } from './words.ts';

/** What a query is evaluated against. */
export interface Scope {
  table: Table;
  totals: Totals;
  comparing: Comparing;
  now_ms: number;
  pool: Pool;
}

const MONTH_HOURS = 720n;
const SECOND_MS = 1_000;
const PERCENT = 100;

/** A filter of row sets by a query, with or without the condition that they can be rented. */
export const sieveOf = (scope: Scope, query: Node): Sieve => allOf(sievesOf(scope, query));

/** A predicate: how many rows about match it, and a filter that keeps those. */
export interface Sieve {
  rows: number;
  /** Whether it costs the same among few rows as among many. */
  fixed?: boolean;
  keep(bits: Bits): void;
}

/** A predicate that must scan every row's text is evaluated last. */
const LAST = Number.MAX_SAFE_INTEGER;

const isFixed = ({ fixed = false }: Sieve): boolean => fixed;

/** The most selective predicate first, after those of constant cost: later ones see few rows. */
export const byCost = (a: Sieve, b: Sieve): number =>
  Number(isFixed(b)) - Number(isFixed(a)) || a.rows - b.rows;

function allOf(sieves: readonly Sieve[]): Sieve {
  const ordered = [...sieves].sort(byCost);
  return {
    fixed: ordered.every(isFixed),
    rows: ordered.reduce((least, { rows }) => Math.min(least, rows), LAST),
    keep(bits) {
      for (const { keep } of ordered) keep(bits);
    },
  };
}

/** A conjunction of predicates. */
function sievesOf(scope: Scope, node: Node): Sieve[] {
  switch (node.type) {
    case 'all':
      return node.of.flatMap((part) => sievesOf(scope, part));
    case 'any':
      return [anyOf(scope, node.of)];
    case 'not':
      return [notOf(scope, sievesOf(scope, node.of))];
    case 'text':
      return node.phrase ? sievesOfPhrase(scope, node.text) : sievesOfWords(scope, node.text);
    case 'is':
      return sievesOfField(scope, node);
  }
}

function anyOf(scope: Scope, nodes: readonly Node[]): Sieve {
  const { pool } = scope;
  const parts = nodes.map((node) => allOf(sievesOf(scope, node)));
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    fixed: parts.every(isFixed),
    keep(bits) {
      const found = pool.take().fill(0);
      for (const part of parts) {
        const some = pool.copy(bits);
        dropBits(some, found);
        part.keep(some);
        addBits(found, some);
        pool.give(some);
      }
      bits.set(found);
      pool.give(found);
    },
  };
}

function notOf({ pool, table }: Scope, sieves: readonly Sieve[]): Sieve {
  const denied = allOf(sieves);
  return {
    rows: Math.max(table.live - denied.rows, 0),
    fixed: isFixed(denied),
    keep(bits) {
      const some = pool.copy(bits);
      denied.keep(some);
      dropBits(bits, some);
      pool.give(some);
    },
  };
}

/** The union of the posting lists of these words. */
function holdersOf({ table: { words }, pool }: Scope, ids: readonly number[]): Sieve {
  return {
    rows: ids.reduce((sum, id) => sum + words.counts[id]!, 0),
    fixed: true,
    keep(bits) {
      const found = pool.take().fill(0);
      for (const id of ids) addHolders(words, id, found);
      keepBits(bits, found);
      pool.give(found);
    },
  };
}

/** Every word as a prefix; a text without words matches every row. */
const sievesOfWords = (scope: Scope, text: string): Sieve[] =>
  tokensOf(text).map((word) => holdersOf(scope, idsWith(scope.table.words, word)));

function sievesOfPhrase(scope: Scope, text: string): Sieve[] {
  const { words } = scope.table;
  const spoken = tokensOf(text);
  const ids = idsOfPhrase(words, spoken);
  if (ids === null) return [holdersOf(scope, [])];
  const together: Sieve = {
    rows: LAST,
    keep(bits) {
      keepPhrase(words, ids, bits);
    },
  };
  return [...ids.map((id) => holdersOf(scope, [id])), together];
}

function sievesOfField(scope: Scope, is: Is): Sieve[] {
  const { table, now_ms } = scope;
  const { field, op, value } = is;
  switch (field) {
    case 'price':
    case 'total':
    case 'monthly':
      return sievesOfTotal(scope, is);
    case 'setup_fee':
      return sievesOfSetupFee(scope, is);
    case 'listed': {
      // An age: the younger, the later it was listed.
      const at_ms = now_ms - Number(value) * SECOND_MS;
      return [inRange(table, 'listed_ms', rangeOf(mirrored[op], at_ms))];
    }
    case 'auto_accept':
      return value === true ? sievesOfRule(scope) : [notOf(scope, sievesOfRule(scope))];
    case 'os':
    case 'feature':
      return [withTags(table, field, String(value))];
    default: {
      const [name, codes] = codesFor(table, is);
      return [isChoice(name) ? withChoices(scope, name, codes) : withCodes(table, name, codes)];
    }
  }
}

const isChoice = (name: CodeName): name is ChoiceName =>
  choiceNames.some((choice) => choice === name);

const isCounted = (name: string): name is CountedName =>
  countedNames.some((counted) => counted === name);

/** The expected share of matching rows where no counts are kept. */
const inRange = ({ live, numbers }: Table, name: NumberName, range: Range): Sieve => ({
  rows: live / 2,
  keep(bits) {
    keepRange(bits, numbers[name], range);
  },
});

/** Rows that can be rented for the hours. */
export function fittingOf({ table, totals: { hours } }: Scope): Sieve {
  const { span, min_hours, max_hours } = table.dictionaries;
  const fits = codesWhere(span, ([least, most]) => {
    return min_hours.items[least!]! <= hours && hours <= max_hours.items[most!]!;
  });
  return withCodes(table, 'span', fits);
}

const sumOf = (codes: Uint8Array, counts: readonly number[]): number =>
  codes.reduce((sum, has, code) => sum + has * counts[code]!, 0);

const withCodes = (table: Table, name: CodeName, codes: Uint8Array): Sieve => ({
  rows: sumOf(codes, table.dictionaries[name].counts),
  keep(bits) {
    keepCodes(bits, table.codes[name], codes);
  },
});

/** The rows with any of these values. */
const withChoices = ({ table, pool }: Scope, name: ChoiceName, codes: Uint8Array): Sieve => ({
  rows: sumOf(codes, table.dictionaries[name].counts),
  fixed: true,
  keep(bits) {
    const found = pool.take().fill(0);
    table.holders[name].forEach((held, code) => codes[code] === 1 && addBits(found, held));
    keepBits(bits, found);
    pool.give(found);
  },
});

function withTags(table: Table, name: TagName, value: string): Sieve {
  const { dictionaries } = table;
  const held = codesWhere(dictionaries[name], wordsMatcher(value));
  const set = setOf[name];
  const isHeld = (tags: readonly number[]) => tags.some((tag) => held[tag] === 1);
  return withCodes(table, set, codesWhere(dictionaries[set], isHeld));
}

/** The column of a field of few values, and which of them are meant. */
function codesFor(table: Table, { field, op, value }: Is): [CodeName, Uint8Array] {
  const { dictionaries: all } = table;
  const folded = typeof value === 'string' ? foldText(value) : value === true ? 'yes' : 'no';
  const provider = (fits: (facts: ProviderFacts) => boolean): [CodeName, Uint8Array] => [
    'provider',
    codesWhere(all.provider, fits),
  ];
  const isIn = rangeTest(rangeOf(op, Number(value)));
  if (isCounted(field)) return [field, codesWhere(all[field], isIn)];
  switch (field) {
    case 'gpu':
      return ['gpu', codesWhere(all.gpu, gpuMatcher(String(value)))];
    case 'gpu_vendor':
      return ['gpu', codesWhere(all.gpu, ({ vendor }) => vendor === value)];
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
      return provider(({ renters }) => isIn(renters));
    case 'response_time':
      return provider(({ median_response_s }) => isIn(median_response_s ?? NaN));
    case 'reliability':
      return provider((facts) => isIn(keptPercent(facts)));
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

function sievesOfTotal(scope: Scope, { field, op, value }: Is): Sieve[] {
  const { totals, table, pool } = scope;
  const hours = field === 'total' ? 1n : BigInt(totals.hours);
  const per = field === 'monthly' ? MONTH_HOURS : 1n;
  const priced: Sieve = {
    // What few others leave is worked out for few.
    rows: table.live,
    keep(bits) {
      fillTotals(table, totals, bits, pool);
      eachCurrency(scope, bits, (own, rows) => {
        // Integers on both sides, so that a rate rounds nothing.
        const { least, most } = amountsOf(op, BigInt(value) * hours * own.own, per * own.other);
        // Rounding keeps the order, so that floats decide wherever they are exact.
        keepRange(rows, totals.total, { least: Number(least), most: Number(most) });
        for (const [slot, total_e9s] of totals.exact) {
          if (total_e9s < least || total_e9s > most) dropRow(rows, slot);
        }
      });
    },
  };
  return [ofComparable(scope), priced];
}

function sievesOfSetupFee(scope: Scope, { op, value }: Is): Sieve[] {
  const { table } = scope;
  const charged: Sieve = {
    rows: table.live / 2,
    keep(bits) {
      eachCurrency(scope, bits, (own, rows) => {
        const { least, most } = amountsOf(op, BigInt(value) * own.own, own.other);
        keepRange(rows, table.numbers.setup_fee, { least: Number(least), most: Number(most) });
        for (const [slot, { setup_fee_e9s }] of table.exact) {
          if (setup_fee_e9s < least || setup_fee_e9s > most) dropRow(rows, slot);
        }
      });
    },
  };
  return [ofComparable(scope), charged];
}

type Ratio = NonNullable<ReturnType<typeof ratioOf>>;

/** Keeps of the rows of each currency that compares those that are kept by its own limits. */
function eachCurrency(scope: Scope, bits: Bits, keep: (own: Ratio, rows: Bits) => void): void {
  const { table, pool, comparing } = scope;
  const codes = comparableCodes(scope);
  const ratioAt = (code: number) => ratioOf(currencyAt(table, code), comparing);
  const [only = -1] = codes;
  const alone = codes.length === 1 ? ratioAt(only) : null;
  if (alone !== null) return keep(alone, bits);
  const found = pool.take().fill(0);
  for (const code of codes) {
    const rows = pool.copy(bits);
    keepCurrencies(scope, rows, [code]);
    const ratio = ratioAt(code);
    if (ratio !== null) keep(ratio, rows);
    addBits(found, rows);
    pool.give(rows);
  }
  bits.set(found);
  pool.give(found);
}

function ofComparable(scope: Scope): Sieve {
  const { items } = scope.table.dictionaries.currency;
  const codes = new Uint8Array(items.length);
  for (const code of comparableCodes(scope)) codes[code] = 1;
  return withChoices(scope, 'currency', codes);
}

/** A rule stands that covers the hours. */
function sievesOfRule(scope: Scope): Sieve[] {
  const { table, totals, now_ms } = scope;
  const ruled = codesWhere(table.dictionaries.ruled, () => true);
  const later = { least: -floatBefore(-now_ms), most: Infinity };
  const covered = { least: totals.hours, most: Infinity };
  return [
    withChoices(scope, 'ruled', ruled),
    inRange(table, 'rule_expires_ms', later),
    inRange(table, 'rule_hours', covered),
  ];
}
