/** What the demo's providers asked earlier, so that offerings have a history. */
import type { Batch, OfferingRow } from './offerings.ts';

/** An earlier price, as a part of today's, and how many days ago it ended. */
interface Earlier {
  until: number;
  of_today: number;
}

/** By provider and line; the oldest first, each after the line was listed. */
const earlier: Record<string, readonly Earlier[]> = {
  'copper-mesa/rtx4090': [
    { until: 51, of_today: 1.2 },
    { until: 33, of_today: 1.1 },
    { until: 9, of_today: 1.05 },
  ],
  'dry-creek-data/h100-sxm': [
    { until: 44, of_today: 1.12 },
    { until: 17, of_today: 0.96 },
  ],
  'lowland-metal/h100-sxm': [{ until: 30, of_today: 1.08 }],
  'isbre-compute/h200': [
    { until: 40, of_today: 0.95 },
    { until: 21, of_today: 1.1 },
  ],
  'sumida-blade/rtx6000ada': [{ until: 13, of_today: 1.15 }],
};

/** A provider's prices from some time on, by reference. */
export interface Repricing {
  provider: string;
  /** Days before the present. */
  since: number;
  prices: Record<string, string>;
}

const earlierOf = (provider: string, { reference }: OfferingRow): readonly Earlier[] =>
  Object.entries(earlier).find(([line]) =>
    `${provider}/${reference}`.startsWith(`${line}-`),
  )?.[1] ?? [];

const priceThen = ({ price }: OfferingRow, { of_today }: Earlier): string =>
  (Number(price) * of_today).toFixed(2);

/** The batch as it was imported, at the prices of then. */
export const asImported = ({ provider, rows, since }: Batch): Batch => ({
  provider,
  since,
  rows: rows.map((row) => {
    const [first] = earlierOf(provider, row);
    return first ? { ...row, price: priceThen(row, first) } : row;
  }),
});

/** Every change of prices that led to today's, in no order. */
export function repricings(batches: readonly Batch[]): Repricing[] {
  const all = new Map<string, Repricing>();
  for (const { provider, rows } of batches) {
    for (const row of rows) {
      const past = earlierOf(provider, row);
      for (const [nth, { until: since }] of past.entries()) {
        const key = `${provider} ${since}`;
        const one = all.get(key) ?? { provider, since, prices: {} };
        all.set(key, one);
        const next = past[nth + 1];
        one.prices[row.reference] = next ? priceThen(row, next) : row.price;
      }
    }
  }
  return [...all.values()];
}
