/** The fields of a sign-in challenge; `uri` is the origin, times are ISO. */
export interface Challenge {
  domain: string;
  key: string;
  uri: string;
  nonce: string;
  issued_at: string;
  expires_at: string;
}

/** The text a key signs to sign in, in the layout of EIP-4361. Throws where a field spans lines. */
export function challengeText(challenge: Challenge): string {
  const { domain, key, uri, nonce, issued_at, expires_at } = challenge;
  for (const field of [domain, key, uri, nonce, issued_at, expires_at]) {
    if (/\p{Cc}/u.test(field)) throw new TypeError('A challenge has no control characters');
  }
  return [
    `${domain} wants you to sign in with your Berth key:`,
    key,
    '',
    `URI: ${uri}`,
    'Version: 1',
    `Nonce: ${nonce}`,
    `Issued At: ${issued_at}`,
    `Expiration Time: ${expires_at}`,
  ].join('\n');
}
