import { currencies, decimalOf, formatMoney } from '@berth/shared/money';
import { countryName, unitWords } from '@berth/shared/offerings/catalogue';
import { isNumberColumn } from '@berth/shared/offerings/cells';
import { columnNames, type ColumnName } from '@berth/shared/offerings/columns';
import type { ColumnReading, ImportReply } from '@berth/shared/offerings/schemas';
import { alikeTo, findHardware } from '@berth/shared/market/hardware';
import { units } from '@berth/shared/price';
import { readRow, startValues, type ReadRow } from '../files/cells.ts';
import type { Marks } from '../files/marks.ts';
import type { TableRow } from '../files/table.ts';

const SHOWN_MAX = 60;
/** Names that are asked about at once. */
const MAX_UNKNOWN_GPUS = 50;

const cut = (text: string): string =>
  text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;

/** What a value is, as a person would say it. */
function meansOf(field: ColumnName, { values }: ReadRow): string {
  const value = values[field] as string | number | boolean | readonly string[] | null;
  if (value === null || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return cut(value.join(' · '));
  switch (field) {
    case 'price':
    case 'setup_fee': {
      const said = values.currency ?? startValues.currency;
      const currency = currencies.find((one) => one === said);
      const unit = units.find((one) => one === (values.unit ?? startValues.unit));
      const per = field === 'price' && unit ? ` ${unitWords[unit].per}` : '';
      const amount_e9s = BigInt(value);
      return `${currency ? formatMoney(amount_e9s, currency) : decimalOf(amount_e9s)}${per}`;
    }
    case 'country':
      return countryName(String(value));
    default:
      return typeof value === 'number'
        ? `${value.toLocaleString('en')}${unitOf(field)}`
        : cut(String(value));
  }
}

const suffixes: Partial<Record<ColumnName, string>> = {
  ...{ gpu_memory_gib: ' GiB', memory_gib: ' GiB', disk_gib: ' GiB', traffic_tib: ' TiB' },
  ...{ uplink_mbps: ' Mbit/s', min_hours: ' h', max_hours: ' h' },
  ...{ response_hours: ' h', provisioning_hours: ' h' },
};
const unitOf = (field: ColumnName): string => suffixes[field] ?? '';

/**
 * How each column was read, by a cell that shows most: one with a decimal mark, else the first that
 * says something. What is taken as it is written is not told; `names` are the file's own columns.
 */
export function readingsOf(
  rows: readonly TableRow[],
  marks: Marks,
  names: ReadonlyMap<string, string>,
): ColumnReading[] {
  const read = rows.flatMap((row) => (typeof row === 'string' ? [] : [readRow(row, marks.of)]));
  return columnNames.flatMap((field): ColumnReading[] => {
    const mark = marks.seen.get(field);
    const told = read.filter(({ said }) => (said[field]?.text.trim() ?? '') !== '');
    const shows = (row: ReadRow) => /\d[.,]\d/.test(row.said[field]?.text ?? '');
    const taken = told.filter(({ refused }) => refused[field] === undefined);
    const doubtful = mark?.is_asked ? told.find(({ refused }) => refused[field]) : undefined;
    const shown = doubtful ?? (mark ? taken.find(shows) : undefined) ?? taken[0];
    const cell = shown?.said[field];
    if (shown === undefined || cell === undefined) return [];
    const means = shown.refused[field] === undefined ? meansOf(field, shown) : '';
    const isPlain = !isNumberColumn(field) && means === cut(cell.text);
    if (isPlain) return [];
    const { mark: decimals = null, is_asked = false } = mark ?? {};
    const from = names.get(cell.from) ?? '';
    return [{ field, from, text: cut(cell.text), means, decimals, is_asked }];
  });
}

/** GPUs that Berth has no figures of, each once. */
export function unknownGpusIn(
  rows: readonly TableRow[],
  skip: readonly number[],
): ImportReply['unknown_gpus'] {
  const found = new Map<string, number[]>();
  for (const [at, row] of rows.entries()) {
    const name = typeof row === 'string' ? null : readRow(row).values.gpu_model;
    if (typeof name !== 'string' || name.trim() === '' || skip.includes(at + 1)) continue;
    if (findHardware(name) !== null) continue;
    found.set(name, [...(found.get(name) ?? []), at + 1]);
  }
  return [...found]
    .slice(0, MAX_UNKNOWN_GPUS)
    .map(([name, numbers]) => ({ name: cut(name), alike: alikeTo(name), rows: numbers }));
}
