import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeSshKeyPair, MAX_SSH_COMMENT_CHARS, readSshPublicKey } from './ssh-key.ts';

const SSH_KEYGEN = '/usr/bin/ssh-keygen';
const folder = mkdtempSync(join(tmpdir(), 'berth-ssh-'));
afterAll(() => rmSync(folder, { recursive: true }));

const word = (text: string | Buffer) => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const line = (type: string, ...fields: (string | Buffer)[]) =>
  `${type} ${Buffer.concat(fields.map(word)).toString('base64')}`;
const sentenceOf = (text: string) => {
  const read = readSshPublicKey(text);
  return read.ok ? null : read.sentence;
};

const KEY = Buffer.alloc(32, 7);
const ED25519 = line('ssh-ed25519', 'ssh-ed25519', KEY);
const rsa = (bits: number, exponent = Buffer.of(1, 0, 1)) => {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xff);
  modulus[0] = 0xff >> (-bits & 7);
  const mpint = bits % 8 === 0 ? Buffer.concat([Buffer.of(0), modulus]) : modulus;
  return line('ssh-rsa', 'ssh-rsa', exponent, mpint);
};
const ecdsa = (size: number, bytes: number) =>
  line(
    `ecdsa-sha2-nistp${size}`,
    ...[`ecdsa-sha2-nistp${size}`, `nistp${size}`],
    Buffer.concat([Buffer.of(4), Buffer.alloc(bytes * 2, 1)]),
  );
const HELD = 'sk-ssh-ed25519@openssh.com';

test('a key made elsewhere has the fingerprint that ssh-keygen gives it', () => {
  // ssh-keygen -l on the host key that GitHub publishes.
  const published =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl github.com';
  expect(readSshPublicKey(published)).toEqual({
    ok: true,
    key: {
      type: 'ssh-ed25519',
      public_key: published.slice(0, published.lastIndexOf(' ')),
      comment: 'github.com',
      fingerprint: 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
      bits: 256,
    },
    form: 'line',
  });
});

test.each([
  ['ssh-ed25519', ED25519, 256],
  ['ecdsa-sha2-nistp256', ecdsa(256, 32), 256],
  ['ecdsa-sha2-nistp384', ecdsa(384, 48), 384],
  ['ecdsa-sha2-nistp521', ecdsa(521, 66), 521],
  [HELD, line(HELD, HELD, KEY, 'ssh:'), 256],
  ['ssh-rsa', rsa(3_072), 3_072],
  ['ssh-rsa', rsa(4_095), 4_095],
  ['ssh-rsa', rsa(16_384), 16_384],
])('a %s key is read, tidied up and written again', (type, text, bits) => {
  const read = readSshPublicKey(`  ${text.replace(' ', '   ')}  me at home \r\n`);
  expect(read).toMatchObject({
    ok: true,
    key: { type, public_key: text, comment: 'me at home', bits },
  });
});

