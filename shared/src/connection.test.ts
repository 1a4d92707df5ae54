import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { isHostKeyFingerprint, isUserName, shellCommand, sshCommand } from './connection.ts';
import { isHost } from './net-address.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-shell-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** Says what it was called with, and nothing else is there to be called. */
const END = '\0(end)\n';
writeFileSync(
  join(folder, 'ssh'),
  '#!/bin/sh\nfor one in "$@"; do printf "%s\\0" "$one"; done; printf "\\0(end)\\n"\n',
);
chmodSync(join(folder, 'ssh'), 0o755);

/** What a real shell makes of pasted commands: for each, the words that ssh is given. */
function pasted(commands: readonly string[]): string[][] {
  const said = execFileSync('/bin/sh', ['-c', commands.join('\n')], {
    env: { PATH: folder, HOME: '/nowhere' },
    cwd: folder,
  });
  const calls = said.toString().split(END).slice(0, -1);
  return calls.map((call) => call.split('\0').slice(0, -1));
}

const biting = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\'"`$(){}[]*?~!#&|;<>\\ \t\n=-@:/._aZ0'.split('')),
    fc.constantFrom(
      '$(touch x)',
      '`id`',
      '-oProxyCommand=id',
      '\u202e',
      'é',
      '🖥',
      '\r',
      '\u001b[2J',
    ),
  ),
  minLength: 1,
  maxLength: 12,
});

const many = { minLength: 20, maxLength: 20 };
const lines = fc.array(fc.array(biting, { minLength: 1, maxLength: 3 }), many);

test('a shell reads the words of a command as they are, whatever they hold', () => {
  fc.assert(
    fc.property(lines, (commands) => {
      expect(pasted(commands.map((words) => shellCommand(['ssh', ...words])))).toEqual(commands);
    }),
    { numRuns: 10 },
  );
});

const users = fc.oneof(
  fc.constantFrom('root', 'ec2-user', 'a.b_c'),
  fc.stringMatching(/^\w[\w.-]{0,9}$/),
);
const hosts = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
const parts = fc.record({
  address: fc.oneof({ weight: 3, arbitrary: hosts }, biting),
  port: fc.oneof(fc.constant(22), fc.integer({ min: 1, max: 65_535 })),
  username: fc.oneof({ weight: 3, arbitrary: users }, biting),
});

test('the command to sign in runs ssh with that user and host, or there is none', () => {
  fc.assert(
    fc.property(fc.array(parts, many), (places) => {
      const passing = places.filter(
        ({ username, address }) => isUserName(username) && isHost(address),
      );
      const commands = places.map(sshCommand).filter((command) => command !== null);
      expect(pasted(commands)).toEqual(
        passing.map(({ address, port, username }) => [
          ...(port === 22 ? [] : ['-p', String(port)]),
          `${username}@${address}`,
        ]),
      );
    }),
    { numRuns: 10 },
  );
});

test.each([
  '-oProxyCommand=id',
  'a b',
  'a;b',
  '$(id)',
  'a@b',
  'ü',
  'a\nb',
  'root\n',
  '',
  'a/b',
  'x'.repeat(33),
])('no user is called %j', (name) => {
  expect(isUserName(name)).toBe(false);
  expect(sshCommand({ address: 'a.example', port: 22, username: name })).toBe(null);
});

test('nothing to connect to has no command', () => {
  expect(sshCommand({ address: null, port: 22, username: 'root' })).toBe(null);
  expect(sshCommand({ address: 'a.example', port: null, username: 'root' })).toBe(null);
});

test('a fingerprint is of 32 bytes, written in the one way', () => {
  const good = `SHA256:${'A'.repeat(43)}`;
  expect(isHostKeyFingerprint(good)).toBe(true);
  for (const bad of [
    `${good}=`,
    `${good}A`,
    `SHA256:${'A'.repeat(42)}B`,
    'MD5:00',
    good.slice(1),
  ]) {
    expect([bad, isHostKeyFingerprint(bad)]).toEqual([bad, false]);
  }
});
