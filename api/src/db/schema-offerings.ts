/** What belongs to offerings beside their rows and terms. */
interface OfferingHoldsTable {
  id: string;
  offering_id: string;
  account_id: string;
  terms_hash: string;
  created_at: string;
  expires_at: string;
}

interface BulkChangesTable {
  id: string;
  provider_id: string;
  changed: string;
  created_at: string;
  undone_at: string | null;
}

interface ImportMappingsTable {
  id: string;
  provider_id: string;
  name: string;
  mapping: string;
  created_at: string;
  updated_at: string;
}

interface OfferingDaysTable {
  offering_id: string;
  day: string;
  views: number;
}

/** How many units a provider put up or took away on a day; triggers keep it. */
interface ProviderUnitsTable {
  provider_id: string;
  day: string;
  change: number;
}

interface BlockedRentersTable {
  provider_id: string;
  renter_id: string;
  blocked_at: string;
}

export interface OfferingsSchema {
  offering_holds: OfferingHoldsTable;
  bulk_changes: BulkChangesTable;
  import_mappings: ImportMappingsTable;
  offering_days: OfferingDaysTable;
  blocked_renters: BlockedRentersTable;
  provider_units: ProviderUnitsTable;
}
