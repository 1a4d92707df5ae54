import type { WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
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

type Seen = Pick<OfferingRow, 'state' | 'visibility'>;
type Told = Seen &
  Pick<OfferingRow, 'id' | 'stock' | 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

const isPublic = ({ state, visibility }: Seen): boolean =>
  state === 'listed' && visibility === 'public';

/** News for everybody's pages, of what everybody may see before or after. */
export async function tellPublic(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  before: Seen | null,
  after: Told,
): Promise<void> {
  if (!isPublic(after) && (before === null || !isPublic(before))) return;
  const at = clock.now();
  const news: OfferingNews = {
    offering_id: after.id,
    at,
    shown: isPublic(after),
    available: isPublic(after) && after.stock > 0,
    price_e9s: after.price_e9s.toString(),
    unit: after.unit,
    setup_fee_e9s: after.setup_fee_e9s.toString(),
    currency: after.currency,
  };
  await emit(tx, 'offering.changed', { ...news }, at);
}