test.each<[string, string, RegExp]>([
  ['nothing', ' ', /Paste the line of your \.pub file/],
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl', /private half; keep it/],
  ['another format', '-----BEGIN CERTIFICATE-----\nAAAA', /another format/],
  ['a PEM file', '-----BEGIN PUBLIC KEY-----\nAAAA', /ssh-keygen -i -m PKCS8/],
  ['an SSH2 file that is cut', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA', /damaged/],
  [
    'a PuTTY file that is cut',
    'PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 2\nAA',
    /damaged/,
  ],
  ['two keys', `${ED25519}\n${ED25519}`, /one key, on one line/],
  ['a control character', `${ED25519} me\u0007`, /U\+0007, which is a control character/],
  ['a tab between the parts', ED25519.replace(' ', '\t'), /control character/],
  ['options', `command="rm -rf /",no-pty ${ED25519}`, /Leave out the options/],
  ['a DSA key', 'ssh-dss AAAAB3NzaC1kc3MAAACB', /DSA keys are no longer safe/],
  ['a certificate', 'ssh-ed25519-cert-v01@openssh.com AAAA', /That is a certificate/],
  ['a word', 'hello', /begins with its type/],
  ['a name of every object', 'constructor AAAA', /begins with its type/],
  ['only the type', 'ssh-ed25519', /damaged/],
  ['base64 with a stray end', `${ED25519.slice(0, -1)}B=`, /damaged/],
  ['a cut key', ED25519.slice(0, -8), /damaged/],
  ['a key with something after it', line('ssh-ed25519', 'ssh-ed25519', KEY, 'x'), /damaged/],
  ['a key of 31 bytes', line('ssh-ed25519', 'ssh-ed25519', KEY.subarray(1)), /damaged/],
  ['an inner type that differs', line('ssh-ed25519', 'ssh-rsa', KEY), /another type/],
  ['a curve that differs', ecdsa(384, 48).replaceAll('384', '256'), /another type/],
  ['a point that is cut', ecdsa(256, 31), /damaged/],
  ['an unprintable application', line(HELD, HELD, KEY, 'ssh:\n'), /damaged/],
  ['RSA of 2048 bits', rsa(2_048), /has 2048 bits; it must have at least 3072/],
  ['RSA just below the limit', rsa(3_071), /has 3071 bits/],
  ['RSA beyond the limit', rsa(16_392), /at most 16384/],
  ['an even RSA exponent', rsa(3_072, Buffer.of(2)), /damaged/],
  ['an RSA exponent of one', rsa(3_072, Buffer.of(1)), /damaged/],
  ['a negative RSA exponent', rsa(3_072, Buffer.of(0x81)), /damaged/],
  ['a padded RSA exponent', rsa(3_072, Buffer.of(0, 3)), /damaged/],
  ['a long comment', `${ED25519} ${'x'.repeat(MAX_SSH_COMMENT_CHARS + 1)}`, /shorten it/],
  ['broken characters in the comment', `${ED25519} \ud800`, /U\+D800/],
  ['a book', 'x'.repeat(10_000), /longer than an SSH public key/],
])('%s gets a sentence that says what to do', (_, text, sentence) => {
  expect(sentenceOf(text)).toMatch(sentence);
});

const BASE64 = rsa(3_072).split(' ')[1] ?? '';
const wrappedAt = (width: number, by: string) =>
  (BASE64.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(by);

test.each<[string, string, string, string]>([
  ['wrapped as by a portal', `ssh-rsa ${wrappedAt(64, '\r\n')} azure@vm\r\n`, 'azure@vm', 'line'],
  [
    'wrapped with spaces, and its comment too',
    `ssh-rsa\n${wrappedAt(70, '\n  ')}\nme\nhere`,
    'me here',
    'line',
  ],
  ['in quotation marks, with a written line end', `"ssh-rsa ${BASE64} me\\n"`, 'me', 'line'],
  ['behind a byte order mark', `\ufeff ssh-rsa ${BASE64}\u200b`, '', 'line'],
  [
    'of an SSH2 file',
    `---- BEGIN SSH2 PUBLIC KEY ----\nSubject: me\nComment: "3072-bit RSA, \\\nof me"\n${wrappedAt(70, '\n')}\n---- END SSH2 PUBLIC KEY ----\n`,
    ...(['3072-bit RSA, of me', 'ssh2'] as const),
  ],
  [
    'of a PuTTY file',
    `PuTTY-User-Key-File-3: ssh-rsa\r\nEncryption: none\r\nComment: my key\r\nPublic-Lines: 9\r\n${wrappedAt(64, '\r\n')}\r\nPrivate-Lines: 1\r\nAAAA\r\n`,
    ...(['my key', 'putty'] as const),
  ],
])('a key is read as it is pasted: %s', (_, text, comment, form) => {
  expect(readSshPublicKey(text)).toMatchObject({
    ok: true,
    key: { type: 'ssh-rsa', public_key: `ssh-rsa ${BASE64}`, comment },
    form,
  });
});

test('a key made here reads back, and its private file holds the same key twice', () => {
  const { key, private_key } = makeSshKeyPair('berth laptop');
  expect(readSshPublicKey(`${key.public_key} berth laptop`)).toEqual({
    ok: true,
    key,
    form: 'line',
  });
  const lines = private_key.trimEnd().split('\n');
  expect(lines.at(0)).toBe('-----BEGIN OPENSSH PRIVATE KEY-----');
  expect(lines.at(-1)).toBe('-----END OPENSSH PRIVATE KEY-----');
  const file = Buffer.from(lines.slice(1, -1).join(''), 'base64');
  const blob = Buffer.from(key.public_key.split(' ')[1] as string, 'base64');
  expect(file.subarray(0, 15).toString('latin1')).toBe('openssh-key-v1\u0000');
  expect(file.indexOf(blob)).not.toBe(file.lastIndexOf(blob));
});

test('a comment that would break the file is refused', () => {
  expect(() => makeSshKeyPair('two\nlines')).toThrow('one line');
  expect(() => makeSshKeyPair('x'.repeat(MAX_SSH_COMMENT_CHARS + 1))).toThrow('at most');
});

describe.runIf(existsSync(SSH_KEYGEN))('beside ssh-keygen', () => {
  const keygen = (...args: string[]) => execFileSync(SSH_KEYGEN, args, { encoding: 'utf8' }).trim();
  const save = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  test.each(['', 'a', 'berth laptop', 'x'.repeat(MAX_SSH_COMMENT_CHARS), 'küche 🚢'])(
    'ssh-keygen reads the private file made here with the comment "%s"',
    (comment) => {
      const { key, private_key } = makeSshKeyPair(comment);
      const path = save('made', private_key);
      expect(keygen('-y', '-f', path)).toBe(`${key.public_key} ${comment}`.trim());
      const pub = save('made.pub', `${key.public_key} ${comment}\n`);
      expect(keygen('-l', '-f', pub)).toContain(`${key.bits} ${key.fingerprint}`);
    },
  );

  test.each([
    ['ed25519', '256'],
    ['ecdsa', '521'],
    ['rsa', '3072'],
  ])('a new %s key of ssh-keygen reads as ssh-keygen lists it', (type, bits) => {
    const path = join(folder, type);
    keygen('-q', '-t', type, '-b', bits, '-N', '', '-C', 'me@home', '-f', path);
    const text = readFileSync(`${path}.pub`, 'utf8');
    const read = readSshPublicKey(text);
    if (!read.ok) throw new Error(read.sentence);
    const { key } = read;
    expect(`${key.public_key} ${key.comment}\n`).toBe(text);
    expect(keygen('-l', '-f', `${path}.pub`)).toContain(
      `${key.bits} ${key.fingerprint} ${key.comment}`,
    );
  });
});
