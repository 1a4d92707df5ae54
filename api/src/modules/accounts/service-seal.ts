import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { problem } from '@berth/shared/problems';

/** The DER prefix of an X25519 public key (RFC 8410). */
const X25519_SPKI_PREFIX = '302a300506032b656e032100';

/** Throws where nothing can be sealed to a published key; `pointer` is its place in the body. */
export function refuseUnsealable(encryption_key: string, pointer: string): void {
  if (canSealTo(encryption_key)) return;
  const message = 'Nothing can be sealed to this key';
  throw problem('request.invalid', message, { errors: [{ pointer, message }] });
}

/** False for a point of small order (RFC 7748 section 6.1), with which no secret can be agreed. */
function canSealTo(public_key: string): boolean {
  const der = Buffer.from(X25519_SPKI_PREFIX + public_key, 'hex');
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const { privateKey } = generateKeyPairSync('x25519');
  try {
    return diffieHellman({ publicKey, privateKey }).some((byte) => byte !== 0);
  } catch {
    return false;
  }
}
