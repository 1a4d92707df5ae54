import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { fromHex } from './bytes.ts';
import { ED25519_DER_PREFIX } from './principal.ts';
import { isSignature, isWeakKey, type Verify } from './verify.ts';

/** Keys kept ready, the ones used last; a key costs about a kilobyte. */
export const MAX_READY_KEYS = 2_000;
const verifyApart = promisify(verify);
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

/** The same in a thread of Node's pool, for who answers others meanwhile. */
export const verifyEd25519Apart = async (
  ...[public_key, message, signature]: Parameters<Verify>
): Promise<boolean> => {
  const key = isSignature(signature) ? findKey(public_key) : null;
  return (
    key !== null && (await verifyApart(null, Buffer.from(message, 'utf8'), key, fromHex(signature)))
  );
};

/** Ed25519 on node:crypto; weak keys are refused first, as OpenSSL before 3.5 takes them. */
export const verifyEd25519Node: Verify = (public_key, message, signature) => {
  if (!isSignature(signature)) return false;
  const key = findKey(public_key);
  return key !== null && verify(null, Buffer.from(message, 'utf8'), key, fromHex(signature));
};
