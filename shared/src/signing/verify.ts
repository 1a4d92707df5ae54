import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '@noble/curves/utils.js';
import { fromHex, utf8 } from './bytes.ts';

const HEX_64 = /^[0-9a-f]{64}$/;
const HEX_128 = /^[0-9a-f]{128}$/;

/** Verifies a signature (128 hex characters) of a text under a public key (64 hex characters). */
export type Verify = (public_key: string, message: string, signature: string) => boolean;

/** The point of a public key, or null where it is not on the curve, not canonical or of small order. */
function findPoint(public_key: string) {
  if (!HEX_64.test(public_key)) return null;
  try {
    const point = ed25519.Point.fromBytes(fromHex(public_key), false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

/** Whether a public key must be refused: under a small-order key one signature fits many messages. */
export const isWeakKey = (public_key: string): boolean => findPoint(public_key) === null;

/**
 * Strict Ed25519 for browsers and the offline verifier: RFC 8032 without the cofactor and with the
 * bytes of R compared, as OpenSSL does, so that it and `verifyEd25519Node` agree on every input.
 */
export const verifyEd25519: Verify = (public_key, message, signature) => {
  const point = findPoint(public_key);
  if (point === null || !HEX_128.test(signature)) return false;
  const bytes = fromHex(signature);
  const r = bytes.subarray(0, 32);
  const s = bytesToNumberLE(bytes.subarray(32));
  const { Fn, BASE } = ed25519.Point;
  if (s >= Fn.ORDER) return false;
  const digest = sha512(concatBytes(r, fromHex(public_key), utf8(message)));
  const k = Fn.create(bytesToNumberLE(digest));
  const found = BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  return equalBytes(found.toBytes(), r);
};
