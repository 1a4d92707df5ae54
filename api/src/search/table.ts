/** All rows by column: what the index is made of. */
import type { Region } from '@berth/shared/market/regions';
import { makeBits, WORD_ROWS, type Bits } from './bits.ts';
import { makeDictionary, type Dictionary } from './dictionary.ts';
import type { Gpu } from './gpus.ts';
import { makeIdIndex, type IdIndex } from './ids.ts';
import type { ProviderFacts } from './row.ts';
import { makeWords, type Words } from './words.ts';

/** Numbers of which rows share few: they are kept by code, and counted by their size. */
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
  'price',
  'setup_fee',
  'listed_ms',
  'rule_hours',
  'rule_expires_ms',
] as const;
export type NumberName = (typeof numberNames)[number];

/** Choices that people search by, under the names of their fields. */
export const fieldChoices = [
  'kind',
  'gpu_interconnect',
  'disk_kind',
  'virtualization',
  'currency',
  'commitment',
  'unmetered',
  'on_chain',
] as const;
export type FieldChoice = (typeof fieldChoices)[number];
export const choiceNames = [...fieldChoices, 'ruled', 'unit'] as const;
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
/** What a ranking weighs of a row beside its price; null where it is not known. */
export interface Power {
  tflops: number | null;
  memory_gib: number | null;
}

const valueNames = [
  ...choiceNames,
  ...countedNames,
  'gpu',
  'cpu',
  'city',
  'country',
  'power',
  'provider',
] as const;
export type ValueName = (typeof valueNames)[number];

/** What a row may have several of; each set of them has a code. */
export const tagNames = ['os', 'feature'] as const;
export type TagName = (typeof tagNames)[number];
export const setOf = { os: 'os_set', feature: 'feature_set' } as const;

/** Values of which rows share few combinations: each has a code, so all are counted at once. */
export const combinations = {
  choices: choiceNames,
  card: ['gpu', 'gpu_count', 'gpu_memory', 'gpu_memory_total'],
  size: ['vcpus', 'memory'],
  line: ['uplink', 'traffic'],
  span: ['min_hours', 'max_hours'],
  place: ['country', 'city'],
} as const satisfies Record<string, readonly ValueName[]>;
export type CombinationName = keyof typeof combinations;
export const combinationNames = Object.keys(combinations) as CombinationName[];

type CodesName = CombinationName | (typeof setOf)[TagName];
export const codeNames = [...valueNames, ...combinationNames, ...Object.values(setOf)] as const;
export type CodeName = ValueName | CodesName;

export interface Dictionaries
  extends
    Record<ChoiceName | TagName | 'cpu' | 'city', Dictionary<Phrase>>,
    Record<CountedName, Dictionary<number>>,
    Record<CodesName, Dictionary<readonly number[]>> {
  gpu: Dictionary<Gpu>;
  country: Dictionary<Country>;
  power: Dictionary<Power>;
  provider: Dictionary<ProviderFacts>;
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
  codes: Record<CodeName, Uint32Array>;
  /** By the code of a choice the rows that have it, or had it when they died. */
  holders: Record<ChoiceName, Bits[]>;
  words: Words;
  dictionaries: Dictionaries;
  /** Rates with an amount that a float does not hold exactly. */
  exact: Map<number, { price_e9s: bigint; setup_fee_e9s: bigint }>;
}

/** Always a whole number of words of bits. */
const FIRST_CAPACITY = 1024;
const GROWTH = 1.3;

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
    codes: record(codeNames, () => new Uint32Array(capacity)),
    holders: record(choiceNames, (): Bits[] => []),
    words: makeWords(),
    dictionaries: record([...codeNames, ...tagNames], makeDictionary) as unknown as Dictionaries,
    exact: new Map(),
  };
}

type Growing =
  Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Bits;

function grown<T>(array: T, capacity: number): T {
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
  for (const name of codeNames) table.codes[name] = grown(table.codes[name], capacity);
  for (const name of choiceNames) {
    table.holders[name] = table.holders[name].map((bits) => grown(bits, capacity / WORD_ROWS));
  }
}
