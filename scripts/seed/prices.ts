/** What the demo's providers asked earlier, so that offerings have a history. */
import { priceText, type Batch, type OfferingRow } from './offerings.ts';

/** An earlier price, as a part of today's, and how many days ago it ended. */
interface Earlier {
  until: number;
  of_today: number;
}

/** By provider and line; the oldest first, each after the line was listed. */
const earlier: Record<string, readonly Earlier[]> = {
  'alpenrack/l40s': [{ until: 24, of_today: 0.93 }],
  'baltic-byteworks/vps': [{ until: 34, of_today: 0.9 }],
  'copper-mesa/a6000': [
    { until: 40, of_today: 1.12 },
    { until: 20, of_today: 0.94 },
  ],
  'copper-mesa/rtx4090': [
    { until: 51, of_today: 1.2 },
    { until: 33, of_today: 1.1 },
    { until: 9, of_today: 1.05 },
  ],
  'copper-mesa/rtx5090': [
    { until: 24, of_today: 1.16 },
    { until: 12, of_today: 1.06 },
  ],
  'dry-creek-data/a100-80': [
    { until: 48, of_today: 1.15 },
    { until: 26, of_today: 1.08 },
  ],
  'dry-creek-data/h100-sxm': [
    { until: 44, of_today: 1.12 },
    { until: 17, of_today: 0.96 },
  ],
  'dry-creek-data/l40s': [
    { until: 30, of_today: 1.1 },
    { until: 15, of_today: 0.97 },
  ],
  'isbre-compute/h200': [
    { until: 40, of_today: 0.95 },
    { until: 21, of_today: 1.1 },
  ],
  'isbre-compute/mi300x': [
    { until: 35, of_today: 1.2 },
    { until: 18, of_today: 1.1 },
  ],
  'kestrel-racks/gh200': [{ until: 20, of_today: 1.18 }],
  'lowland-metal/a100-80': [
    { until: 50, of_today: 1.25 },
    { until: 22, of_today: 1.1 },
  ],
  'lowland-metal/epyc9454p': [{ until: 45, of_today: 1.06 }],
  'lowland-metal/h100-sxm': [
    { until: 58, of_today: 1.14 },
    { until: 30, of_today: 1.08 },
    { until: 6, of_today: 0.98 },
  ],
  'lowland-metal/l40s': [
    { until: 41, of_today: 0.95 },
    { until: 19, of_today: 1.06 },
  ],
  'meadow-vault/box': [{ until: 29, of_today: 1.1 }],
  'odra-servers/ryzen7950x': [
    { until: 47, of_today: 1.13 },
    { until: 12, of_today: 1.04 },
  ],
  'pampa-compute/rtx4090': [{ until: 16, of_today: 1.09 }],
  'pinefall/l4': [
    { until: 36, of_today: 1.17 },
    { until: 14, of_today: 1.04 },
  ],
  'pinefall/vm': [{ until: 38, of_today: 1.09 }],
  'southerly-cloud/rtx6000ada': [{ until: 10, of_today: 1.11 }],
  'straits-metal/epyc9354': [{ until: 25, of_today: 0.94 }],
  'sumida-blade/h100-sxm': [
    { until: 33, of_today: 1.12 },
    { until: 11, of_today: 1.05 },
  ],
  'sumida-blade/rtx6000ada': [
    { until: 30, of_today: 1.22 },
    { until: 13, of_today: 1.15 },
  ],
};

/** When an offering was paused and listed again, in days ago: nobody could rent it meanwhile. */
export const pauses: Record<string, readonly [from: number, until: number]> = {
  'copper-mesa/rtx4090-1x-phx': [46, 43.5],
  'dry-creek-data/a100-80-1x-dal': [38, 34],
  'isbre-compute/h200-1x-nvk': [33, 30],
  'lowland-metal/h100-sxm-1x-ams': [52, 49],
  'lowland-metal/l40s-1x-ams': [40, 37],
  'odra-servers/ryzen7950x-64-wro': [30, 26],
  'pinefall/l4-1x-mtl': [27, 25],
  'sumida-blade/rtx6000ada-1x-osa': [22, 19],
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

const priceThen = ({ price, unit = 'hour' }: OfferingRow, { of_today }: Earlier): string =>
  priceText(Number(price) * of_today, unit);

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
