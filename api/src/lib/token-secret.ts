import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { TOKEN_START } from '@berth/shared/tokens/limits';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 178 bits. */
const RANDOM_LETTERS = 30;
const CHECK_LETTERS = 6;
const SHOWN_LETTERS = 4;
const FORM = new RegExp(`^${TOKEN_START}[0-9A-Za-z]{${RANDOM_LETTERS + CHECK_LETTERS}}$`);

/** A new secret, by which a token is known: its beginning, chance, and a checksum of both. */
export function makeTokenSecret(): string {
  const chance = Array.from({ length: RANDOM_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]);
  const start = TOKEN_START + chance.join('');
  return start + checkOf(start);
}

/** CRC-32 in base 62, as scanners of lost secrets check it without asking anybody. */
function checkOf(text: string): string {
  let left = crc32(text);
  let written = '';
  for (let at = 0; at < CHECK_LETTERS; at += 1) {
    written = LETTERS.charAt(left % LETTERS.length) + written;
    left = Math.floor(left / LETTERS.length);
  }
  return written;
}

/** Whether a bearer is meant as an API token, whatever it is worth. */
export const isTokenSecret = (bearer: string): boolean => bearer.startsWith('berth_');

/** Whether it has the form and the checksum of one; what has not is looked up nowhere. */
export const isWellFormed = (secret: string): boolean =>
  FORM.test(secret) && checkOf(secret.slice(0, -CHECK_LETTERS)) === secret.slice(-CHECK_LETTERS);

/** What is kept of a secret: it is as long as a key, so that no slow hash is needed. */
export const hashOfToken = (secret: string): string => hash('sha256', secret);

/** As much of it as lists show. */
export const shownOfToken = (secret: string): string =>
  secret.slice(0, TOKEN_START.length + SHOWN_LETTERS);
