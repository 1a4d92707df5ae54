import type { Unit } from '@berth/shared/price';
import type { Currency } from '@berth/shared/money';
import type { StoredSearchRow } from '../db/search-rows.ts';

/** What the index knows of one offering that everybody may see. Null where it is not said. */
export interface SearchRow {
  id: string;
  kind: string;
  title: string;
  description: string;
  gpu_model: string | null;
  gpu_count: number | null;
  gpu_memory_gib: number | null;
  gpu_interconnect: string | null;
  cpu_model: string | null;
  vcpus: number | null;
  memory_gib: number | null;
  disk_kind: string | null;
  disk_gib: number | null;
  uplink_mbps: number | null;
  traffic_tib: number | null;
  unmetered: boolean;
  virtualization: string | null;
  operating_systems: readonly string[];
  features: readonly string[];
  country: string;
  city: string;
  price_e9s: bigint;
  unit: Unit;
  setup_fee_e9s: bigint;
  currency: Currency;
  min_hours: number;
  max_hours: number;
  stock: number;
  commitment: string | null;
  on_chain: boolean;
  listed_ms: number;
  /** The provider's rule that accepts at once: up to how many hours, and until when. */
  rule_hours: number | null;
  rule_expires_ms: number | null;
  provider: ProviderFacts;
}

export interface ProviderFacts {
  id: string;
  handle: string;
  display_name: string;
  /** Distinct renters with a completed contract. */
  renters: number;
  /** Contracts that ended, and those of them that the provider kept. */
  ended: number;
  kept: number;
  median_response_s: number | null;
}

/** Whether everybody may see an offering. */
export const isInMarket = ({ state, visibility }: StoredSearchRow): boolean =>
  state === 'listed' && visibility === 'public';

const msOf = (at: string | null): number | null => (at === null ? null : Date.parse(at));

export function rowFrom(stored: StoredSearchRow): SearchRow {
  const { provider_id, handle, display_name, renters, ended, kept } = stored;
  return {
    ...stored,
    unmetered: stored.unmetered === 1,
    on_chain: stored.on_chain === 1,
    operating_systems: JSON.parse(stored.operating_systems) as string[],
    features: JSON.parse(stored.features) as string[],
    unit: stored.unit as Unit,
    currency: stored.currency as Currency,
    listed_ms: msOf(stored.listed_at) ?? 0,
    rule_expires_ms: msOf(stored.rule_expires_at),
    provider: {
      id: provider_id,
      handle,
      display_name,
      renters: renters ?? 0,
      ended: ended ?? 0,
      kept: kept ?? 0,
      median_response_s: stored.median_response_s,
    },
  };
}
