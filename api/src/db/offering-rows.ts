import type { Selectable } from 'kysely';
import type { OfferingState } from '@berth/shared/offerings/machine';
import type { OfferingsTable, OfferingTermsTable } from './schema.ts';

export type OfferingRow = Omit<Selectable<OfferingsTable>, 'state'> & { state: OfferingState };

/** A row with what its view shows beside it. */
export type ShownRow = OfferingRow & {
  handle: string;
  display_name: string;
  auto_accept_hours: number | null;
};
export type OwnRow = ShownRow & { open_contracts: number };

/** The terms as they are kept: their hash, and their canonical JSON. */
export type KeptTerms = Selectable<OfferingTermsTable>;
