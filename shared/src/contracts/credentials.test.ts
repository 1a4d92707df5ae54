import { expect, test } from 'vitest';
import { readCredentials, writeCredentials } from './credentials.ts';

test('labelled secrets come out as they went in', () => {
  const credentials = {
    fields: [{ label: 'Root password', value: ' s3cret\n' }],
    note: 'Rotate it.',
  };
  expect(readCredentials(writeCredentials(credentials))).toEqual(credentials);
});

test('any other text is shown as it was sealed', () => {
  for (const text of ['password', '{"user":"root"}', '', '[]', '{"fields":[],"note":3}']) {
    expect(readCredentials(text)).toEqual({ fields: [], note: text });
  }
});
