import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import nacl from 'tweetnacl';
import { toHex, utf8, type Bytes } from './bytes.ts';
import { signingInput } from './prefixed.ts';

const KEY_BYTES = 32;
const ENCRYPTION_INFO = 'berth/encryption/v1';

/** An Ed25519 key pair: the public key as 64 hex characters, the secret as tweetnacl's 64 bytes. */
export interface KeyPair {
  public_key: string;
  secret_key: Uint8Array;
}

/** The Ed25519 key pair of a 32-byte seed. */
export function keyPairOf(seed: Uint8Array): KeyPair {
  const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(seed);
  return { public_key: toHex(publicKey), secret_key: secretKey };
}

/** A new Ed25519 key pair from the system's randomness. */
export const makeKeyPair = (): KeyPair =>
  keyPairOf(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));

/** The Ed25519 signature of a text's UTF-8 bytes, 128 hex characters. */
export const signText = ({ secret_key }: Pick<KeyPair, 'secret_key'>, text: string): string =>
  toHex(nacl.sign.detached(utf8(text), secret_key));

/** An X25519 key pair: the public key as 64 hex characters, the secret as 32 bytes. */
export interface EncryptionPair {
  public_key: string;
  secret: Bytes;
}

/** The encryption key of an account: HKDF-SHA256 of its secret, info `berth/encryption/v1`. */
export function encryptionSecretOf(accountSecret: Uint8Array): EncryptionPair {
  const secret = hkdf(sha256, accountSecret, undefined, utf8(ENCRYPTION_INFO), KEY_BYTES);
  return { public_key: toHex(x25519.getPublicKey(secret)), secret };
}

/** What the account key signs to publish its encryption key (64 hex characters). */
export const encryptionKeyText = (encryption_key: string): string =>
  signingInput('encryption-key', { encryption_key });
