/** What accounts have put aside. */
export interface SavedOfferingsTable {
  account_id: string;
  offering_id: string;
  saved_at: string;
  price_e9s: bigint;
  unit: string;
  setup_fee_e9s: bigint;
  currency: string;
  available: number;
  settle_at: string | null;
}

export interface SavedSearchesTable {
  id: string;
  account_id: string;
  name: string;
  q: string;
  sort: string;
  hours: number;
  weights: string;
  tells: number;
  seen_at: string;
  look_at: string | null;
  created_at: string;
  currency: string;
}

export interface SavedSchema {
  saved_offerings: SavedOfferingsTable;
  saved_searches: SavedSearchesTable;
}
