import { decimalOf, readDecimal, type Currency } from '@berth/shared/money';
import { quoted } from '@berth/shared/market/query-write';
import { SEARCH_HOURS } from '@berth/shared/market/schemas';
import { totalFor } from '../prices.ts';
import type { Sheet } from './sheet.ts';

export interface Comparison {
  /** A search for what is comparable, and for those of it that cost more. */
  all: string;
  dearer: string;
  hours: number;
  total_e9s: bigint;
  currency: Currency;
  /** In what they are equal, in words. */
  same: string;
}

/** What must be equal for prices to compare, by kind; as the API compares what is listed. */
function sameAs(sheet: Sheet): { query: string[]; words: string } {
  const { kind, gpu_model, gpu_count, vcpus, memory_gib, disk_gib } = sheet;
  if (kind === 'gpu') {
    return {
      query: [`gpu:${quoted(gpu_model.trim())}`, `gpu_count:${gpu_count ?? 1}`],
      words: 'the same GPU and number of them',
    };
  }
  const sizes: [string, number | null][] =
    kind === 'storage'
      ? [['disk', disk_gib]]
      : [
          ['vcpus', vcpus],
          ['memory', memory_gib],
        ];
  return {
    query: sizes.flatMap(([name, value]) => (value === null ? [] : [`${name}:${value}`])),
    words: kind === 'storage' ? 'the same size' : 'the same vCPUs and memory',
  };
}

/** What to ask the market about the price that is being written; null before there is one. */
export function comparisonOf(sheet: Sheet, handle: string): Comparison | null {
  const price_e9s = readDecimal(sheet.price_e9s);
  const setup_fee_e9s = readDecimal(sheet.setup_fee_e9s);
  if (price_e9s === null || setup_fee_e9s === null || price_e9s === 0n) return null;
  if (sheet.kind === 'gpu' && sheet.gpu_model.trim() === '') return null;
  const hours = Math.min(
    Math.max(SEARCH_HOURS, sheet.min_hours ?? 1),
    sheet.max_hours ?? SEARCH_HOURS,
  );
  if (!Number.isInteger(hours) || hours < 1) return null;
  const { query, words } = sameAs(sheet);
  const rate = {
    price_e9s: price_e9s.toString(),
    unit: sheet.unit,
    setup_fee_e9s: setup_fee_e9s.toString(),
  };
  const { total_e9s } = totalFor(rate, hours);
  const all = [
    `kind:${sheet.kind}`,
    ...query,
    `currency:${sheet.currency}`,
    `-provider:${quoted(handle)}`,
  ].join(' ');
  return {
    all,
    dearer: `${all} total:>${decimalOf(total_e9s)}`,
    hours,
    total_e9s,
    currency: sheet.currency,
    same: words,
  };
}
