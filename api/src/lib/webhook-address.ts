import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

export const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const PORTS: ReadonlySet<number> = new Set([HTTPS_PORT, 8443]);
/** This very machine, as addresses name it, and where that is. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['[::1]', '::1'],
]);

/** Where http to this machine goes; null for all else. */
export function findLoopback({ protocol, hostname, port }: URL) {
  const address = protocol === 'http:' ? LOOPBACK.get(hostname) : undefined;
  return address === undefined ? null : { address, port: Number(port || HTTP_PORT) };
}

/** A URL's host without the brackets of an IPv6 address. */
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** Why nothing is ever sent to this address, whatever its name leads to; null where it may be. */
export function refusalOfWebhook(text: string, loopback: boolean): string | null {
  if (!URL.canParse(text)) return 'It is no web address';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'Leave out the name and password';
  if (loopback && findLoopback(url) !== null) return null;
  if (url.protocol !== 'https:') return 'It must begin with https://';
  if (!PORTS.has(Number(url.port || HTTPS_PORT))) return 'Its port must be 443 or 8443';
  const bare = bareHost(url);
  return isIP(bare) !== 0 && !isPublicAddress(bare) ? 'It must be on the public Internet' : null;
}
