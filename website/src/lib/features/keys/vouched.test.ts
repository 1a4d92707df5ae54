import { keyLinkText, type SignedKeyLink } from '@berth/shared/signing/delegation';
import {
  encryptionKeyText,
  encryptionSecretOf,
  makeKeyPair,
  signText,
  type KeyPair,
} from '@berth/shared/signing/keys';
import { expect, test } from 'vitest';
import { isVouchedFor } from './vouched.ts';

const [first, second, third, stranger] = [
  makeKeyPair(),
  makeKeyPair(),
  makeKeyPair(),
  makeKeyPair(),
];

const partyOf = (named: KeyPair, signer: KeyPair) => {
  const encryption_key = encryptionSecretOf(signer.secret_key.slice(0, 32)).public_key;
  return {
    key: named.public_key,
    encryption_key,
    encryption_signature: signText(signer, encryptionKeyText(encryption_key)),
    encryption_signed_by: signer.public_key,
  };
};

function linkOf(by: KeyPair, key: KeyPair, signers = { by, key }): SignedKeyLink {
  const at = '2026-01-01T00:00:00.000Z';
  const link = { account_id: 'acc_1', key: key.public_key, by: by.public_key, at };
  const text = keyLinkText(link);
  return {
    link,
    signature: signText(signers.by, text),
    key_signature: signText(signers.key, text),
  };
}

const links =
  (...all: SignedKeyLink[]) =>
  () =>
    Promise.resolve(all);
const none = () => Promise.reject(new Error('No link should be asked for'));

test('an encryption key signed by the key in the contract is trusted without a question', async () => {
  expect(await isVouchedFor(partyOf(first, first), none)).toBe(true);
});

test('an encryption key that its key did not sign is refused', async () => {
  const party = { ...partyOf(first, first), encryption_key: 'ab'.repeat(32) };
  expect(await isVouchedFor(party, none)).toBe(false);
});

test('another key of the same account may have signed it, however they are linked', async () => {
  const chain = links(linkOf(second, third), linkOf(second, first));
  expect(await isVouchedFor(partyOf(first, third), chain)).toBe(true);
  expect(await isVouchedFor(partyOf(third, first), chain)).toBe(true);
});

test('a key of a stranger is refused, also with a link that only one side has signed', async () => {
  const party = partyOf(first, stranger);
  expect(await isVouchedFor(party, links())).toBe(false);
  expect(await isVouchedFor(party, links(linkOf(first, second)))).toBe(false);
  const forged = [
    linkOf(first, stranger, { by: stranger, key: stranger }),
    linkOf(stranger, first, { by: stranger, key: stranger }),
  ];
  expect(await isVouchedFor(party, links(...forged))).toBe(false);
});
