/** What the columns hold of one row. */
import { foldText } from '@berth/shared/market/fold';
import { rankedMemoryOf, tflopsOf } from '@berth/shared/market/rank';
import { regionsOf, regionWords } from '@berth/shared/market/regions';
import { countryName } from '@berth/shared/offerings/catalogue';
import { addRow, dropRow, makeBits } from './bits.ts';
import { codeOf, codeOfText, type Dictionary } from './dictionary.ts';
import { gpuOf, type Gpu } from './gpus.ts';
import type { ProviderFacts, SearchRow } from './row.ts';
import {
  choiceNames,
  grown,
  GROWTH,
  NO_MEMORY,
  NO_TFLOPS,
  type ChoiceName,
  type CodeName,
  type Country,
  type NumberName,
  type Phrase,
  type Table,
  type Tags,
} from './table.ts';
import { tokensOf } from './tokens.ts';

/** What words are looked for in: each text by itself, so that no phrase goes across. */
export const textsOf = (row: SearchRow): string[] => [
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
export function fillRow(table: Table, slot: number, row: SearchRow): boolean {
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

export function hold(table: Table, name: ChoiceName, slot: number, code: number): void {
  const bits = table.holders[name];
  while (bits.length <= code) bits.push(makeBits(table.capacity));
  dropRow(bits[table.codes[name][slot]!]!, slot);
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
