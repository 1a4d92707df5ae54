import { expect, test } from 'vitest';
import { readCredentials, writeCredentials } from './credentials.ts';

test('labelled secrets come out as they went in', () => {
  const credentials = {
    fields: [{ label: 'Root password', value: ' s3cret\n' }],
    note: 'Rotate it.',
  };
  expect(readCredentials(writeCredentials(credentials))).toEqual(credentials);
});

test('a key that opens it by itself needs no secret beside it, and is named by its fingerprint', () => {
  const ssh_key = `SHA256:${'A'.repeat(43)}`;
  const credentials = { fields: [], note: '', ssh_key };
  expect(readCredentials(writeCredentials(credentials))).toEqual(credentials);
  const forged = JSON.stringify({ fields: [], note: '', ssh_key: 'whatever' });
  expect(readCredentials(forged)).toEqual({ fields: [], note: forged });
});

test('any other text is shown as it was sealed', () => {
  for (const text of ['password', '{"user":"root"}', '', '[]', '{"fields":[],"note":3}']) {
    expect(readCredentials(text)).toEqual({ fields: [], note: text });
  }
});
