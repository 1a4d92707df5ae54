import { ed25519ph } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '../signing/bytes.ts';
import { keyPairOf, signText } from '../signing/keys.ts';
import { accountSecretOf } from '../signing/phrase.ts';
import { principalOf, principalText } from '../signing/principal.ts';
import { signIcp, verifyIcp } from './signature.ts';

const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
const KEY = '03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8';
const MESSAGE = utf8('test message for cross-platform verification');
const SIGNATURE =
  'a2aca8ef6760241fc2b254447b9320f03fffaaa11f60365b33455b5d664abc01' +
  '72627ce2258cdbde7e2eddbe20bda46e008f8041ffb61515e7f4e5a8fdab3f0f';

test('the published signature is made and taken here', () => {
  expect(keyPairOf(secret).public_key).toBe(KEY);
  expect(signIcp(secret, MESSAGE)).toBe(SIGNATURE);
  expect(verifyIcp(KEY, MESSAGE, SIGNATURE)).toBe(true);
});

test('the published phrase gives the published secret, key and principal', () => {
  const phrase = `${'abandon '.repeat(11)}about`;
  const derived = accountSecretOf(phrase);
  expect(toHex(derived)).toBe('560f9f3c94558b6551928bb781cf6092c6b8800b4fc544af2c9444ed126d51aa');
  const { public_key } = keyPairOf(derived);
  expect(public_key).toBe('e96b1c6b8769fdb0b34fbecfdf85c33b053cecad9517e1ab88cba614335775c1');
  expect(principalOf(public_key)).toBe(
    'wtaij-eauol-z6qgp-gmi4c-ix5wy-26i2y-tzfab-4szan-wcgvj-nylha-4ae',
  );
});

test('the published seed of zeros gives the published key and principal', () => {
  const seed = hmac(sha512, utf8('ed25519 seed'), new Uint8Array(32)).slice(0, 32);
  const { public_key } = keyPairOf(seed);
  expect(public_key).toBe('4a93078bcabea4de4984fe077b1b22343525f538f0edf31c30c297d087411ef2');
  expect(principalOf(public_key)).toBe(
    'tuke6-qjtdo-jtp67-maudl-vlprb-szzw2-fvlmx-a5i3v-pqqbt-tmn3q-eae',
  );
});

test('principals that are no key, such as none and the anonymous one, have their text', () => {
  expect(principalText(new Uint8Array())).toBe('aaaaa-aa');
  expect(principalText(Uint8Array.of(4))).toBe('2vxsx-fae');
});

test('every signature made here is taken, and a flipped bit anywhere is refused', () => {
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(seed, fc.uint8Array({ minLength: 1 }), fc.nat(), (own, message, n) => {
      const { public_key } = keyPairOf(own);
      const signature = signIcp(own, message);
      expect(verifyIcp(public_key, message, signature)).toBe(true);
      const parts = [fromHex(public_key), message.slice(), fromHex(signature)] as const;
      const part = parts[n % 3] as Uint8Array;
      const place = n % part.length;
      part[place] = (part[place] as number) ^ (1 << (n & 7));
      expect(verifyIcp(toHex(parts[0]), parts[1], toHex(parts[2]))).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('a signature of another context, or without the prehash, is refused', () => {
  const other = toHex(ed25519ph.sign(MESSAGE, secret, { context: utf8('decent-clouds') }));
  const bare = toHex(ed25519ph.sign(MESSAGE, secret));
  const plain = signText(keyPairOf(secret), new TextDecoder().decode(MESSAGE));
  for (const signature of [other, bare, plain, '', SIGNATURE.toUpperCase(), `${SIGNATURE}00`]) {
    expect(verifyIcp(KEY, MESSAGE, signature)).toBe(false);
  }
});

test('a second writing of a signature, and a key of small order, are refused', () => {
  const bytes = fromHex(SIGNATURE);
  const s = bytesToNumberLE(bytes.subarray(32)) + ed25519ph.Point.Fn.ORDER;
  const forged = SIGNATURE.slice(0, 64) + toHex(numberToBytesLE(s, 32));
  expect(verifyIcp(KEY, MESSAGE, forged)).toBe(false);
  const identity = `01${'00'.repeat(31)}`;
  expect(verifyIcp(identity, MESSAGE, identity + '00'.repeat(32))).toBe(false);
});
