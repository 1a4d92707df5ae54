import type { OfferingNews } from '../lib/topics.ts';
import type { OfferingRow } from '../db/offering-rows.ts';

export type Shown = Pick<OfferingRow, 'state' | 'visibility'>;
export type Told = Shown &
  Pick<OfferingRow, 'id' | 'stock' | 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

const isPublic = ({ state, visibility }: Shown): boolean =>
  state === 'listed' && visibility === 'public';

/** `offering.changed` is for everybody; of what was never public only who saved it is told. */
export const topics = ['offering.changed', 'offering.unlisted'] as const;

export function topicOf(before: Shown | null, after: Shown): (typeof topics)[number] | null {
  const both = before === null ? [after] : [before, after];
  if (both.some(isPublic)) return 'offering.changed';
  const isShown = ({ state, visibility }: Shown) => state === 'listed' && visibility !== 'private';
  return both.some(isShown) ? 'offering.unlisted' : null;
}

export const newsOf = (after: Told, at: string): OfferingNews => ({
  offering_id: after.id,
  at,
  shown: isPublic(after),
  available: isPublic(after) && after.stock > 0,
  price_e9s: after.price_e9s.toString(),
  unit: after.unit,
  setup_fee_e9s: after.setup_fee_e9s.toString(),
  currency: after.currency,
});
