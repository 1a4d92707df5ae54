import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import { problem, type Problem } from '@berth/shared/problems';
import type { OfferingRow } from '../db/offering-rows.ts';

const MOST = MAX_OFFERINGS.toLocaleString('en');
export const TOO_MANY = `An account has at most ${MOST} offerings that are not archived.`;

/** `offering.moved` with the version that is there now. */
export const moved = (now: OfferingRow | null): Problem =>
  problem('offering.moved', 'Look at it as it is now, then change it again.', {
    version: now?.version ?? null,
    state: now?.state ?? null,
  });

/**
 * Throws `request.not_found` for an id that is none of one's own, and `offering.moved` that names
 * those whose version is another by now. Rows without an id are new ones.
 */
export function requireSame(
  own: readonly OfferingRow[],
  seen: readonly { offering_id: string | null; version: number | null }[],
): void {
  const byId = new Map(own.map((row) => [row.id, row]));
  const offerings = seen.flatMap(({ offering_id, version }) => {
    if (offering_id === null) return [];
    const row = byId.get(offering_id);
    if (!row) throw problem('request.not_found');
    return row.version === version
      ? []
      : [{ offering_id, version: row.version, state: row.state, title: row.title }];
  });
  if (offerings.length === 0) return;
  const detail = `${offerings.length} of ${seen.length} were changed. Look at them as they are now.`;
  throw problem('offering.moved', detail, { offerings });
}

/**
 * Throws `offering.moved` where a plan that was made on one's offerings would be another by now.
 * What it writes is compared again as it is written; of the others a unit may have been rented.
 */
export function requireUnchanged(
  before: readonly OfferingRow[],
  now: readonly OfferingRow[],
): void {
  const known = new Map(before.map((row) => [row.id, row]));
  const isSame = ({ id, state, reference }: OfferingRow): boolean => {
    const was = known.get(id);
    return was?.state === state && was.reference === reference;
  };
  if (now.length === before.length && now.every(isSame)) return;
  throw problem('offering.moved', 'Your offerings were changed meanwhile; send it again.');
}
