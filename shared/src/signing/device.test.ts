import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  importEncryptionSecret,
  makeDeviceKey,
  signWithDevice,
  supportsEd25519,
} from './device.ts';
import { encryptionKeyText, encryptionSecretOf, keyPairOf, signText } from './keys.ts';
import { verifyEd25519 } from './verify.ts';

test('a device key signs what everybody can verify, and cannot be read out', async () => {
  expect(await supportsEd25519()).toBe(true);
  const { public_key, private_key } = await makeDeviceKey();
  const signature = await signWithDevice(private_key, 'héllo');
  expect(verifyEd25519(public_key, 'héllo', signature)).toBe(true);
  expect(private_key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('pkcs8', private_key)).rejects.toThrow();
});

test('the encryption key is always the same for an account and cannot be read out', async () => {
  const accountSecret = new Uint8Array(32).fill(7);
  const pair = encryptionSecretOf(accountSecret);
  expect(encryptionSecretOf(accountSecret)).toEqual(pair);
  const der = Buffer.from(
    `302e020100300506032b656e04220420${Buffer.from(pair.secret).toString('hex')}`,
    'hex',
  );
  const spki = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  expect(spki.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')).toBe(
    pair.public_key,
  );
  const imported = await importEncryptionSecret(pair.secret);
  expect(imported.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('jwk', imported)).rejects.toThrow();
});

test('the account key vouches for its encryption key', () => {
  const account = keyPairOf(new Uint8Array(32).fill(7));
  const text = encryptionKeyText(encryptionSecretOf(new Uint8Array(32).fill(7)).public_key);
  expect(verifyEd25519(account.public_key, text, signText(account, text))).toBe(true);
  const other = encryptionKeyText(encryptionSecretOf(new Uint8Array(32).fill(8)).public_key);
  expect(verifyEd25519(account.public_key, other, signText(account, text))).toBe(false);
});
