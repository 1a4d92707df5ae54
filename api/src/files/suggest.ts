import type * as z from 'zod';
import { readDecimal } from '@berth/shared/money';
import { plainName } from '@berth/shared/offerings/cells';
import { columnNames } from '@berth/shared/offerings/columns';
import {
  MAX_SOURCES,
  type ImportMapping,
  type MappingSource,
  type MappingTarget,
  type suggestReply,
} from '@berth/shared/offerings/mapping';
import type { importFormats } from '@berth/shared/offerings/schemas';
import { flat, saidIn } from './mapped.ts';
import { isObject, malformed, parseJson, readTable, type Table } from './table.ts';

interface Ask {
  format: (typeof importFormats)[number];
  text: string;
  rows_at?: string | undefined;
}
interface Source {
  name: string;
  example: string;
}

const EXAMPLE_MAX = 60;
const NAME_MAX = 100;

/** What others call our columns, by plain name; our own name goes before all of these. */
const alike: Record<MappingTarget, RegExp | null> = {
  reference: /^(id|sku|slug|offerid|productid|uniqueinternalidentifier)$/,
  state: null,
  kind: /^(type|category|producttype)$/,
  title: /^(name|plan|product|label|offername)$/,
  description: /^(notes?|details|comments?|blurb)$/,
  gpu_model: /^(gpu|gpuname|gputype|accelerator|card|model)$/,
  gpu_count: /^(gpus|ngpus?|numgpus?|gpuquantity|acceleratorcount)$/,
  gpu_memory_gib: /^(vram|gpumem|gpuram)/,
  cpu_model: /^(cpu|cpuname|processor|processorname)$/,
  vcpus: /^(vcpu|cpus|cores|cpucores|cpucount|processorcores)$/,
  memory_gib: /^(ram|mem|memory)(amount)?(gi?b)?$/,
  disk_kind: /^(disk|storage)type$/,
  disk_gib: /^(disk|storage|ssd|nvme|hdd)(size|space)?(gi?b)?$/,
  uplink_mbps: /^(uplink|bandwidth|network|net|port)(speed)?(mbi?ts?|mbps)?$/,
  traffic_tib: /^(traffic|transfer)/,
  unmetered: null,
  virtualization: /^(virt|virtualizationtype|hypervisor)$/,
  operating_systems: /^(os|operatingsystem)$/,
  features: /^(tags|extras)$/,
  gpu_interconnect: /^(interconnect|formfactor)$/,
  commitment: /^(isspot|spot|interruptible|pricingmodel)$/,
  country: /country/,
  city: /city|^location$/,
  price: /price|^cost|^rate$/,
  unit: /^(billingunit|priceunit|per)$/,
  currency: /^(currencycode|pricecurrency)$/,
  setup_fee: /setup/,
  min_hours: /^min(imum)?(hours|duration)$/,
  max_hours: /^max(imum)?(hours|duration)$/,
  response_hours: null,
  provisioning_hours: null,
  stock: /^(available|availability|quantity|inventory)$/,
  visibility: null,
};
const targets = columnNames.filter((name): name is MappingTarget => name !== 'id');

/** A row cannot be without these: what is wrong in them is refused, not left out. */
const needed: ReadonlySet<MappingTarget> = new Set(['kind', 'title', 'country', 'price']);

/** Guesses from the names of a file's columns how it is read, for a person to mend. */
export function suggestMapping({ format, text, rows_at }: Ask): z.output<typeof suggestReply> {
  const lists = format === 'json' ? listsIn(parseJson(text)) : [];
  const at = rows_at ?? lists[0] ?? '';
  const table = readTable(format, text, { rows_at: at, verbatim: true });
  if (table.rows.length === 0) throw malformed('There is no row to look at.');
  const sources = sourcesOf(table);
  return { mapping: { rows_at: at, columns: guess(sources) }, sources, lists };
}

/** Where lists of objects are, the longest first: the file itself, or one or two names deep. */
function listsIn(parsed: unknown): string[] {
  const found: { path: string; length: number }[] = [];
  const look = (value: unknown, path: string[]) => {
    if (Array.isArray(value)) {
      if (value.some(isObject)) found.push({ path: path.join('.'), length: value.length });
    } else if (isObject(value) && path.length < 2) {
      for (const [name, inner] of Object.entries(value)) look(inner, [...path, name]);
    }
  };
  look(parsed, []);
  return found
    .sort((a, b) => b.length - a.length)
    .map(({ path }) => path)
    .filter((path) => path.length <= NAME_MAX)
    .slice(0, MAX_SOURCES);
}

function sourcesOf({ columns, rows }: Table): Source[] {
  const names = [...columns.keys()].filter((name) => name.length <= NAME_MAX);
  return names.slice(0, MAX_SOURCES).map((name) => ({ name, example: exampleIn(rows, name) }));
}

function exampleIn(rows: Table['rows'], name: string): string {
  for (const row of rows) {
    const text = typeof row === 'string' ? '' : flat(saidIn(row.get(name)));
    if (text.trim() !== '') return text.trim().slice(0, EXAMPLE_MAX);
  }
  return '';
}

function guess(sources: readonly Source[]): ImportMapping['columns'] {
  const free = new Map(sources.map((source) => [plainName(source.name), source]));
  const columns: ImportMapping['columns'] = {};
  const take = (target: MappingTarget, key: string | undefined) => {
    const source = key === undefined ? undefined : free.get(key);
    if (key === undefined || source === undefined) return;
    free.delete(key);
    columns[target] = fromColumn(target, source);
  };
  // A column of our own name is taken before any that is only like it.
  for (const target of targets) take(target, plainName(target));
  for (const target of targets.filter((name) => !columns[name])) {
    take(
      target,
      [...free.keys()].find((key) => alike[target]?.test(key) === true),
    );
  }
  return withImplied(columns);
}

function fromColumn(target: MappingTarget, { name, example }: Source): MappingSource {
  const source = { type: 'column' as const, from: name, otherwise: '', optional: false };
  if (target === 'price') {
    const transforms = readDecimal(example) === null ? [{ type: 'number' as const }] : [];
    return { ...source, transforms };
  }
  const isFlag = target === 'commitment' && /^(yes|no)$/.test(example);
  const words = { type: 'words' as const, words: { yes: 'spot', no: 'on_demand' } };
  return { ...source, transforms: isFlag ? [words] : [], optional: !needed.has(target) };
}

/** What the names say beside where a column is: `price_usd_hour`. */
function withImplied(columns: ImportMapping['columns']): ImportMapping['columns'] {
  const { price, gpu_model, gpu_memory_gib } = columns;
  const priced = price?.type === 'column' ? price.from.toLowerCase() : '';
  const unit = /month|mo$/.test(priced) ? 'month' : /day|daily/.test(priced) ? 'day' : 'hour';
  const currency = /usd|eur|gbp|chf/.exec(priced)?.[0].toUpperCase() ?? 'USD';
  const value = (text: string): MappingSource => ({ type: 'value', value: text });
  const named = [gpu_model, gpu_memory_gib].flatMap((source) =>
    source?.type === 'column' ? [`{${source.from}}`] : [],
  );
  const title = `${named.join(' ')}${gpu_memory_gib ? ' GB' : ''}`;
  return {
    ...(gpu_model ? { kind: value('gpu'), gpu_count: value('1') } : {}),
    ...(gpu_model ? { title: { type: 'text' as const, text: title } } : {}),
    ...(price ? { unit: value(unit), currency: value(currency) } : {}),
    ...columns,
  };
}
