import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import nacl from 'tweetnacl';
import { sign as nodeSign } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { makeDeviceKey, signWithDevice } from './device.ts';
import { keyPairOf, signText } from './keys.ts';
import { isSignature, isWeakKey, verifyEd25519, type Verify } from './verify.ts';
import { MAX_READY_KEYS, verifyEd25519Node } from './verify-node.ts';

const { Point } = ed25519;
const seedOf = fc.uint8Array({ minLength: 32, maxLength: 32 });
const text = fc.string({ unit: 'grapheme', maxLength: 200 });

/** Asks both verifiers and holds them to one answer. */
const verifyBoth: Verify = (public_key, message, signature) => {
  const ours = verifyEd25519(public_key, message, signature);
  expect(verifyEd25519Node(public_key, message, signature)).toBe(ours);
  return ours;
};

/** The one point of order 2 and its seven companions, and what else encodes them. */
const smallOrderKeys = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

test('tweetnacl, noble and node:crypto sign alike, and both verifiers take it', () => {
  fc.assert(
    fc.property(seedOf, text, (seed, message) => {
      const pair = keyPairOf(seed);
      const signature = signText(pair, message);
      expect(toHex(ed25519.sign(utf8(message), seed))).toBe(signature);
      expect(nodeSign(null, Buffer.from(message), pkcs8Of(seed)).toString('hex')).toBe(signature);
      expect(verifyBoth(pair.public_key, message, signature)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

const pkcs8Of = (seed: Uint8Array) =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(
    `302e020100300506032b657004220420${toHex(seed)}`,
    'hex',
  ).toString('base64')}\n-----END PRIVATE KEY-----\n`;

test('what a device key signs in WebCrypto, both verifiers take', async () => {
  const { public_key, private_key } = await makeDeviceKey();
  for (const message of ['', 'hello', '{"a":1}\n', '漢字 🚢']) {
    const signature = await signWithDevice(private_key, message);
    expect(verifyBoth(public_key, message, signature)).toBe(true);
  }
});

test('a flipped bit anywhere in key, message or signature is refused by both', () => {
  fc.assert(
    fc.property(
      seedOf,
      fc.nat(),
      fc.constantFrom('key', 'message', 'signature'),
      (seed, n, what) => {
        const pair = keyPairOf(seed);
        const message = `message ${n}`;
        const parts = {
          key: fromHex(pair.public_key),
          message: utf8(message),
          signature: fromHex(signText(pair, message)),
        };
        const bit = n % (parts[what].length * 8);
        parts[what][bit >> 3] = (parts[what][bit >> 3] as number) ^ (1 << (bit & 7));
        // A message whose flipped bit leaves UTF-8 is another message all the same.
        const sent = new TextDecoder().decode(parts.message);
        expect(verifyBoth(toHex(parts.key), sent, toHex(parts.signature))).toBe(false);
      },
    ),
    { numRuns: 150 },
  );
});

test('a second signature by adding L to S is refused by both, though tweetnacl takes it', () => {
  const pair = keyPairOf(new Uint8Array(32).fill(9));
  const signature = fromHex(signText(pair, 'pay'));
  const s = bytesToNumberLE(signature.subarray(32)) + Point.Fn.ORDER;
  const forged = new Uint8Array([...signature.subarray(0, 32), ...numberToBytesLE(s, 32)]);
  expect(nacl.sign.detached.verify(utf8('pay'), forged, fromHex(pair.public_key))).toBe(true);
  expect(verifyBoth(pair.public_key, 'pay', toHex(forged))).toBe(false);
});

test('every small-order key is weak, and both verifiers refuse it', () => {
  // R = the identity and S = 0 fit any message under a key of order 1.
  const identity = smallOrderKeys[0] as string;
  const signature = identity + '00'.repeat(32);
  for (const key of smallOrderKeys) {
    expect(isWeakKey(key)).toBe(true);
    expect(verifyBoth(key, 'anything', signature)).toBe(false);
  }
  const torsion = Point.fromHex(smallOrderKeys[6] as string);
  for (let times = 0n; times < 8n; times++) {
    const point = torsion.multiplyUnsafe(times).toHex();
    expect(smallOrderKeys).toContain(point);
    expect(isSignature(point + '00'.repeat(32))).toBe(false);
  }
});

test('a key that is off the curve, written twice over or no key at all is weak', () => {
  expect(isWeakKey(keyPairOf(new Uint8Array(32)).public_key)).toBe(false);
  // y = 2 has no x on the curve; y = p + 3 is another writing of y = 3.
  expect(isWeakKey(`02${'00'.repeat(31)}`)).toBe(true);
  expect(isWeakKey(`f0${'ff'.repeat(30)}7f`)).toBe(true);
  for (const key of ['', 'ab', 'zz'.repeat(32), 'AB'.repeat(32)]) expect(isWeakKey(key)).toBe(true);
});

test('where a key or R carries a small-order part, both verifiers still give one answer', () => {
  const taken = new Set<string>();
  fc.assert(
    fc.property(seedOf, text, fc.nat(7), fc.nat(7), fc.boolean(), (...given) => {
      const [seed, message, onKey, onR, isZero] = given;
      const torsion = Point.fromHex(smallOrderKeys[6] as string);
      const shifted = (scalar: bigint, times: number) =>
        Point.BASE.multiplyUnsafe(scalar).add(torsion.multiplyUnsafe(BigInt(times)));
      const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
      const key = shifted(scalar, onKey).toHex();
      const nonce = isZero ? 0n : Point.Fn.create(bytesToNumberLE(sha512(seed)));
      const r = shifted(nonce, onR).toBytes();
      const digest = sha512(new Uint8Array([...r, ...fromHex(key), ...utf8(message)]));
      const s = Point.Fn.create(nonce + bytesToNumberLE(digest) * scalar);
      const signature = toHex(r) + toHex(numberToBytesLE(s, 32));
      const isPlain = onKey === 0 && onR === 0 && !isZero;
      const isTaken = verifyBoth(key, message, signature);
      taken.add(`${isPlain ? 'plain' : 'odd'} ${isTaken ? 'taken' : 'refused'}`);
      if (isPlain) expect(isTaken).toBe(true);
    }),
    { numRuns: 150, examples: [[new Uint8Array(32), '', 0, 0, false]] },
  );
  expect([...taken].toSorted()).toEqual(['odd refused', 'odd taken', 'plain taken']);
});

test('random bytes in the place of a signature are refused by both', () => {
  fc.assert(
    fc.property(seedOf, fc.uint8Array({ maxLength: 70 }), (seed, bytes) => {
      expect(verifyBoth(keyPairOf(seed).public_key, 'x', toHex(bytes))).toBe(false);
    }),
    { numRuns: 50 },
  );
  const pair = keyPairOf(new Uint8Array(32));
  expect(verifyBoth(pair.public_key, 'x', signText(pair, 'x').toUpperCase())).toBe(false);
  expect(verifyBoth(pair.public_key.toUpperCase(), 'x', signText(pair, 'x'))).toBe(false);
});

test('more keys than are kept ready still verify, the first one again included', () => {
  const pair = keyPairOf(new Uint8Array(32).fill(1));
  const signature = signText(pair, 'x');
  expect(verifyEd25519Node(pair.public_key, 'x', signature)).toBe(true);
  let point = Point.BASE;
  for (let i = 0; i <= MAX_READY_KEYS; i++) {
    point = point.add(Point.BASE);
    expect(verifyEd25519Node(point.toHex(), 'x', signature)).toBe(false);
  }
  expect(verifyEd25519Node(pair.public_key, 'x', signature)).toBe(true);
});
