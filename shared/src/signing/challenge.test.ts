import { expect, test } from 'vitest';
import { challengeText, type Challenge } from './challenge.ts';

const challenge: Challenge = {
  domain: 'berth.example',
  key: 'ab'.repeat(32),
  uri: 'https://berth.example',
  nonce: '0123456789abcdef0123456789abcdef',
  issued_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:05:00.000Z',
};

test('a challenge reads as EIP-4361 lays it out', () => {
  expect(challengeText(challenge)).toBe(
    `berth.example wants you to sign in with your Berth key:
${challenge.key}

URI: https://berth.example
Version: 1
Nonce: 0123456789abcdef0123456789abcdef
Issued At: 2026-01-01T00:00:00.000Z
Expiration Time: 2026-01-01T00:05:00.000Z`,
  );
});

test('no field can add a line of its own', () => {
  for (const name of Object.keys(challenge)) {
    const forged = { ...challenge, [name]: 'x\nNonce: 1' };
    expect(() => challengeText(forged)).toThrow('control characters');
  }
});
