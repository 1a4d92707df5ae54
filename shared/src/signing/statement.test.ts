import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { delegationText, keyLinkText } from './delegation.ts';
import { encryptionKeyText } from './keys.ts';
import { signingInput } from './prefixed.ts';
import {
  hashOf,
  makeSalt,
  MAX_RECORD_CHARS,
  privateDigest,
  signingInputOf,
  statementSchema,
  type Statement,
} from './statement.ts';

const first: Statement = {
  subject_kind: 'contract',
  subject_id: null,
  mode: 'live',
  seq: 0,
  prev: null,
  action: 'request',
  by: 'ab'.repeat(32),
  role: 'renter',
  at: '2026-01-02T03:04:05.678Z',
  data: { hours: 3, total_e9s: '12' },
  private_digest: null,
};

test('the signed text of a statement is one line of prefix and canonical JSON', () => {
  expect(signingInputOf(first)).toBe(
    'berth/statement/v2\n{"action":"request","at":"2026-01-02T03:04:05.678Z",' +
      `"by":"${first.by}","data":{"hours":3,"total_e9s":"12"},"mode":"live",` +
      '"prev":null,"private_digest":null,"role":"renter","seq":0,' +
      '"subject_id":null,"subject_kind":"contract"}',
  );
  const { subject_kind: _, subject_id: __, mode: ___, ...rest } = first;
  expect(signingInputOf({ ...rest, contract_id: null, role: 'renter' })).toBe(
    'berth/statement/v1\n{"action":"request","at":"2026-01-02T03:04:05.678Z",' +
      `"by":"${first.by}","contract_id":null,"data":{"hours":3,"total_e9s":"12"},` +
      '"prev":null,"private_digest":null,"role":"renter","seq":0}',
  );
});

test('a contract is named after its first signed text, and so is the prev of the second', () => {
  const id = createHash('sha256').update(signingInputOf(first)).digest('hex');
  expect(hashOf(first)).toBe(id);
});

test('nothing unsigned can ride along in a statement', () => {
  expect(statementSchema.safeParse(first).success).toBe(true);
  expect(statementSchema.safeParse({ ...first, note: 'hello' }).success).toBe(false);
  const { private_digest: _, ...short } = first;
  expect(statementSchema.safeParse(short).success).toBe(false);
});

test('a statement that cannot be hashed, or is too large, is refused before it is hashed', () => {
  const withData = (value: unknown) => statementSchema.safeParse({ ...first, data: { value } });
  expect(withData('\ud800').success).toBe(false);
  expect(withData(NaN).success).toBe(false);
  expect(withData('x'.repeat(MAX_RECORD_CHARS)).success).toBe(false);
  const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown;
  expect(withData(deep).success).toBe(false);
});

test('what is read from JSON hashes as what was written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,8}$/), fc.jsonValue()), (data) => {
      const statement = { ...first, data };
      fc.pre(statementSchema.safeParse(statement).success);
      const read = statementSchema.parse(JSON.parse(JSON.stringify(statement)));
      expect(hashOf(read)).toBe(hashOf(statement));
    }),
  );
});

test('a personal part is bound by its digest, which its salt keeps from being guessed', () => {
  const kept = { salt: 'a1'.repeat(16), part: { memo: 'hello' } };
  const bytes = Buffer.concat([Buffer.from(kept.salt, 'hex'), Buffer.from('{"memo":"hello"}')]);
  expect(privateDigest(kept)).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(privateDigest({ ...kept, salt: makeSalt() })).not.toBe(privateDigest(kept));
  expect(makeSalt()).toMatch(/^[0-9a-f]{32}$/);
});

test('no two kinds of signed text can be taken for each other', () => {
  const at = first.at;
  const key = first.by;
  const texts = [
    signingInputOf(first),
    delegationText({
      account_key: key,
      device_key: key,
      label: 'Laptop',
      scopes: ['read'],
      audience: 'https://berth.example',
      issued_at: at,
      expires_at: at,
    }),
    keyLinkText({ account_id: 'acc_1', key, by: key, at }),
    encryptionKeyText(key),
    signingInput('auto-accept', {}),
  ];
  const prefixes = texts.map((text) => text.slice(0, text.indexOf('\n')));
  expect(prefixes).toEqual([
    'berth/statement/v2',
    'berth/delegation/v1',
    'berth/key-link/v1',
    'berth/encryption-key/v1',
    'berth/auto-accept/v1',
  ]);
});
