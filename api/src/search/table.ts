/** All rows by column: what the index is made of. */
import type { Region } from '@berth/shared/market/regions';
import { makeBits, WORD_ROWS, type Bits, type TagLists } from './bits.ts';
import { makeDictionary, type Dictionary } from './dictionary.ts';
import type { Gpu } from './gpus.ts';
import { makeIdIndex, type IdIndex } from './ids.ts';
import type { ProviderFacts } from './row.ts';
import { makeSpread, type Spread } from './spread.ts';
import { makeWords, type Words } from './words.ts';

/** Numbers that are counted by their size. */
export const countedNames = [
  'gpu_count',
  'gpu_memory',
  'gpu_memory_total',
  'vcpus',
  'memory',
  'disk',
  'uplink',
  'traffic',
  'min_hours',
  'max_hours',
  'stock',
] as const;
export type CountedName = (typeof countedNames)[number];

export const numberNames = [
  ...countedNames,
  'price',
  'setup_fee',
  'listed_ms',
  'rule_hours',
  'rule_expires_ms',
  'tflops',
  'ranked_memory',
] as const;
/** What a ranking misses of a row: its throughput or its memory is 0, and says so here. */
export const NO_TFLOPS = 1;
export const NO_MEMORY = 2;
export type NumberName = (typeof numberNames)[number];

export const choiceNames = [
  'kind',
  'gpu_interconnect',
  'disk_kind',
  'virtualization',
  'currency',
  'commitment',
  'unmetered',
  'on_chain',
  'unit',
] as const;
export type ChoiceName = (typeof choiceNames)[number];

/** Text with the words it is found by. */
export interface Phrase {
  text: string;
  words: readonly string[];
}
export interface Country {
  text: string;
  regions: readonly Region[];
}
/** How long an offering can be rented. */
export interface Span {
  min_hours: number;
  max_hours: number;
}

export interface Dictionaries extends Record<ChoiceName, Dictionary<Phrase>> {
  gpu: Dictionary<Gpu>;
  cpu: Dictionary<Phrase>;
  city: Dictionary<Phrase>;
  country: Dictionary<Country>;
  span: Dictionary<Span>;
  /** All choices of a row together, each by its code, in the order of `choiceNames`. */
  choices: Dictionary<readonly number[]>;
  provider: Dictionary<ProviderFacts>;
  os: Dictionary<Phrase>;
  feature: Dictionary<Phrase>;
}
export const codeNames = [
  ...choiceNames,
  'gpu',
  'cpu',
  'city',
  'country',
  'span',
  'choices',
  'provider',
] as const;
export type CodeName = (typeof codeNames)[number];
export const tagNames = ['os', 'feature'] as const;
export type TagName = (typeof tagNames)[number];

export interface Tags extends TagLists {
  /** How many values there are. */
  length: number;
}

export interface Table {
  /** Rows that were given a number, dead ones too. */
  size: number;
  live: number;
  capacity: number;
  /** Goes up with every change. */
  version: number;
  /** Rows written or dead since somebody last looked. */
  touched: number[];
  alive: Bits;
  ids: { high: Float64Array; low: Float64Array };
  index: IdIndex;
  /** NaN where a number is not said. */
  numbers: Record<NumberName, Float64Array>;
  /** What of a row is not known: NO_TFLOPS and NO_MEMORY, added up. */
  gaps: Uint8Array;
  spreads: Record<CountedName, Spread>;
  codes: Record<CodeName, Uint32Array>;
  /** By the code of a choice the rows that have it, or had it when they died. */
  holders: Record<ChoiceName, Bits[]>;
  tags: Record<TagName, Tags>;
  words: Words;
  dictionaries: Dictionaries;
  /** Rates with an amount that a float does not hold exactly. */
  exact: Map<number, { price_e9s: bigint; setup_fee_e9s: bigint }>;
}

/** Always a whole number of words of bits. */
const FIRST_CAPACITY = 1024;
export const GROWTH = 1.3;

const record = <K extends string, T>(names: readonly K[], make: () => T) =>
  Object.fromEntries(names.map((name) => [name, make()])) as Record<K, T>;

export function makeTable(capacity = FIRST_CAPACITY): Table {
  return {
    size: 0,
    live: 0,
    capacity,
    version: 0,
    touched: [],
    alive: makeBits(capacity),
    ids: { high: new Float64Array(capacity), low: new Float64Array(capacity) },
    index: makeIdIndex(),
    numbers: record(numberNames, () => new Float64Array(capacity)),
    gaps: new Uint8Array(capacity),
    spreads: record(countedNames, makeSpread),
    codes: record(codeNames, () => new Uint32Array(capacity)),
    holders: record(choiceNames, (): Bits[] => []),
    tags: record(tagNames, () => makeTags(capacity)),
    words: makeWords(),
    dictionaries: record([...codeNames, ...tagNames], makeDictionary) as unknown as Dictionaries,
    exact: new Map(),
  };
}

const makeTags = (capacity: number): Tags => ({
  starts: new Uint32Array(capacity),
  counts: new Uint8Array(capacity),
  values: new Uint32Array(capacity),
  length: 0,
});

type Growing =
  Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Bits;

export function grown<T>(array: T, capacity: number): T {
  const old = array as unknown as Growing;
  const Kind = old.constructor as new (size: number) => Growing;
  const fresh = new Kind(capacity);
  fresh.set(old);
  return fresh as unknown as T;
}

export function grow(table: Table): void {
  const capacity = Math.ceil((table.capacity * GROWTH) / WORD_ROWS) * WORD_ROWS;
  table.capacity = capacity;
  table.alive = grown(table.alive, capacity / WORD_ROWS);
  table.ids = { high: grown(table.ids.high, capacity), low: grown(table.ids.low, capacity) };
  for (const name of numberNames) table.numbers[name] = grown(table.numbers[name], capacity);
  table.gaps = grown(table.gaps, capacity);
  for (const name of codeNames) table.codes[name] = grown(table.codes[name], capacity);
  for (const name of choiceNames) {
    table.holders[name] = table.holders[name].map((bits) => grown(bits, capacity / WORD_ROWS));
  }
  for (const name of tagNames) {
    const tags = table.tags[name];
    tags.starts = grown(tags.starts, capacity);
    tags.counts = grown(tags.counts, capacity);
  }
}
