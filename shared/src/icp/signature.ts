import { ed25519ph } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../signing/bytes.ts';
import { verifyWithin } from '../signing/verify.ts';

const context = utf8('decent-cloud');
const PREHASHED = 1;
/** RFC 8032's dom2 of Ed25519ph. */
const domain = concatBytes(
  utf8('SigEd25519 no Ed25519 collisions'),
  Uint8Array.of(PREHASHED, context.length),
  context,
);

/**
 * Whether a signature (128 hex characters) on the chain is of this key (64 hex characters):
 * Ed25519ph with the context `decent-cloud`, as strict as `verifyEd25519`. Node's own crypto has
 * Ed25519 with a context but not the prehashed form, so this runs on the server too.
 */
export const verifyIcp = (public_key: string, message: Uint8Array, signature: string): boolean =>
  verifyWithin(domain, public_key, sha512(message), signature);

/** Signs as the chain does with the 32 bytes of a secret; 128 hex characters. */
export const signIcp = (secret: Uint8Array, message: Uint8Array): string =>
  toHex(ed25519ph.sign(message, secret, { context }));
