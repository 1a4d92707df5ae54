import { fromHex, toHex, utf8, type Bytes, type WebKey } from './bytes.ts';

/** The DER prefix of an X25519 private key (RFC 8410, PKCS #8). */
const X25519_PKCS8_PREFIX = '302e020100300506032b656e04220420';

/** Typed wide, so that the DOM's types and Node's read the same. */
const ED25519: { name: string } = { name: 'Ed25519' };

/** A device's own Ed25519 key; the private half never leaves WebCrypto. */
export interface DeviceKey {
  public_key: string;
  private_key: WebKey;
}

/** Makes a device key whose private half cannot be read out; it can be kept in IndexedDB. */
export async function makeDeviceKey(): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey(ED25519, false, ['sign', 'verify']);
  if (!('publicKey' in pair)) throw new TypeError('WebCrypto made no key pair');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  return { public_key: toHex(new Uint8Array(raw)), private_key: pair.privateKey };
}

/** The device's signature of a text, 128 hex characters. */
export async function signWithDevice(private_key: WebKey, text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.sign('Ed25519', private_key, utf8(text))));
}

/** Whether this browser can hold a device key; false also outside a secure context. */
export async function supportsEd25519(): Promise<boolean> {
  try {
    await makeDeviceKey();
    return true;
  } catch {
    return false;
  }
}

/** Imports the 32-byte encryption secret so that it opens what is sealed and cannot be read out. */
export function importEncryptionSecret(secret: Bytes): Promise<WebKey> {
  const pkcs8 = new Uint8Array([...fromHex(X25519_PKCS8_PREFIX), ...secret]);
  return crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
}
