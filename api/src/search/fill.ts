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
  combinationNames,
  combinations,
  countedNames,
  setOf,
  tagNames,
  type ChoiceName,
  type CodeName,
  type CountedName,
  type Country,
  type NumberName,
  type Phrase,
  type Power,
  type Table,
} from './table.ts';
import { tokensOf } from './tokens.ts';

/** The texts that are searched, apart, so that no phrase matches across two. */
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
  for (const name of choiceNames) {
    const code = phrase(all[name], choiceOf(row, name));
    hold(table, name, slot, code);
    set(name, code);
  }
  const counted = countedOf(row);
  for (const name of countedNames) set(name, codeOfNumber(all[name], counted[name]));
  const gpu = row.gpu_model === null ? null : gpuOf(row.gpu_model, row.gpu_memory_gib);
  set('gpu', gpu === null ? 0 : codeOf(all.gpu, gpu.key, () => gpu));
  const power = powerOf(row, gpu);
  const said = `${power.tflops} ${power.memory_gib}`;
  set(
    'power',
    codeOf(all.power, said, () => power),
  );
  set('cpu', phrase(all.cpu, row.cpu_model));
  set('city', phrase(all.city, row.city));
  set(
    'country',
    codeOf(all.country, row.country, () => countryOf(row.country)),
  );
  const { provider } = row;
  const code = codeOf(all.provider, provider.id, () => provider);
  set('provider', code);
  changed = setFacts(all.provider.items, code, provider) || changed;
  for (const name of combinationNames) {
    const parts = combinations[name].map((part) => codes[part][slot]!);
    set(name, codeOfAll(all[name], parts));
  }
  const tags = { os: row.operating_systems, feature: row.features };
  for (const name of tagNames) {
    const held = new Set(tags[name].map((tag) => phrase(all[name], tag)));
    set(
      setOf[name],
      codeOfAll(
        all[setOf[name]],
        [...held].sort((a, b) => a - b),
      ),
    );
  }
  return fillNumbers(table, slot, row) || changed;
}

const codeOfAll = (dictionary: Dictionary<readonly number[]>, codes: readonly number[]): number =>
  codeOf(dictionary, codes.join(), () => codes);

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
  if (name === 'ruled') return row.rule_hours === null ? null : 'yes';
  return row[name];
}

const codeOfNumber = (dictionary: Dictionary<number>, number: number | null): number =>
  number === null ? 0 : codeOf(dictionary, `${number}`, () => number);

function countedOf(row: SearchRow): Record<CountedName, number | null> {
  const { gpu_count, gpu_memory_gib: gpu_memory, min_hours, max_hours, stock } = row;
  return {
    gpu_count,
    gpu_memory,
    gpu_memory_total: gpu_memory && gpu_memory * (gpu_count ?? 1),
    vcpus: row.vcpus,
    memory: row.memory_gib,
    disk: row.disk_gib,
    uplink: row.uplink_mbps,
    traffic: row.traffic_tib,
    min_hours,
    max_hours,
    stock,
  };
}

function powerOf(row: SearchRow, gpu: Gpu | null): Power {
  const facts = { ...row, has_gpu: gpu !== null, gpu_tflops: gpu?.tflops ?? null };
  return { tflops: tflopsOf(facts), memory_gib: rankedMemoryOf(facts) };
}

function fillNumbers(table: Table, slot: number, row: SearchRow): boolean {
  const { numbers } = table;
  let changed = false;
  const set = (name: NumberName, value: number | null) => {
    const number = value ?? NaN;
    changed ||= !Object.is(numbers[name][slot], number);
    numbers[name][slot] = number;
  };
  set('price', Number(row.price_e9s));
  set('setup_fee', Number(row.setup_fee_e9s));
  set('listed_ms', row.listed_ms);
  set('rule_hours', row.rule_hours);
  set('rule_expires_ms', row.rule_expires_ms);
  const { price_e9s, setup_fee_e9s } = row;
  const held = [price_e9s, setup_fee_e9s].every((amount) => Number.isSafeInteger(Number(amount)));
  const known = table.exact.get(slot);
  if (held) table.exact.delete(slot);
  else table.exact.set(slot, { price_e9s, setup_fee_e9s });
  const same = held ? undefined : price_e9s;
  return changed || known?.price_e9s !== same || (!held && known?.setup_fee_e9s !== setup_fee_e9s);
}
