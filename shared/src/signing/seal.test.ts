import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBase64Url, fromHex, toBase64Url, toHex } from './bytes.ts';
import { importEncryptionSecret } from './device.ts';
import { encryptionSecretOf } from './keys.ts';
import {
  envelopeDigest,
  envelopeSchema,
  MAX_SEALED_TEXT_BYTES,
  open,
  seal,
  type SealedFor,
} from './seal.ts';

const pair = encryptionSecretOf(new Uint8Array(32).fill(3));
const recipientKey = await importEncryptionSecret(pair.secret);
const sealedFor: SealedFor = {
  contract_id: 'c0'.repeat(32),
  provider_key: 'a0'.repeat(32),
  recipient_key: 'b0'.repeat(32),
  seq: 4,
};

test('the vector of RFC 9180 for this suite opens with a key that cannot be read out', async () => {
  // test-vectors.json of the RFC, mode 0, first encryption.
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const params = {
    info: fromHex('4f6465206f6e2061204772656369616e2055726e'),
    enc: fromHex('6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256'),
    recipientKey: await importEncryptionSecret(
      fromHex('497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d'),
    ),
  };
  const aad = fromHex('436f756e742d30');
  const ciphertext = fromHex(
    'e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a',
  );
  const plain = await suite.open(params, ciphertext, aad);
  expect(new TextDecoder().decode(plain)).toBe('Beauty is truth, truth beauty');

  const recipientPublicKey = await suite.kem.deserializePublicKey(
    fromHex('430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c'),
  );
  const ekm = fromHex('2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9');
  const sender = await suite.createSenderContext({ recipientPublicKey, info: params.info, ekm });
  expect(toHex(new Uint8Array(sender.enc))).toBe(toHex(params.enc));
  expect(toHex(new Uint8Array(await sender.seal(plain, aad)))).toBe(toHex(ciphertext));
});

test('what is sealed opens as it was, and no two envelopes are alike', async () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 3_000 });
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const envelope = await seal(pair.public_key, sealedFor, text);
      expect(envelopeSchema.parse(envelope)).toEqual(envelope);
      expect(await open(recipientKey, sealedFor, envelope)).toBe(text);
      const again = await seal(pair.public_key, sealedFor, text);
      expect(envelopeDigest(again)).not.toBe(envelopeDigest(envelope));
    }),
    { numRuns: 30 },
  );
});

test('the length of an envelope tells only how many KiB are inside', async () => {
  const lengthOf = async (chars: number) => {
    const { ciphertext } = await seal(pair.public_key, sealedFor, 'x'.repeat(chars));
    return findBase64Url(ciphertext)?.length;
  };
  expect(await lengthOf(0)).toBe(1_024 + 16);
  expect(await lengthOf(1_023)).toBe(1_024 + 16);
  expect(await lengthOf(1_024)).toBe(2_048 + 16);
});

test('the largest text that may be sealed opens again; one byte more is refused', async () => {
  const text = 'x'.repeat(MAX_SEALED_TEXT_BYTES);
  const envelope = envelopeSchema.parse(await seal(pair.public_key, sealedFor, text));
  expect(await open(recipientKey, sealedFor, envelope)).toBe(text);
  await expect(seal(pair.public_key, sealedFor, `${text}x`)).rejects.toThrow(RangeError);
});

test.each<Partial<SealedFor>>([
  { contract_id: 'c1'.repeat(32) },
  { provider_key: 'a1'.repeat(32) },
  { recipient_key: 'b1'.repeat(32) },
  { seq: 5 },
])('an envelope opens for nothing else than what it was sealed for: %o', async (change) => {
  const envelope = await seal(pair.public_key, sealedFor, 'secret');
  await expect(open(recipientKey, { ...sealedFor, ...change }, envelope)).rejects.toThrow();
});

test('nobody else opens it, and no flipped bit goes unseen', async () => {
  const envelope = await seal(pair.public_key, sealedFor, 'secret');
  const other = await importEncryptionSecret(encryptionSecretOf(new Uint8Array(32)).secret);
  await expect(open(other, sealedFor, envelope)).rejects.toThrow();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('enc', 'ciphertext'), fc.nat(), async (part, n) => {
      const bytes = findBase64Url(envelope[part]) as Uint8Array;
      const bit = n % (bytes.length * 8);
      // X25519 ignores the top bit of a public key (RFC 7748), but HPKE hashes the bytes.
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const forged = { ...envelope, [part]: toBase64Url(bytes) };
      expect(envelopeDigest(forged)).not.toBe(envelopeDigest(envelope));
      await expect(open(recipientKey, sealedFor, forged)).rejects.toThrow();
    }),
    { numRuns: 50 },
  );
});

test('a public key that would give everybody the same secret is refused', async () => {
  for (const key of ['00'.repeat(32), `01${'00'.repeat(31)}`]) {
    await expect(seal(key, sealedFor, 'secret')).rejects.toThrow();
  }
});

test('an envelope is only ever written one way', async () => {
  const envelope = await seal(pair.public_key, sealedFor, 'secret');
  for (const change of [
    { v: 2 },
    { enc: `${envelope.enc}=` },
    { enc: `${envelope.enc.slice(0, -1)}/` },
    { ciphertext: 'A'.repeat(30_000) },
    { note: 'hello' },
  ]) {
    expect(envelopeSchema.safeParse({ ...envelope, ...change }).success).toBe(false);
  }
});
