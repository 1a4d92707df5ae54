import type * as z from 'zod';
import { findHardware } from '@berth/shared/market/hardware';
import { findCountry } from '@berth/shared/offerings/catalogue';
import { isNumberColumn, plainName } from '@berth/shared/offerings/cells';
import { columnNames, type ColumnName } from '@berth/shared/offerings/columns';
import { readingsOf } from '@berth/shared/offerings/numbers';
import {
  MAX_SOURCES,
  type ImportMapping,
  type MappingSource,
  type MappingTarget,
  type suggestReply,
  type Transform,
} from '@berth/shared/offerings/mapping';
import { offeringInput, type importFormats } from '@berth/shared/offerings/schemas';
import { fieldOf, readAny } from './cells.ts';
import { alike } from './column-names.ts';
import { foreignColumns, foreignCounts } from './foreign-columns.ts';
import { malformed } from './malformed.ts';
import { flat, saidIn } from './mapped.ts';
import { isObject, parseJson, readTable, type Table } from './table.ts';

interface Ask {
  format: (typeof importFormats)[number];
  text: string;
  rows_at?: string | undefined;
}
interface Source {
  name: string;
  plain: string;
  /** Cells that say something, of the first rows. */
  values: string[];
}

const EXAMPLE_MAX = 60;
const NAME_MAX = 100;
/** Rows that are looked at, and how many of their cells must fit what a header says. */
const SAMPLE_ROWS = 100;
const LEAST_FIT = 0.5;
/** How many must, where the header says nothing. */
const LEAST_ALONE = 0.8;

const targets = columnNames.filter((name): name is MappingTarget => name !== 'id');

/** A row cannot be without these: what is wrong in them is refused, not left out. */
const needed: ReadonlySet<MappingTarget> = new Set(['kind', 'title', 'country', 'price']);

/** Guesses from names and cells of a file's columns how it is read, for a person to mend. */
export function suggestMapping({ format, text, rows_at }: Ask): z.output<typeof suggestReply> {
  const lists = format === 'json' ? listsIn(parseJson(text.replace(/^\ufeff/, ''))) : [];
  const at = rows_at ?? lists[0] ?? '';
  const table = readTable(format, text, { rows_at: at, verbatim: true });
  if (table.rows.length === 0) throw malformed('There is no row to look at.');
  const sources = sourcesOf(table);
  const { columns, reasons } = guess(sources);
  return {
    mapping: { rows_at: at, columns },
    reasons,
    sources: sources.map(({ name, values }) => ({
      name,
      example: (values[0] ?? '').slice(0, EXAMPLE_MAX),
    })),
    lists,
  };
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
  const sample = rows.slice(0, SAMPLE_ROWS).filter((row) => typeof row !== 'string');
  return names.slice(0, MAX_SOURCES).map((name) => ({
    name,
    plain: plainName(name),
    values: sample.map((row) => flat(saidIn(row.get(name))).trim()).filter((text) => text !== ''),
  }));
}

const shareOf = (values: readonly string[], fits: (text: string) => boolean): number =>
  values.length === 0 ? 0 : values.filter(fits).length / values.length;

/** Zero says that there is none of it, where nothing may be said. */
const isNone = (target: ColumnName, text: string): boolean =>
  /^0(?:[.,]0+)?$/.test(text) && isNumberColumn(target) && !needed.has(target as MappingTarget);

/** Whether a column takes a text: by either decimal mark, which is found out later. */
function takes(target: ColumnName, text: string): boolean {
  if (isNone(target, text)) return true;
  const read = readAny(target, text, { decimals: 'point' });
  if (read === null || 'refused' in read) return false;
  const schema = offeringInput.shape[fieldOf(target)] as z.ZodType | undefined;
  return schema === undefined || schema.safeParse(read.value).success;
}

const LETTERS = /\p{L}{2}/u;
const YES_OR_NO = /^(?:yes|no|true|false)$/i;

/** What cells look like, where any text is taken. */
const looks: Partial<Record<MappingTarget, { fits: (text: string) => boolean; as: string }>> = {
  city: { fits: (text) => LETTERS.test(text) && !/^[\d.,\s]+$/.test(text), as: 'cities' },
  country: { fits: (text) => takes('country', text), as: 'countries' },
  title: { fits: (text) => LETTERS.test(text), as: 'names' },
  gpu_model: { fits: (text) => /[a-z].*\d|\d.*[a-z]/i.test(text), as: 'models of GPUs' },
  cpu_model: { fits: (text) => LETTERS.test(text), as: 'models of processors' },
  price: { fits: (text) => takes('price', text) || /\d/.test(text), as: 'prices' },
  commitment: {
    fits: (text) => YES_OR_NO.test(text) || takes('commitment', text),
    as: 'yes and no, or names of terms',
  },
};

