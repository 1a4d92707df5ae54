/** Addresses of machines by their grammars: IPv4 and IPv6 (RFC 4291), host names (RFC 1123). */
const MAX_HOST_CHARS = 253;
const IPV6_GROUPS = 8;
const IPV4_PART = /^(?:0|[1-9]\d{0,2})$/;
const IPV6_GROUP = /^[0-9a-f]{1,4}$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** As a last label it makes an address of a name: `127.1`, `0x7f000001`. */
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/i;

/** The four bytes of an IPv4 address in decimal, without leading zeros; null for any other text. */
export function findIpv4(text: string): number[] | null {
  const parts = text.split('.');
  const isIpv4 = parts.length === 4 && parts.every((one) => IPV4_PART.test(one) && +one < 256);
  return isIpv4 ? parts.map(Number) : null;
}

/** The eight groups of an IPv6 address without brackets or zone; null for any other text. */
export function findIpv6(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, place) => groupsOf(half, place === halves.length - 1));
  if (!head || tail === null) return null;
  if (tail === undefined) return head.length === IPV6_GROUPS ? head : null;
  const missing = IPV6_GROUPS - head.length - tail.length;
  return missing > 0 ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : null;
}

/** Groups between colons; the last ones may be written as an IPv4 address. */
function groupsOf(text: string, isLast: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const ipv4 = isLast ? findIpv4(parts.at(-1) ?? '') : null;
  if (ipv4) parts.pop();
  if (!parts.every((part) => IPV6_GROUP.test(part))) return null;
  const groups = parts.map((part) => parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0] = ipv4 ?? [];
  return ipv4 ? [...groups, a * 256 + b, c * 256 + d] : groups;
}

/** A host name in ASCII that nothing takes for an IP address. */
export function isHostName(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= MAX_HOST_CHARS &&
    labels.every((label) => LABEL.test(label)) &&
    !NUMBER.test(labels.at(-1) ?? '')
  );
}

export const isHost = (text: string): boolean =>
  isHostName(text) || findIpv4(text) !== null || findIpv6(text) !== null;
