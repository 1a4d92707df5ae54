import type { WriteCtx } from '../../context.ts';
import { emit, emitAll } from '../../db/outbox.ts';
import type { OfferingNews } from '../../lib/topics.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';

type Seen = Pick<OfferingRow, 'state' | 'visibility'>;
type Told = Seen &
  Pick<OfferingRow, 'id' | 'stock' | 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

const isPublic = ({ state, visibility }: Seen): boolean =>
  state === 'listed' && visibility === 'public';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** `offering.changed` is for everybody; of what was never public only who saved it is told. */
const topics = ['offering.changed', 'offering.unlisted'] as const;

function topicOf(before: Seen | null, after: Seen): (typeof topics)[number] | null {
  const both = before === null ? [after] : [before, after];
  if (both.some(isPublic)) return 'offering.changed';
  const isShown = ({ state, visibility }: Seen) => state === 'listed' && visibility !== 'private';
  return both.some(isShown) ? 'offering.unlisted' : null;
}

/** News of what others may see before or after. */
export async function tellPublic(
  { tx, clock }: Writes,
  before: Seen | null,
  after: Told,
): Promise<void> {
  const at = clock.now();
  const topic = topicOf(before, after);
  if (topic !== null) await emit(tx, topic, newsOf(after, at), at);
}

/** The same of many, in few statements. */
export async function tellAll(
  { tx, clock }: Writes,
  changes: readonly { before: Seen | null; after: Told }[],
): Promise<void> {
  const at = clock.now();
  for (const topic of topics) {
    const told = changes.filter(({ before, after }) => topicOf(before, after) === topic);
    const news = told.map(({ after }) => newsOf(after, at));
    await emitAll(tx, topic, news, at);
  }
}

const newsOf = (after: Told, at: string): OfferingNews => ({
  offering_id: after.id,
  at,
  shown: isPublic(after),
  available: isPublic(after) && after.stock > 0,
  price_e9s: after.price_e9s.toString(),
  unit: after.unit,
  setup_fee_e9s: after.setup_fee_e9s.toString(),
  currency: after.currency,
});
