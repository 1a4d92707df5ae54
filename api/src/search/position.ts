/** How one offering stands among those like it, and what GPUs cost. */
import type { Currency } from '@berth/shared/money';
import { ceilDiv } from '@berth/shared/money';
import type { Scope } from './filter.ts';
import { findRow } from './ids.ts';
import type { FeaturedGpu, PositionAnswer } from './index-port.ts';
import { listRows } from './loops.ts';
import { idAt } from './search.ts';
import type { CodeName, NumberName } from './table.ts';
import { totalOf } from './totals.ts';

/** What must be equal for prices to compare, the strictest first; values not said are, too. */
const likeness: Record<string, readonly (readonly string[])[]> = {
  gpu: [['kind', 'gpu', 'gpu_count', 'currency']],
  storage: [
    ['kind', 'disk', 'disk_kind', 'currency'],
    ['kind', 'disk', 'currency'],
  ],
  other: [
    ['kind', 'vcpus', 'memory', 'disk', 'currency'],
    ['kind', 'vcpus', 'memory', 'currency'],
    ['kind', 'vcpus', 'currency'],
  ],
};
/** So few say little, where a wider likeness finds more. */
const ENOUGH = 5;
const PERCENT = 100;

/** Null for a row that is not there. */
export function positionOf(scope: Scope, id: string, similar: number): PositionAnswer | null {
  const { table } = scope;
  const slot = findRow(table.index, table.ids, id);
  if (slot === null) return null;
  const kind = table.dictionaries.kind.items[table.codes.kind[slot]!]!.text;
  const tries = likeness[kind] ?? likeness['other']!;
  let found: { same: readonly string[]; slots: number[] } | null = null;
  for (const same of tries) {
    const slots = equalRows(scope, slot, same);
    if (slots.length > (found?.slots.length ?? 0)) found = { same, slots };
    if (slots.length >= ENOUGH) break;
  }
  return {
    position: found === null ? null : standing(scope, slot, found.slots, found.same),
    similar: nearest(scope, slot, similar).map((other) => idAt(table, other)),
  };
}

function equalRows({ table, totals }: Scope, slot: number, same: readonly string[]): number[] {
  const columns = same.map((name) =>
    Object.hasOwn(table.codes, name)
      ? table.codes[name as CodeName]
      : table.numbers[name as NumberName],
  );
  const rows = listRows(totals.fits);
  return [
    ...columns.reduce<Uint32Array>((some, column) => rowsLike(some, column, slot), rows),
  ].filter((other) => other !== slot);
}

/** The rows whose value is that of one row; values not said are alike. */
function rowsLike(rows: Uint32Array, column: Float64Array | Uint32Array, slot: number) {
  const value = column[slot]!;
  const isUnsaid = Number.isNaN(value);
  const found = new Uint32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const other = column[rows[at]!]!;
    if (other === value || (isUnsaid && Number.isNaN(other))) found[count++] = rows[at]!;
  }
  return found.subarray(0, count);
}

function standing(scope: Scope, slot: number, slots: number[], same: readonly string[]) {
  const { totals } = scope;
  const own = totalOf(totals, slot);
  const all = slots.map((other) => totalOf(totals, other)).sort((a, b) => (a < b ? -1 : 1));
  const cheaper = all.filter((total) => total < own).length;
  return {
    percentile: Math.round((PERCENT * (all.length - cheaper)) / all.length),
    comparable: all.length,
    cheaper,
    least_total_e9s: all[0]!,
    median_total_e9s: all[(all.length - 1) >> 1]!,
    same: [...same],
  };
}

/** How much it counts that two rows differ by a factor of two, or in what they are. */
const DOUBLINGS: readonly [NumberName, number][] = [
  ['gpu_memory_total', 2],
  ['vcpus', 1],
  ['memory', 1],
  ['disk', 0.5],
];
const PRICE_DOUBLING = 1.5;
const UNSAID = 2;
const OTHER_GPU = 3;
const OTHER_CURRENCY = 2;
const OTHER_COUNTRY = 0.5;

function nearest({ table, totals }: Scope, slot: number, limit: number): number[] {
  const { codes, numbers } = table;
  const columns = DOUBLINGS.map(([name, weight]) => ({ column: numbers[name], weight }));
  const { total, fits } = totals;
  const apart = (a: number, b: number): number => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : UNSAID;
    return Math.abs(Math.log2(Math.max(a, 1e-9) / Math.max(b, 1e-9)));
  };
  const found: { other: number; far: number }[] = [];
  for (let other = 0; other < table.size; other++) {
    if (fits[other] === 0 || other === slot || codes.kind[other] !== codes.kind[slot]) continue;
    let far = codes.gpu[other] === codes.gpu[slot] ? 0 : OTHER_GPU;
    if (codes.country[other] !== codes.country[slot]) far += OTHER_COUNTRY;
    const worst = found.length < limit ? Infinity : (found.at(-1)?.far ?? 0);
    if (far > worst) continue;
    if (codes.currency[other] !== codes.currency[slot]) far += OTHER_CURRENCY;
    else far += PRICE_DOUBLING * apart(total[other]!, total[slot]!);
    for (const { column, weight } of columns) far += weight * apart(column[other]!, column[slot]!);
    if (far > worst) continue;
    found.push({ other, far });
    found.sort((a, b) => a.far - b.far || (idAt(table, a.other) < idAt(table, b.other) ? -1 : 1));
    if (found.length > limit) found.pop();
  }
  return found.map(({ other }) => other);
}

/** Every GPU model with its prices in a currency, by how many there are. */
export function featuredGpus(scope: Scope, currency: Currency, limit: number): FeaturedGpu[] {
  const { table, totals } = scope;
  const { gpu, currency: currencies } = table.dictionaries;
  const wanted = currencies.items.findIndex((item) => item?.text === currency);
  const { gpu: codes, currency: own } = table.codes;
  const { fits, total } = totals;
  const byModel: number[][] = gpu.items.map(() => []);
  for (let slot = 0; slot < table.size; slot++) {
    if (fits[slot] === 0 || own[slot] !== wanted) continue;
    if (codes[slot] !== 0) byModel[codes[slot]!]!.push(slot);
  }
  const gpusOf = (slot: number) => table.numbers.gpu_count[slot]! || 1;
  const exact = (slot: number) =>
    ceilDiv(totalOf(totals, slot), BigInt(totals.hours) * BigInt(gpusOf(slot)));
  return byModel
    .map((slots, code) => ({ slots, code }))
    .filter(({ slots }) => slots.length > 0)
    .sort((a, b) => b.slots.length - a.slots.length || a.code - b.code)
    .slice(0, limit)
    .map(({ slots, code }) => {
      const each = Float64Array.from(slots, (slot) => total[slot]! / gpusOf(slot));
      const sorted = each.slice().sort();
      const priceAt = (place: number) => exact(slots[each.indexOf(sorted[place]!)]!);
      return {
        gpu_model: gpu.items[code]!.name,
        count: slots.length,
        least_hourly_e9s: priceAt(0),
        median_hourly_e9s: priceAt((sorted.length - 1) >> 1),
      };
    });
}
