/** What one euro is in other currencies, by day. */
export interface ExchangeRatesTable {
  date: string;
  currency: string;
  per_euro_e9s: bigint;
  source: string;
  taken_at: string;
  expires_at: string | null;
}

export interface RatesSchema {
  exchange_rates: ExchangeRatesTable;
}
