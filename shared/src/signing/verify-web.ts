import { fromHex, utf8, type WebKey } from './bytes.ts';
import { isSignature, isWeakKey, verifyEd25519, type Verify } from './verify.ts';

/** Keys kept ready, so that a log's few keys are read once. */
const MAX_READY_KEYS = 2_000;
const ready = new Map<string, Promise<WebKey | null>>();

async function importKey(public_key: string): Promise<WebKey | null> {
  if (isWeakKey(public_key)) return null;
  return crypto.subtle.importKey('raw', fromHex(public_key), 'Ed25519', false, ['verify']);
}

function getKey(public_key: string): Promise<WebKey | null> {
  const known = ready.get(public_key);
  if (known !== undefined) return known;
  if (ready.size >= MAX_READY_KEYS) ready.clear();
  const key = importKey(public_key);
  ready.set(public_key, key);
  return key;
}

/**
 * Strict Ed25519 on WebCrypto, which is twenty times as fast as JavaScript; what it is laxer about
 * (weak keys, R of small order) is refused first. Without it, as `verifyEd25519`.
 */
export async function verifyEd25519Web(
  ...[public_key, message, signature]: Parameters<Verify>
): Promise<boolean> {
  if (!isSignature(signature)) return false;
  try {
    const key = await getKey(public_key);
    if (key === null) return false;
    return await crypto.subtle.verify('Ed25519', key, fromHex(signature), utf8(message));
  } catch {
    return verifyEd25519(public_key, message, signature);
  }
}
