import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { fromHex } from './bytes.ts';
import { ED25519_DER_PREFIX } from './principal.ts';
import { isWeakKey, type Verify } from './verify.ts';

/** Keys kept ready, the ones used last; a key costs about a kilobyte. */
export const MAX_READY_KEYS = 2_000;
const SIGNATURE_CHARS = 128;
const ready = new Map<string, KeyObject>();

function findKey(public_key: string): KeyObject | null {
  let key = ready.get(public_key);
  if (key === undefined) {
    if (isWeakKey(public_key)) return null;
    const der = Buffer.from(ED25519_DER_PREFIX + public_key, 'hex');
    key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const oldest = ready.size >= MAX_READY_KEYS ? ready.keys().next().value : undefined;
    if (oldest !== undefined) ready.delete(oldest);
  } else {
    ready.delete(public_key);
  }
  ready.set(public_key, key);
  return key;
}

/** Ed25519 on node:crypto, which accepts small-order keys by itself: those are refused before it. */
export const verifyEd25519Node: Verify = (public_key, message, signature) => {
  if (signature.length !== SIGNATURE_CHARS || !/^[0-9a-f]+$/.test(signature)) return false;
  const key = findKey(public_key);
  return key !== null && verify(null, Buffer.from(message, 'utf8'), key, fromHex(signature));
};