function fitOf(target: MappingTarget, { values }: Source): number {
  if (target === 'reference') return new Set(values).size === values.length ? 1 : 0;
  return shareOf(values, looks[target]?.fits ?? ((text) => takes(target, text)));
}

/** What cells can only be, whatever their header is called. */
const telling: [MappingTarget, (text: string) => boolean][] = [
  ['gpu_model', (text) => text.length > 1 && findHardware(text) !== null],
  ['country', (text) => text.length > 2 && findCountry(text) !== null],
  ['currency', (text) => /^(?:USD|EUR|GBP|CHF|ICP|DCT)$/i.test(text)],
  ['price', (text) => /[$€£]/.test(text) && takes('price', text)],
];

interface Guess {
  columns: ImportMapping['columns'];
  reasons: Partial<Record<MappingTarget, string>>;
}

/** Whether a header names this column: our own name first, then others' known ones, then alike. */
const namings: ((target: MappingTarget, plain: string) => boolean)[] = [
  (target, plain) => plain === plainName(target),
  (target, plain) => foreignColumns[plain]?.column === target,
  (target, plain) => alike[target]?.test(plain) === true,
];

function guess(sources: readonly Source[]): Guess {
  const free = new Set(sources);
  const found: Guess = { columns: {}, reasons: {} };
  const take = (target: MappingTarget, source: Source, reason: string) => {
    free.delete(source);
    found.columns[target] = fromColumn(target, source);
    found.reasons[target] = reason;
  };
  for (const named of namings) {
    for (const target of targets.filter((name) => !found.columns[name])) {
      const fitting = [...free]
        .filter(({ plain }) => named(target, plain))
        .map((source) => ({ source, fit: fitOf(target, source) }))
        .filter(({ source, fit }) => fit >= LEAST_FIT || source.values.length === 0)
        .sort((a, b) => filledOf(target, b.source) - filledOf(target, a.source) || b.fit - a.fit);
      const [best] = fitting;
      if (best) take(target, best.source, reasonOf(target, best.source));
    }
  }
  for (const [target, fits] of telling) {
    if (found.columns[target]) continue;
    const source = [...free].find(({ values }) => shareOf(values, fits) >= LEAST_ALONE);
    const as = looks[target]?.as ?? `values of ${target}`;
    if (source) take(target, source, `values in “${source.name}” look like ${as}`);
  }
  return withImplied(withCounts(found, sources), sources);
}

/** Of two columns that fit, the one that says something of more rows: not a disk of 0 GB. */
const filledOf = (target: MappingTarget, { values }: Source): number =>
  values.filter((text) => !isNone(target, text)).length;

function reasonOf(target: MappingTarget, { name, values }: Source): string {
  const as = looks[target]?.as;
  return as === undefined || values.length === 0
    ? `header “${name}”`
    : `header “${name}”, values look like ${as}`;
}

const step = (type: 'words', words: Record<string, string>): Transform => ({ type, words });

/** A header that ends with this unit: `ram_mb`, `Memory (MB)`, `MemoryMiB`. */
const inBytes =
  (letter: 'm' | 'g' | 't') =>
  (header: string): boolean =>
    new RegExp(`(?:^|[^a-z])${letter}i?b$`, 'i').test(header) ||
    new RegExp(`[a-z]${letter.toUpperCase()}i?B$`).test(header);
const divide = (by: string): Transform => ({ type: 'divide', by });
const multiply = (by: string): Transform => ({ type: 'multiply', by });
const KILO = '1024';

type Steps = Partial<Record<MappingTarget, Transform>>;

/** Units that a header has for numbers without one, and what makes them ours. */
const headerUnits: [fits: (header: string) => boolean, steps: Steps][] = [
  [
    inBytes('m'),
    { gpu_memory_gib: divide(KILO), memory_gib: divide(KILO), disk_gib: divide(KILO) },
  ],
  [inBytes('t'), { disk_gib: multiply(KILO), memory_gib: multiply(KILO) }],
  [inBytes('g'), { traffic_tib: divide(KILO) }],
  [(header) => /gbps$|gbit$/i.test(header), { uplink_mbps: multiply('1000') }],
  [(header) => /cents?$/i.test(header), { price: divide('100') }],
];

function unitStep(target: MappingTarget, { name, plain, values }: Source): Transform | undefined {
  if (!values.every((text) => readingsOf(text) !== null)) return undefined;
  if (foreignColumns[plain]?.bare_unit === 'GB') return divide(KILO);
  const header = name.replace(/[)\]\s]+$/, '');
  return headerUnits.find(([fits, steps]) => steps[target] && fits(header))?.[1][target];
}

