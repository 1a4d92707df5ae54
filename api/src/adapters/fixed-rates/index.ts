import type { RatesPort } from '../../ports/rates.ts';

/** The demo's table, which asks nobody: near to what currencies were worth, and of no market. */
export const fixedRates: RatesPort = {
  fetch: async () => ({
    date: '2026-11-02',
    source: 'a fixed table of this demo',
    per_euro_e9s: { USD: 1_160_000_000n, GBP: 870_000_000n, CHF: 930_000_000n },
    expires_at: null,
  }),
};
