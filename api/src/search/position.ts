/** How one offering stands among those like it, and what GPUs cost. */
import type { Currency } from '@berth/shared/money';
import { ceilDiv } from '@berth/shared/money';
import { dropRow, rowIn, keepCodes, listBits, type Bits } from './bits.ts';
import { codesWhere } from './dictionary.ts';
import { fittingOf, type Scope } from './filter.ts';
import { compareIds, findRow } from './ids.ts';
import type { FeaturedGpu, PositionAnswer } from './index-port.ts';
import { idAt } from './search.ts';
import type { CodeName, CountedName, Table } from './table.ts';
import { chargeOf, fillTotals, totalOf } from './totals.ts';

/** What must be equal for prices to compare, the strictest first; values not said are, too. */
const likeness: Record<string, readonly (readonly CodeName[])[]> = {
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
  let found: { same: readonly CodeName[]; slots: Uint32Array } | null = null;
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

/** What can be rented for the hours. */
function fittingRows(scope: Scope): Bits {
  const rows = scope.pool.copy(scope.table.alive);
  fittingOf(scope).keep(rows);
  return rows;
}

/** The other rows that are equal to one in these columns, with their totals. */
function equalRows(scope: Scope, slot: number, same: readonly CodeName[]): Uint32Array {
  const { table, totals, pool } = scope;
  const rows = fittingRows(scope);
  for (const name of same) keepEqual(table, slot, name, rows);
  fillTotals(table, totals, rows, pool);
  dropRow(rows, slot);
  const slots = listBits(rows);
  pool.give(rows);
  return slots;
}

/** Keeps the rows whose value is that of one row; values not said are alike. */
function keepEqual({ codes, dictionaries }: Table, slot: number, name: CodeName, rows: Bits): void {
  const own = new Uint8Array(dictionaries[name].counts.length);
  own[codes[name][slot]!] = 1;
  keepCodes(rows, codes[name], own);
}

function standing(scope: Scope, slot: number, slots: Uint32Array, same: readonly string[]) {
  const { table, totals } = scope;
  const own = chargeOf(table, slot, totals.hours);
  const all = [...slots].map((other) => totalOf(totals, other)).sort((a, b) => (a < b ? -1 : 1));
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
const DOUBLINGS: readonly [CountedName, number][] = [
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

/** How many doublings lie between two numbers. */
function apart(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : UNSAID;
  return Math.abs(Math.log2(Math.max(a, 1e-9) / Math.max(b, 1e-9)));
}

interface Near {
  other: number;
  far: number;
}

function nearest(scope: Scope, slot: number, limit: number): number[] {
  const { table, totals, pool } = scope;
  const { codes, dictionaries } = table;
  const sizes = DOUBLINGS.map(([name, weight]) => {
    const { items } = dictionaries[name];
    const own = items[codes[name][slot]!];
    // By code how far it is from the row's own.
    const far = Float64Array.from(items, (size) => weight * apart(size ?? NaN, own ?? NaN));
    return { codes: codes[name], far };
  });
  const { total } = totals;
  const price = Number(chargeOf(table, slot, totals.hours));
  const kin = fittingRows(scope);
  keepEqual(table, slot, 'kind', kin);
  dropRow(kin, slot);
  fillTotals(table, totals, kin, pool);
  const found: Near[] = [];
  const isNearer = (other: number, far: number, than: Near): boolean =>
    (far - than.far || compareIds(table.ids, other, than.other)) < 0;
  const look = (other: number): void => {
    let far = codes.gpu[other] === codes.gpu[slot] ? 0 : OTHER_GPU;
    if (codes.country[other] !== codes.country[slot]) far += OTHER_COUNTRY;
    const worst = found.length < limit ? Infinity : (found.at(-1)?.far ?? 0);
    if (far > worst) return;
    if (codes.currency[other] !== codes.currency[slot]) far += OTHER_CURRENCY;
    else far += PRICE_DOUBLING * apart(total[other]!, price);
    for (const size of sizes) far += size.far[size.codes[other]!]!;
    let at = found.length;
    while (at > 0 && isNearer(other, far, found[at - 1]!)) at -= 1;
    if (at === limit) return;
    found.splice(at, 0, { other, far });
    if (found.length > limit) found.pop();
  };
  for (let at = 0; at < kin.length; at++) {
    for (let word = kin[at]!; word !== 0; word &= word - 1) look(rowIn(at, word));
  }
  pool.give(kin);
  return found.map(({ other }) => other);
}

/** Every GPU model with its prices in a currency, by how many there are. */
export function featuredGpus(scope: Scope, currency: Currency, limit: number): FeaturedGpu[] {
  const { table, totals, pool } = scope;
  const { gpu, currency: currencies } = table.dictionaries;
  const { total } = totals;
  const rows = fittingRows(scope);
  const wanted = codesWhere(currencies, ({ text }) => text === currency);
  keepCodes(rows, table.codes.currency, wanted);
  keepCodes(
    rows,
    table.codes.gpu,
    codesWhere(gpu, () => true),
  );
  fillTotals(table, totals, rows, pool);
  const byModel: number[][] = gpu.items.map(() => []);
  for (const slot of listBits(rows)) byModel[table.codes.gpu[slot]!]!.push(slot);
  pool.give(rows);
  const { items: gpuCounts } = table.dictionaries.gpu_count;
  const gpusOf = (slot: number) => gpuCounts[table.codes.gpu_count[slot]!] || 1;
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
