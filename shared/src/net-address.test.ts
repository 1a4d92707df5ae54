import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findIpv4, findIpv6, isHost, isHostName } from './net-address.ts';

/** Text that is often nearly an address. */
const nearly = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789abF:.'), maxLength: 24 }),
  fc
    .tuple(fc.ipV6(), fc.constantFrom('', ':', '::', '.1', '%1', '/64', ':1.2.3.4'))
    .map((parts) => parts.join('')),
);

test('an address is one exactly where Node says so', () => {
  fc.assert(
    fc.property(nearly, (text) => {
      expect([findIpv4(text) !== null, findIpv6(text) !== null]).toEqual([
        isIPv4(text),
        isIPv6(text) && !text.includes('%'),
      ]);
    }),
    { numRuns: 5_000 },
  );
});

test('the groups of an IPv6 address are those that a URL writes', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const written = (findIpv6(text) ?? []).map((group) => group.toString(16)).join(':');
      expect(new URL(`http://[${written}]`).host).toBe(new URL(`http://[${text}]`).host);
    }),
  );
});

test('a host name has labels of letters, digits and inner hyphens', () => {
  const good = ['a', 'node7.example.net', 'xn--bcher-kva.example', '4u.example', 'a-b.c', 'a.b1'];
  for (const name of [...good, `${'a'.repeat(63)}.b`])
    expect([name, isHostName(name)][1]).toBe(true);
  const bad = ['', '.', 'a.', '.a', 'a..b', '-a', 'a-', 'a.-b', 'a_b', 'ä.example', 'a b', 'a/b'];
  bad.push('-oProxyCommand=x', `${'a'.repeat(64)}.b`, 'a.'.repeat(127), 'a\n', 'a%1', 'a:1', 'a@b');
  for (const name of bad) expect([name, isHost(name)]).toEqual([name, false]);
});

test('a name that a program would take for an IP address is none', () => {
  for (const name of ['1', '127.1', '2130706433', '0x7f000001', 'a.1', '1.2.3.4.5', '01.2.3.4']) {
    expect([name, isHost(name)]).toEqual([name, false]);
  }
});
