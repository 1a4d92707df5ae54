import { sha224 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { fromHex } from './bytes.ts';

/** The DER prefix of an Ed25519 public key (RFC 8410). */
export const ED25519_DER_PREFIX = '302a300506032b6570032100';
const SELF_AUTHENTICATING = 2;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** CRC-32 (ISO 3309), bit by bit: it runs over 29 bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{1,5}/g) ?? [];
  return letters.map((group) => BASE32[parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** A principal as text; `2vxsx-fae` is the anonymous one, byte 04. */
export function principalText(principal: Uint8Array): string {
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, crc32(principal));
  const groups = base32(concatBytes(checksum, principal)).match(/.{1,5}/g) ?? [];
  return groups.join('-');
}

/** The Internet Computer principal of an Ed25519 public key (64 hex characters), as its bytes. */
export const principalBytesOf = (public_key: string): Uint8Array =>
  concatBytes(sha224(fromHex(ED25519_DER_PREFIX + public_key)), Uint8Array.of(SELF_AUTHENTICATING));

/** The Internet Computer principal of an Ed25519 public key (64 hex characters), as text. */
export const principalOf = (public_key: string): string =>
  principalText(principalBytesOf(public_key));
