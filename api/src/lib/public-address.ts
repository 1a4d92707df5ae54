import { findIpv4, findIpv6 } from '@berth/shared/net-address';

type Range = readonly [address: string, bits: number];

/** What no machine of the public Internet has: IANA's registry of special IPv4 addresses. */
const NOT_PUBLIC_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** All that is public in IPv6, so that what maps or tunnels IPv4, and what is local, is not. */
const PUBLIC_V6: Range = ['2000::', 3];
/** Of that, IANA's registry of special IPv6 addresses: Teredo, 6to4, documentation and others. */
const NOT_PUBLIC_V6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const BYTE_BITS = 8;
const GROUP_BITS = 16;

const bitsOf = (parts: readonly number[], width: number): string =>
  parts.map((part) => part.toString(2).padStart(width, '0')).join('');

const v4Bits = (text: string): string | null => {
  const bytes = findIpv4(text);
  return bytes && bitsOf(bytes, BYTE_BITS);
};
const v6Bits = (text: string): string | null => {
  const groups = findIpv6(text);
  return groups && bitsOf(groups, GROUP_BITS);
};

const isWithin = (bits: string, [address, length]: Range): boolean =>
  bits.slice(0, length) === (v4Bits(address) ?? v6Bits(address) ?? '').slice(0, length);

/** Whether an IPv4 or IPv6 address is one of the public Internet; false for any other text. */
export function isPublicAddress(text: string): boolean {
  const v4 = v4Bits(text);
  if (v4 !== null) return !NOT_PUBLIC_V4.some((range) => isWithin(v4, range));
  const v6 = v6Bits(text);
  if (v6 === null || !isWithin(v6, PUBLIC_V6)) return false;
  return !NOT_PUBLIC_V6.some((range) => isWithin(v6, range));
}
