import { expect, test } from 'vitest';
import { withoutSecrets } from './secrets.ts';

test.each([
  [
    'connect postgres://berth:hunter2@db.internal:5432/x',
    'connect postgres://…@db.internal:5432/x',
  ],
  [
    'GET https://mail.test/send?key=abc&to=x failed',
    'GET https://mail.test/send?key=…&to=… failed',
  ],
  ['Authorization: Bearer abc.def.ghi was refused', 'Authorization: … … was refused'],
  ['{"password":"hunter2"}', '{"password":…}'],
  ['{"password": "hunter two"}, then', '{"password": …}, then'],
  ['at smtp://ann:hun@ter2@mail.test/', 'at smtp://…@mail.test/'],
  ['no such key: sk_live_51HxYzAbCdEfGh1234', 'no such key: …'],
  [`a key ${'5e'.repeat(32)} is taken`, 'a key … is taken'],
  ['550 no mailbox ann.smith@example.org here', '550 no mailbox …@… here'],
])('of %j admins read %j', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

test('what names tables, columns and rules of ours stays', () => {
  const text = 'SqliteError: UNIQUE constraint failed: contract_sign_requests.contract_id';
  expect(withoutSecrets(text)).toBe(text);
});
