import type { WriteCtx } from '../../context.ts';
import { emit, emitAll } from '../../db/outbox.ts';
import type { OfferingRow } from './repo.ts';

/** `offering.changed` as the outbox has it: amounts are decimal text. */
export interface OfferingNews {
  offering_id: string;
  /** When it changed, and what held from then on: news may be read long after. */
  at: string;
  /** Whether everybody could see it, and whether they could rent it too. */
  shown: boolean;
  available: boolean;
  price_e9s: string;
  unit: string;
  setup_fee_e9s: string;
  currency: string;
}

type News = OfferingNews & Record<string, unknown>;
type Seen = Pick<OfferingRow, 'state' | 'visibility'>;
type Told = Seen &
  Pick<OfferingRow, 'id' | 'stock' | 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

const isPublic = ({ state, visibility }: Seen): boolean =>
  state === 'listed' && visibility === 'public';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** News for everybody's pages, of what everybody may see before or after. */
export async function tellPublic(
  { tx, clock }: Writes,
  before: Seen | null,
  after: Told,
): Promise<void> {
  const at = clock.now();
  const news = newsOf(before, after, at);
  if (news) await emit(tx, 'offering.changed', news, at);
}

/** The same of many, in few statements. */
export async function tellAll(
  { tx, clock }: Writes,
  changes: readonly { before: Seen | null; after: Told }[],
): Promise<void> {
  const at = clock.now();
  const news = changes.map(({ before, after }) => newsOf(before, after, at));
  await emitAll(
    tx,
    'offering.changed',
    news.filter((one) => one !== null),
    at,
  );
}

function newsOf(before: Seen | null, after: Told, at: string): News | null {
  if (!isPublic(after) && (before === null || !isPublic(before))) return null;
  return {
    offering_id: after.id,
    at,
    shown: isPublic(after),
    available: isPublic(after) && after.stock > 0,
    price_e9s: after.price_e9s.toString(),
    unit: after.unit,
    setup_fee_e9s: after.setup_fee_e9s.toString(),
    currency: after.currency,
  };
}
