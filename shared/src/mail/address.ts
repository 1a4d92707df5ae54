/**
 * A mail address that mail can be sent to from anywhere: ASCII, with a domain of at least two
 * parts. Apart from the schemas, so that a page may check without a validator.
 */
const ADDRESS_MAX = 254;
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LOCAL_MAX = 64;
const DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

export const ADDRESS_MESSAGE = 'A mail address looks like you@example.org';

/** The address with its domain in small letters; null for what is none. */
export function readAddress(text: string): string | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || trimmed.length > ADDRESS_MAX) return null;
  const [local, domain] = [trimmed.slice(0, at), trimmed.slice(at + 1).toLowerCase()];
  if (local.length > LOCAL_MAX || !LOCAL.test(local) || !DOMAIN.test(domain)) return null;
  return `${local}@${domain}`;
}

/** As its owner knows it and nobody else does: `a•••@example.org`. */
export const maskAddress = (address: string): string =>
  `${address.slice(0, 1)}•••${address.slice(address.lastIndexOf('@'))}`;

/**
 * Which mailbox an address most likely leads to: capitals, dots and what follows a plus make
 * another address and, at most servers, the same reader. For counting alone.
 */
export function mailboxOf(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return `${local.replace(/\+.*$/, '').replaceAll('.', '')}@${domain}`;
}
