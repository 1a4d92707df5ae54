import * as z from 'zod';
import { canonical, sha256Hex } from '../canonical.ts';
import { termsSchema, type Terms } from './schemas.ts';

const later = new Set(['gpu_interconnect', 'commitment']);

/**
 * The terms of an offering as they are shown, hashed and signed: the offering's own fields without
 * stock, visibility and state. Takes the API's view (amounts as decimal text).
 */
export function termsOf(
  offering: { id: string; provider: { key: string } } & Record<string, unknown>,
): Terms {
  const said = Object.entries(offering).filter(
    ([name, value]) => value !== null || !later.has(name),
  );
  const decoded = termsSchema.parse({
    ...Object.fromEntries(said),
    offering_id: offering.id,
    provider_key: offering.provider.key,
  });
  return z.encode(termsSchema, decoded);
}

/** SHA-256 of the canonical JSON of terms, 64 hex characters. */
export const termsHash = (terms: Terms): string => sha256Hex(canonical(terms));
