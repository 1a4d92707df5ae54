/** What the market remembers: earlier prices of some offerings, and how providers have kept. */
import { DAY_MS, isoAt } from '@berth/shared/time';
import type { OfferingsTable } from '../../../api/src/db/schema.ts';
import type { Draw } from './draw.ts';
import type { Provider } from './provider.ts';

const HAS_HISTORY = 0.1;
const MOST_EARLIER = 4;
const MOST_DAYS_BETWEEN = 20;
const PRICE_STEPS = 1_000n;

/** The price that stands, and for some what stood before; none where nobody sees the offering. */
export function pointRows(draw: Draw, offering: OfferingsTable) {
  const { id: offering_id, unit, setup_fee_e9s, currency, price_e9s, stock } = offering;
  if (offering.state !== 'listed' || offering.visibility !== 'public') return [];
  const same = { offering_id, unit, setup_fee_e9s, currency };
  const at = offering.updated_at;
  const points = [
    { ...same, at, until_at: null as string | null, available: stock > 0 ? 1 : 0, price_e9s },
  ];
  const earlier = draw.chance(HAS_HISTORY) ? 1 + draw.below(MOST_EARLIER) : 0;
  let until_at = at;
  for (let nth = 0; nth < earlier; nth += 1) {
    const days = 1 + draw.below(MOST_DAYS_BETWEEN);
    const from = isoAt(Date.parse(until_at) - days * DAY_MS);
    // Up to a fifth less or more than what it costs now.
    const part = PRICE_STEPS + BigInt(draw.below(400) - 200);
    const then_e9s = (price_e9s * part) / PRICE_STEPS;
    const available = draw.chance(0.9) ? 1 : 0;
    points.push({ ...same, at: from, until_at, available, price_e9s: then_e9s });
    until_at = from;
  }
  return points;
}

const HAS_RECORD = 0.8;
const TYPICAL_RENTERS = 6;
const TYPICAL_ANSWER_S = 5_400;

/** The sums of a provider's contracts; null for one who has had none. */
export function recordRow(draw: Draw, { id: provider_id }: Provider) {
  if (!draw.chance(HAS_RECORD)) return null;
  const renters = Math.round(TYPICAL_RENTERS * draw.spread(1.4));
  const completed = Math.round(renters * (1 + draw.next() * 3));
  const kept = completed + draw.below(2 + Math.round(completed * 0.2));
  const ended = kept + draw.below(2 + Math.round(completed * 0.12));
  const answered = ended + draw.below(6);
  const median_response_s = answered === 0 ? null : Math.round(TYPICAL_ANSWER_S * draw.spread(1.2));
  return { provider_id, renters, completed, kept, ended, answered, median_response_s };
}
