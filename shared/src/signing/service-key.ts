import * as z from 'zod';
import { hex64, isoTime, signatureHex } from '../fields.ts';
import { CLOCK_SKEW_MS } from '../time.ts';
import type { Claim } from './authority.ts';
import { signingInput } from './prefixed.ts';

/** Since when the service signs with a key, and which it signed with before. */
export const serviceKeySchema = z.strictObject({
  key: hex64,
  prev: hex64.nullable(),
  at: isoTime,
});
export type ServiceKeyRecord = z.infer<typeof serviceKeySchema>;

/** Both keys sign, so that neither can name the other against its will. */
export const signedServiceKeySchema = z.strictObject({
  record: serviceKeySchema,
  /** By `record.prev`; null for the first key. */
  signature: signatureHex.nullable(),
  /** By `record.key`. */
  key_signature: signatureHex,
});
export type SignedServiceKey = z.infer<typeof signedServiceKeySchema>;

/** The text that the key before and the new one both sign. */
export const serviceKeyText = (record: ServiceKeyRecord): string =>
  signingInput('service-key', record);

/** What is wrong with the history of a service's keys, or null, and the signatures in it. */
export function checkServiceKeys(history: readonly SignedServiceKey[]): {
  problem: string | null;
  claims: Claim[];
} {
  const claims: Claim[] = [];
  let last: ServiceKeyRecord | null = null;
  for (const { record, signature, key_signature } of history) {
    const follows =
      record.prev === (last?.key ?? null) &&
      (signature === null) === (record.prev === null) &&
      (last === null || record.at >= last.at);
    if (!follows) return { problem: 'A key does not follow on the one before it', claims };
    const text = serviceKeyText(record);
    claims.push({ key: record.key, text, signature: key_signature });
    if (record.prev !== null && signature !== null) {
      claims.push({ key: record.prev, text, signature });
    }
    last = record;
  }
  return { problem: null, claims };
}

/**
 * Whether the service signed with this key at a time. A process that runs while its key is replaced
 * goes on with the old one for a moment, which is allowed the clocks' difference.
 */
export function isServiceKeyAt(
  history: readonly Pick<SignedServiceKey, 'record'>[],
  key: string,
  at: string,
): boolean {
  const time = Date.parse(at);
  return history.some(({ record }, place) => {
    const next = history[place + 1]?.record.at;
    return (
      record.key === key &&
      Date.parse(record.at) - CLOCK_SKEW_MS <= time &&
      (next === undefined || time <= Date.parse(next) + CLOCK_SKEW_MS)
    );
  });
}
