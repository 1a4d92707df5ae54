import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadServiceKey, makeServiceKey } from './service-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-key-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('is made on the first start, for its owner only, and read on the next', () => {
  const { public_key } = loadServiceKey(folder);
  expect(statSync(join(folder, 'service.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['service.key']);
  expect(loadServiceKey(folder).public_key).toBe(public_key);
});

test('that others can read, or that is no key, stops the start', () => {
  const file = join(folder, 'service.key');
  writeFileSync(file, 'short', { mode: 0o600 });
  expect(() => loadServiceKey(folder)).toThrow('64 hexadecimal characters');
  chmodSync(file, 0o644);
  expect(() => loadServiceKey(folder)).toThrow('chmod 600');
});

test('signs as RFC 8032 says', () => {
  const key = makeServiceKey('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
  expect(key.public_key).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  expect(key.sign(new Uint8Array())).toMatch(/^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d8/);
  const bytes = Buffer.from('x');
  const signature = Buffer.from(key.sign(bytes), 'hex');
  expect(verify(null, bytes, createPublicKey(key.public_pem), signature)).toBe(true);
});
