import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export type Bytes = Uint8Array<ArrayBuffer>;

/** WebCrypto's CryptoKey, whose name is global only where the DOM's types are. */
export type WebKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export const toHex = (bytes: Uint8Array): string => bytesToHex(bytes);

/** Throws where the text is not an even number of hex digits. */
export const fromHex = (hex: string): Bytes => hexToBytes(hex);

export const utf8 = (text: string): Bytes => utf8ToBytes(text);

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Null where the text is not the one canonical, padded base64 of its bytes. */
export function findBase64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const binary = atob(text);
  if (btoa(binary) !== text) return null;
  const bytes = new Uint8Array(binary.length);
  // Envelopes are long: a call for each letter took as long as verifying the signature.
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = binary.charCodeAt(place);
  return bytes;
}

/** Base64url without padding (RFC 4648 section 5). */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Null where the text is not the one canonical, unpadded base64url of its bytes. */
export function findBase64Url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return findBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}
