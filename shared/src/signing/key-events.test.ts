import { expect, test } from 'vitest';
import { isoAt } from '../time.ts';
import { delegationText, type Delegation } from './delegation.ts';
import {
  keyEventId,
  keyEventSchema,
  keyEventText,
  problemOfSigner,
  signaturesOf,
  type KeyEvent,
  type KeyEventOf,
} from './key-events.ts';
import { keyPairOf, signText, type KeyPair } from './keys.ts';
import { verifyEd25519 } from './verify.ts';

const [first, spare, device] = [1, 2, 3].map((n) => keyPairOf(new Uint8Array(32).fill(n))) as [
  KeyPair,
  KeyPair,
  KeyPair,
];
const account_id = 'acc_1';
const at = '2026-01-01T00:00:00.000Z';
const audience = 'https://berth.example';
const by = first.public_key;
const delegation: Delegation = {
  account_key: by,
  device_key: device.public_key,
  label: 'Firefox on Linux',
  scopes: ['read', 'account'],
  audience,
  issued_at: at,
  expires_at: isoAt(Date.parse(at) + 1_000_000),
};
const leave = { delegation, signature: signText(first, delegationText(delegation)) };
const revoked = { account_id, device_key: 'dd'.repeat(32), by, at };
const revocation: KeyEventOf<'revocation'> = {
  kind: 'revocation',
  said: revoked,
  signature: signText(device, keyEventText('revocation', revoked)),
  key: device.public_key,
  delegation: leave,
};

function everyKind(): KeyEvent[] {
  const link = { account_id, key: spare.public_key, by, at };
  const removal = { account_id, key: by, by: spare.public_key, at };
  const restoration = { account_id, key: by, at };
  const encryption_key = { account_id, encryption_key: 'ee'.repeat(32), by, at };
  const made = { encryption_key: 'ee'.repeat(32) };
  return [
    {
      kind: 'first_encryption_key',
      account_id,
      by,
      said: made,
      signature: signText(first, keyEventText('first_encryption_key', made)),
    },
    {
      kind: 'link',
      said: link,
      signature: signText(first, keyEventText('link', link)),
      key_signature: signText(spare, keyEventText('link', link)),
    },
    {
      kind: 'removal',
      said: removal,
      signature: signText(spare, keyEventText('removal', removal)),
    },
    {
      kind: 'restoration',
      said: restoration,
      signature: signText(first, keyEventText('restoration', restoration)),
    },
    {
      kind: 'encryption_key',
      said: encryption_key,
      signature: signText(first, keyEventText('encryption_key', encryption_key)),
    },
    revocation,
  ];
}

const isSigned = (event: KeyEvent): boolean =>
  signaturesOf(event).every(({ key, text, signature }) => verifyEd25519(key, text, signature));

test('each kind of event has a format of its own, so that no signature fits two', () => {
  expect(everyKind().map(({ kind, said }) => keyEventText(kind, said as never))).toEqual([
    expect.stringMatching(/^berth\/encryption-key\/v1\n\{/),
    expect.stringMatching(/^berth\/key-link\/v1\n\{/),
    expect.stringMatching(/^berth\/key-removal\/v1\n\{/),
    expect.stringMatching(/^berth\/key-restoration\/v1\n\{/),
    expect.stringMatching(/^berth\/encryption-key\/v2\n\{/),
    expect.stringMatching(/^berth\/device-revocation\/v1\n\{/),
  ]);
  expect(new Set(everyKind().map(keyEventId)).size).toBe(everyKind().length);
});

test('every kind of event is read by one schema and verifies by its signatures alone', () => {
  for (const event of everyKind()) {
    expect(keyEventSchema.parse(event)).toEqual(event);
    expect(isSigned(event), event.kind).toBe(true);
  }
});

test('no word of an event can be changed without breaking a signature', () => {
  const changed = everyKind().flatMap((event) =>
    Object.keys(event.said).map((field) => {
      const value = field === 'account_id' ? 'acc_2' : field === 'at' ? isoAt(0) : 'ab'.repeat(32);
      return { ...event, said: { ...event.said, [field]: value } } as KeyEvent;
    }),
  );
  for (const event of changed) expect(isSigned(event), JSON.stringify(event)).toBe(false);
});

test('a device may revoke a device only under its account key’s leave for this origin', () => {
  const { delegation: _, ...none } = revocation;
  const lent = (change: Partial<Delegation>) =>
    problemOfSigner(
      { ...revocation, delegation: { ...leave, delegation: { ...delegation, ...change } } },
      audience,
    );
  expect(problemOfSigner(revocation, audience)).toBeNull();
  expect(problemOfSigner({ ...none, delegation: null }, audience)).toMatch(/no delegation/);
  expect(lent({ scopes: ['rent'] })).toMatch(/session.scope/);
  const itself = { ...revocation, said: { ...revoked, device_key: device.public_key } };
  const rented = { ...leave, delegation: { ...delegation, scopes: ['rent' as const] } };
  expect(problemOfSigner({ ...itself, delegation: rented }, audience)).toBeNull();
  expect(lent({ audience: 'https://evil.example' })).toMatch(/delegation.invalid/);
  expect(lent({ account_key: spare.public_key })).toMatch(/no delegation/);
  expect(lent({ device_key: spare.public_key })).toMatch(/delegation.invalid/);
});
