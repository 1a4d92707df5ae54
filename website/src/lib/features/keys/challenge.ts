import { accounts } from '@berth/shared/accounts/endpoints';
import { problem } from '@berth/shared/problems';
import { challengeText } from '@berth/shared/signing/challenge';
import { call } from '#lib/api.ts';
import { noteServerTime } from './clock.ts';

/** A text that a key signs once to prove itself; `issued_at` is the server's time. */
export interface Challenge {
  nonce: string;
  text: string;
  issued_at: string;
}

/**
 * Asks for a challenge for a key. Throws unless its text says, letter by letter, that this key
 * signs in here: nothing else is ever signed for a sign-in.
 */
export async function getChallenge(key: string): Promise<Challenge> {
  const asked_ms = Date.now();
  const { nonce, text, expires_at } = await call(accounts.challenge, { body: { key } });
  const issued_at = /^Issued At: (.+)$/m.exec(text)?.[1] ?? '';
  const { host: domain, origin: uri } = location;
  if (text !== challengeText({ domain, key, uri, nonce, issued_at, expires_at })) {
    const meant = /^URI: (.+)$/m.exec(text)?.[1] ?? 'another address';
    throw problem(
      'origin.foreign',
      `This page is open at ${uri}, but people sign in at ${meant}. Open that address instead.`,
    );
  }
  noteServerTime(issued_at, asked_ms);
  return { nonce, text, issued_at };
}
