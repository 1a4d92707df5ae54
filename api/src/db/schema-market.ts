/** The market's own tables: what it remembers of offerings and of their providers. */
interface OfferingPointsTable {
  offering_id: string;
  at: string;
  until_at: string | null;
  available: number;
  price_e9s: bigint;
  unit: string;
  setup_fee_e9s: bigint;
  currency: string;
}

interface ProviderContractsTable {
  contract_id: string;
  provider_id: string;
  renter_id: string;
  answered_at: string | null;
  response_s: number | null;
  outcome: string | null;
}

interface ProviderRecordsTable {
  provider_id: string;
  renters: number;
  completed: number;
  kept: number;
  ended: number;
  answered: number;
  median_response_s: number | null;
}

export interface MarketSchema {
  offering_points: OfferingPointsTable;
  provider_contracts: ProviderContractsTable;
  provider_records: ProviderRecordsTable;
}
