import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import * as z from 'zod';
import { canonical, sha256Hex } from '../canonical.ts';
import { findBase64Url, fromHex, toBase64Url, utf8, type Bytes, type WebKey } from './bytes.ts';

export const MAX_SEALED_TEXT_BYTES = 16_000;
const PAD_BYTES = 1_024;
const PAD_MARK = 0x80;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const MAX_CIPHERTEXT_BYTES =
  Math.ceil((MAX_SEALED_TEXT_BYTES + 1) / PAD_BYTES) * PAD_BYTES + TAG_BYTES;
const INFO = utf8('berth/credentials/v1');

const base64Url = (most_bytes: number) =>
  z
    .string()
    .max(Math.ceil((most_bytes * 4) / 3))
    .refine((text) => findBase64Url(text) !== null, 'Must be base64url');

/** A sealed text: HPKE (RFC 9180) base mode, 0x0020/0x0001/0x0002; both parts in base64url. */
export const envelopeSchema = z.strictObject({
  v: z.literal(1),
  enc: base64Url(KEY_BYTES),
  ciphertext: base64Url(MAX_CIPHERTEXT_BYTES),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/**
 * What an envelope is bound to: it opens nowhere else. `provider_key` is the provider's account
 * key,
 * `recipient_key` the encryption key it is sealed to, `seq` that of the statement which carries the
 * envelope's digest.
 */
export interface SealedFor {
  contract_id: string;
  provider_key: string;
  recipient_key: string;
  seq: number;
}

/** The whole suite runs on WebCrypto, in Node and in browsers, so a key need not be extractable. */
const makeSuite = () =>
  new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });

const aadOf = ({ contract_id, provider_key, recipient_key, seq }: SealedFor): Bytes =>
  utf8(canonical({ contract_id, provider_key, recipient_key, seq }));

/** ISO 7816-4 padding to whole KiB, so that the length says little about what is inside. */
function pad(plain: Bytes): Bytes {
  const padded = new Uint8Array(Math.ceil((plain.length + 1) / PAD_BYTES) * PAD_BYTES);
  padded.set(plain);
  padded[plain.length] = PAD_MARK;
  return padded;
}

function unpad(padded: Bytes): Bytes {
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== PAD_MARK) throw new Error('The sealed text is not padded as it should be');
  return padded.subarray(0, end);
}

/**
 * Seals a text to an X25519 public key (64 hex characters). Throws a RangeError above
 * MAX_SEALED_TEXT_BYTES of UTF-8.
 */
export async function seal(
  recipient_public_key: string,
  sealedFor: SealedFor,
  text: string,
): Promise<Envelope> {
  const plain = utf8(text);
  if (plain.length > MAX_SEALED_TEXT_BYTES) {
    throw new RangeError(`At most ${MAX_SEALED_TEXT_BYTES} bytes can be sealed`);
  }
  const suite = makeSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromHex(recipient_public_key));
  const sealed = await suite.seal({ recipientPublicKey, info: INFO }, pad(plain), aadOf(sealedFor));
  return {
    v: 1,
    enc: toBase64Url(new Uint8Array(sealed.enc)),
    ciphertext: toBase64Url(new Uint8Array(sealed.ct)),
  };
}

/**
 * Opens an envelope with the recipient's key from `importEncryptionSecret`. Throws where the key,
 * what it was sealed for or any byte differs.
 */
export async function open(
  recipientKey: WebKey,
  sealedFor: SealedFor,
  envelope: Envelope,
): Promise<string> {
  const enc = findBase64Url(envelope.enc);
  const ciphertext = findBase64Url(envelope.ciphertext);
  if (enc === null || ciphertext === null) throw new Error('The envelope is not base64url');
  const params = { recipientKey, enc, info: INFO };
  const padded = await makeSuite().open(params, ciphertext, aadOf(sealedFor));
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    unpad(new Uint8Array(padded)),
  );
}

/** SHA-256 of the envelope's canonical JSON, 64 hex characters: what the statement carries. */
export const envelopeDigest = (envelope: Envelope): string => sha256Hex(canonical(envelope));