/** What must be done to cells so that the column takes them. */
function transformsFor(target: MappingTarget, source: Source): Transform[] {
  const { values } = source;
  const unit = unitStep(target, source);
  if (unit !== undefined) return [unit];
  if (target === 'commitment' && values.every((text) => YES_OR_NO.test(text))) {
    const [yes, no] = ['spot', 'on_demand'];
    return [step('words', { yes, true: yes, no, false: no })];
  }
  if (target === 'features' || target === 'operating_systems') {
    const isParted = values.some((text) => text.includes(','));
    return isParted && !values.some((text) => text.includes(';'))
      ? [{ type: 'list', by: ',' }]
      : [];
  }
  if (target === 'price') {
    const isWhole = shareOf(values, (text) => takes('price', text)) >= LEAST_FIT;
    return isWhole ? [] : [{ type: 'number' }];
  }
  return values.some((text) => isNone(target, text)) && target !== 'stock'
    ? [step('words', { '0': '', '00': '' })]
    : [];
}

const fromColumn = (target: MappingTarget, source: Source): MappingSource => ({
  type: 'column',
  from: source.name,
  transforms: transformsFor(target, source),
  otherwise: '',
  optional: !needed.has(target),
});

/** How many processors there are of so many cores each. */
function withCounts({ columns, reasons }: Guess, sources: readonly Source[]): Guess {
  const { vcpus } = columns;
  const amount = sources.find(({ plain }) => foreignCounts.has(plain));
  const cores = sources.find(({ name }) => vcpus?.type === 'column' && name === vcpus.from);
  if (vcpus?.type !== 'column' || amount === undefined || cores === undefined) {
    return { columns, reasons };
  }
  const isWhole = amount.values.every((text) => /^[1-9]\d*$/.test(text));
  if (!isWhole || amount.values.length !== cores.values.length) return { columns, reasons };
  const text = `{${amount.name}} x {${vcpus.from}}`;
  const reason = `“${amount.name}” processors of “${vcpus.from}” cores`;
  return {
    columns: { ...columns, vcpus: { type: 'text', text } },
    reasons: { ...reasons, vcpus: reason },
  };
}

const unitsIn = (name: string): string | null => {
  if (/month|(?:_|\b)mo$/i.test(name)) return 'month';
  if (/day|daily/i.test(name)) return 'day';
  return /hour|(?:_|\b)hr?$/i.test(name) ? 'hour' : null;
};

/** What names and cells say beside where a column is: `price_usd_hour`, `€2,50`. */
function withImplied({ columns, reasons }: Guess, sources: readonly Source[]): Guess {
  const { price, gpu_model, gpu_memory_gib, disk_gib } = columns;
  const implied: Guess = { columns: {}, reasons: {} };
  const imply = (target: MappingTarget, source: MappingSource, reason: string) => {
    implied.columns[target] = source;
    implied.reasons[target] = reason;
  };
  const value = (text: string): MappingSource => ({ type: 'value', value: text });
  const named = [gpu_model, gpu_memory_gib].flatMap((source) =>
    source?.type === 'column' ? [`{${source.from}}`] : [],
  );
  if (gpu_model) {
    imply('kind', value('gpu'), 'the rows have GPUs');
    imply('gpu_count', value('1'), 'nothing says how many');
    const text = `${named.join(' ')}${gpu_memory_gib ? ' GB' : ''}`;
    imply('title', { type: 'text', text }, 'no column looks like a name');
  }
  if (disk_gib?.type === 'column') {
    const kind = foreignColumns[plainName(disk_gib.from)]?.implies?.disk_kind;
    const values = sources.find(({ name }) => name === disk_gib.from)?.values ?? [];
    if (kind && !values.some((text) => isNone('disk_gib', text)))
      imply('disk_kind', value(kind), `header “${disk_gib.from}”`);
  }
  if (price?.type === 'column') implyOfPrice(price.from, sources, imply);
  return {
    columns: { ...implied.columns, ...columns },
    reasons: { ...implied.reasons, ...reasons },
  };
}

function implyOfPrice(
  from: string,
  sources: readonly Source[],
  imply: (target: MappingTarget, source: MappingSource, reason: string) => void,
): void {
  const header = `header “${from}”`;
  const values = sources.find(({ name }) => name === from)?.values ?? [];
  const says = (of: 'unit' | 'currency') =>
    values.some((text) => {
      const read = readAny('price', text);
      return read !== null && 'implies' in read && read.implies?.[of] !== undefined;
    });
  const unit = unitsIn(from);
  if (unit !== null || !says('unit')) {
    const reason = unit === null ? 'nothing says of which time the price is' : header;
    imply('unit', { type: 'value', value: unit ?? 'hour' }, reason);
  }
  const currency = /usd|eur|gbp|chf/i.exec(from)?.[0].toUpperCase();
  if (currency !== undefined || !says('currency')) {
    const reason = currency === undefined ? 'nothing says which currency it is' : header;
    imply('currency', { type: 'value', value: currency ?? 'USD' }, reason);
  }
}
