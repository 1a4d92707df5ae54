import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, concatBytes, equalBytes } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { fromHex, utf8 } from './bytes.ts';

const HEX_64 = /^[0-9a-f]{64}$/;
const R_CHARS = 64;
const HEX_128 = /^[0-9a-f]{128}$/;

/** The eight points of small order; OpenSSL refuses them as R from 3.5 on, so both verifiers do. */
const smallOrderPoints = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
]);

/** Whether a text can be a signature at all: 128 hex characters whose R is not of small order. */
export const isSignature = (signature: string): boolean =>
  HEX_128.test(signature) && !smallOrderPoints.has(signature.slice(0, R_CHARS));

/** Verifies a signature (128 hex characters) of a text under a public key (64 hex characters). */
export type Verify = (public_key: string, message: string, signature: string) => boolean;

/** The point of a key, or null where it is off the curve, not canonical or of small order. */
function findPoint(public_key: string) {
  if (!HEX_64.test(public_key)) return null;
  try {
    const point = ed25519.Point.fromBytes(fromHex(public_key), false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

/** Whether a key must be refused: under a small-order key one signature fits many messages. */
export const isWeakKey = (public_key: string): boolean => findPoint(public_key) === null;

/** Checks a signature over `domain`, R, the key and `message` in this order, strictly. */
export function verifyWithin(
  domain: Uint8Array,
  public_key: string,
  message: Uint8Array,
  signature: string,
): boolean {
  const point = findPoint(public_key);
  if (point === null || !isSignature(signature)) return false;
  const bytes = fromHex(signature);
  const r = bytes.subarray(0, 32);
  const s = bytesToNumberLE(bytes.subarray(32));
  const { Fn, BASE } = ed25519.Point;
  if (s >= Fn.ORDER) return false;
  const digest = sha512(concatBytes(domain, r, fromHex(public_key), message));
  const k = Fn.create(bytesToNumberLE(digest));
  const found = BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  return equalBytes(found.toBytes(), r);
}

const PLAIN = new Uint8Array();

/**
 * Strict Ed25519 for browsers and the offline verifier: RFC 8032 without the cofactor and with the
 * bytes of R compared, as OpenSSL does, so that it and `verifyEd25519Node` agree on every input.
 */
export const verifyEd25519: Verify = (public_key, message, signature) =>
  verifyWithin(PLAIN, public_key, utf8(message), signature);
