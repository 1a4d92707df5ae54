/** All rows by column. A row that says other words gets a new number; the old one dies. */
import { foldText } from '@berth/shared/market/fold';
import { rankedMemoryOf, tflopsOf } from '@berth/shared/market/rank';
import { regionsOf, regionWords, type Region } from '@berth/shared/market/regions';
import { countryName } from '@berth/shared/offerings/catalogue';
import {
  addRow,
  dropRow as dropBit,
  listBits,
  makeBits,
  WORD_ROWS,
  type Bits,
  type TagLists,
} from './bits.ts';
import { codeOf, codeOfText, makeDictionary, type Dictionary } from './dictionary.ts';
import { gpuOf, type Gpu } from './gpus.ts';
import { findRow, highOf, lowOf, makeIdIndex, removeRow, setRow, type IdIndex } from './ids.ts';
import type { ProviderFacts, SearchRow } from './row.ts';
import { makeSpread, spreadNumber, type Spread } from './spread.ts';
import { tokensOf } from './tokens.ts';
import { addWords, dropWords, keepWords, makeWords, saysThis, type Words } from './words.ts';

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

const numberNames = [
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
const codeNames = [
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
const GROWTH = 1.3;
/** Of all rows, how many may be dead, and the least number that is worth a tidying. */
const MAX_DEAD = 0.25;
const MIN_DEAD = 1_000;

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

function grown<T>(array: T, capacity: number): T {
  const old = array as unknown as Growing;
  const Kind = old.constructor as new (size: number) => Growing;
  const fresh = new Kind(capacity);
  fresh.set(old);
  return fresh as unknown as T;
}

function grow(table: Table): void {
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

export function putRow(table: Table, row: SearchRow): void {
  const known = findRow(table.index, table.ids, row.id);
  const texts = textsOf(row);
  if (known !== null) {
    countRow(table, known, -1);
    if (saysThis(table.words, known, texts)) {
      const changed = fillRow(table, known, row);
      countRow(table, known, 1);
      if (changed) touch(table, known);
      return;
    }
    kill(table, known);
  }
  if (table.size === table.capacity) grow(table);
  const slot = table.size++;
  addWords(table.words, texts);
  table.ids.high[slot] = highOf(row.id);
  table.ids.low[slot] = lowOf(row.id);
  setRow(table.index, table.ids, slot);
  addRow(table.alive, slot);
  table.live += 1;
  fillRow(table, slot, row);
  countRow(table, slot, 1);
  touch(table, slot);
}

function touch(table: Table, slot: number): void {
  table.version += 1;
  table.touched.push(slot);
}

export function dropRow(table: Table, id: string): void {
  const slot = findRow(table.index, table.ids, id);
  if (slot === null) return;
  countRow(table, slot, -1);
  removeRow(table.index, table.ids, slot);
  kill(table, slot);
}

function kill(table: Table, slot: number): void {
  dropWords(table.words, slot);
  table.exact.delete(slot);
  dropBit(table.alive, slot);
  table.live -= 1;
  touch(table, slot);
}

/** What words are looked for in: each text by itself, so that no phrase goes across. */
const textsOf = (row: SearchRow): string[] => [
  row.title,
  row.description,
  row.provider.display_name,
  row.provider.handle,
  ...(row.gpu_model === null
    ? []
    : [row.gpu_model, ...gpuOf(row.gpu_model, row.gpu_memory_gib).aliases]),
  row.cpu_model ?? '',
  row.city,
  countryName(row.country),
  ...regionsOf(row.country).map((region) => regionWords[region]),
];

const phraseOf = (text: string): Phrase => ({ text, words: tokensOf(text) });

const phrase = (dictionary: Dictionary<Phrase>, text: string | null): number =>
  text === null || text === '' ? 0 : codeOfText(dictionary, text, foldText, phraseOf);

/** Writes a row's cells; answers whether any is another than before. */
function fillRow(table: Table, slot: number, row: SearchRow): boolean {
  const { dictionaries: all, codes } = table;
  let changed = false;
  const set = (name: CodeName, code: number) => {
    changed ||= codes[name][slot] !== code;
    codes[name][slot] = code;
  };
  const choices = choiceNames.map((name) => phrase(all[name], choiceOf(row, name)));
  choiceNames.forEach((name, at) => {
    hold(table, name, slot, choices[at]!);
    set(name, choices[at]!);
  });
  set(
    'choices',
    codeOf(all.choices, choices.join(), () => choices),
  );
  set('cpu', phrase(all.cpu, row.cpu_model));
  set('city', phrase(all.city, row.city));
  set(
    'country',
    codeOf(all.country, row.country, () => countryOf(row.country)),
  );
  const { min_hours, max_hours } = row;
  set(
    'span',
    codeOf(all.span, `${min_hours} ${max_hours}`, () => ({ min_hours, max_hours })),
  );
  const gpu = row.gpu_model === null ? null : gpuOf(row.gpu_model, row.gpu_memory_gib);
  set('gpu', gpu === null ? 0 : codeOf(all.gpu, gpu.key, () => gpu));
  const { provider } = row;
  const code = codeOf(all.provider, provider.id, () => provider);
  set('provider', code);
  changed = setFacts(all.provider.items, code, provider) || changed;
  changed = fillNumbers(table, slot, row, gpu) || changed;
  const { os, feature } = table.tags;
  changed = setTags(os, slot, row.operating_systems, (tag) => phrase(all.os, tag)) || changed;
  return setTags(feature, slot, row.features, (tag) => phrase(all.feature, tag)) || changed;
}

function hold(table: Table, name: ChoiceName, slot: number, code: number): void {
  const bits = table.holders[name];
  while (bits.length <= code) bits.push(makeBits(table.capacity));
  dropBit(bits[table.codes[name][slot]!]!, slot);
  addRow(bits[code]!, slot);
}

const countryOf = (text: string): Country => ({ text, regions: regionsOf(text) });

function setFacts(items: (ProviderFacts | null)[], code: number, facts: ProviderFacts): boolean {
  const known = items[code];
  items[code] = facts;
  const names = Object.keys(facts) as (keyof ProviderFacts)[];
  return names.some((name) => known?.[name] !== facts[name]);
}

function choiceOf(row: SearchRow, name: ChoiceName): string | null {
  if (name === 'unmetered' || name === 'on_chain') return row[name] ? 'yes' : 'no';
  return row[name];
}

function fillNumbers(table: Table, slot: number, row: SearchRow, gpu: Gpu | null): boolean {
  const { numbers } = table;
  const { gpu_count, gpu_memory_gib } = row;
  const facts = {
    has_gpu: gpu !== null,
    gpu_tflops: gpu?.tflops ?? null,
    gpu_count,
    gpu_memory_gib,
    vcpus: row.vcpus,
    memory_gib: row.memory_gib,
  };
  let changed = false;
  const set = (name: NumberName, value: number | null) => {
    const number = value ?? NaN;
    changed ||= !Object.is(numbers[name][slot], number);
    numbers[name][slot] = number;
  };
  set('gpu_count', gpu_count);
  set('gpu_memory', gpu_memory_gib);
  set('gpu_memory_total', gpu_memory_gib && gpu_memory_gib * (gpu_count ?? 1));
  set('vcpus', row.vcpus);
  set('memory', row.memory_gib);
  set('disk', row.disk_gib);
  set('uplink', row.uplink_mbps);
  set('traffic', row.traffic_tib);
  set('min_hours', row.min_hours);
  set('max_hours', row.max_hours);
  set('stock', row.stock);
  set('price', Number(row.price_e9s));
  set('setup_fee', Number(row.setup_fee_e9s));
  set('listed_ms', row.listed_ms);
  set('rule_hours', row.rule_hours);
  set('rule_expires_ms', row.rule_expires_ms);
  const [tflops, memory] = [tflopsOf(facts), rankedMemoryOf(facts)];
  set('tflops', tflops ?? 0);
  set('ranked_memory', memory ?? 0);
  const gaps = (tflops === null ? NO_TFLOPS : 0) + (memory === null ? NO_MEMORY : 0);
  changed ||= table.gaps[slot] !== gaps;
  table.gaps[slot] = gaps;
  const { price_e9s, setup_fee_e9s } = row;
  const held = [price_e9s, setup_fee_e9s].every((amount) => Number.isSafeInteger(Number(amount)));
  const known = table.exact.get(slot);
  if (held) table.exact.delete(slot);
  else table.exact.set(slot, { price_e9s, setup_fee_e9s });
  const same = held ? undefined : price_e9s;
  return changed || known?.price_e9s !== same || (!held && known?.setup_fee_e9s !== setup_fee_e9s);
}

/** The codes go behind all others, unless they are as many as before and can take their place. */
function setTags(
  tags: Tags,
  slot: number,
  texts: readonly string[],
  code: (text: string) => number,
): boolean {
  const codes = [...new Set(texts.map(code))];
  const first = tags.starts[slot]!;
  const isSame = (one: number, at: number) => tags.values[first + at] === one;
  if (tags.counts[slot] === codes.length && codes.every(isSame)) return false;
  if (tags.counts[slot] !== codes.length) {
    tags.starts[slot] = tags.length;
    tags.counts[slot] = codes.length;
    tags.length += codes.length;
    if (tags.length > tags.values.length) {
      tags.values = grown(tags.values, Math.ceil(tags.length * GROWTH));
    }
  }
  tags.values.set(codes, tags.starts[slot]);
  return true;
}

/** Adds a row to the counts of what it has, or takes it out. */
function countRow(table: Table, slot: number, by: 1 | -1): void {
  for (const name of countedNames)
    spreadNumber(table.spreads[name], table.numbers[name][slot]!, by);
  for (const name of codeNames) table.dictionaries[name].counts[table.codes[name][slot]!]! += by;
  for (const name of tagNames) {
    const { starts, counts, values } = table.tags[name];
    const from = starts[slot]!;
    for (let at = from; at < from + counts[slot]!; at++) {
      table.dictionaries[name].counts[values[at]!]! += by;
    }
  }
}

/** Gives the living rows new numbers, in their order, once too many are dead; answers whether. */
export function tidyTable(table: Table): boolean {
  const dead = table.size - table.live;
  if (dead < MIN_DEAD || dead < table.size * MAX_DEAD) return false;
  const kept = [...listBits(table.alive)];
  const move = (array: Float64Array | Uint32Array | Uint8Array) => {
    kept.forEach((from, to) => {
      array[to] = array[from]!;
    });
  };
  move(table.ids.high);
  move(table.ids.low);
  for (const name of numberNames) move(table.numbers[name]);
  move(table.gaps);
  for (const name of codeNames) move(table.codes[name]);
  for (const name of tagNames) tidyTags(table.tags[name], kept);
  table.exact = new Map(
    kept.flatMap((from, to) => {
      const rate = table.exact.get(from);
      return rate ? [[to, rate] as const] : [];
    }),
  );
  table.alive.fill(0);
  for (let slot = 0; slot < kept.length; slot++) addRow(table.alive, slot);
  table.words = keepWords(table.words, kept);
  table.size = kept.length;
  for (const name of choiceNames) {
    for (const bits of table.holders[name]) bits.fill(0);
    for (let slot = 0; slot < kept.length; slot++)
      hold(table, name, slot, table.codes[name][slot]!);
  }
  table.index = makeIdIndex(kept.length);
  for (let slot = 0; slot < kept.length; slot++) setRow(table.index, table.ids, slot);
  table.version += 1;
  return true;
}

function tidyTags(tags: Tags, kept: readonly number[]): void {
  const values = new Uint32Array(tags.values.length);
  let length = 0;
  kept.forEach((from, to) => {
    const own = tags.values.subarray(tags.starts[from], tags.starts[from]! + tags.counts[from]!);
    values.set(own, length);
    tags.starts[to] = length;
    tags.counts[to] = own.length;
    length += own.length;
  });
  tags.counts.fill(0, kept.length);
  Object.assign(tags, { values, length });
}
