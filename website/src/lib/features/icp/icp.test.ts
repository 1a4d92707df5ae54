import type { EntryView } from '@berth/shared/contracts/schemas';
import { toBase64, utf8 } from '@berth/shared/signing/bytes';
import { expect, test } from 'vitest';
import { payloadOf } from './payload.ts';
import { figureWords, saysAnything } from './provider.ts';

const entry: EntryView = {
  seq: 0,
  action: 'import',
  from_state: null,
  to_state: 'pending',
  role: 'system',
  by_name: 'Berth',
  key: 'a'.repeat(64),
  at: '2025-11-20T10:00:00.000Z',
  memo: '',
  hash: 'b'.repeat(64),
  private: null,
  data: {},
};

test('an imported entry shows how many bytes were signed on the chain, and others none', () => {
  for (const text of ['', 'a', 'ab', 'abc', 'abcd']) {
    const data = { payload: toBase64(utf8(text)), signature: 'cc' };
    expect(payloadOf({ ...entry, data })?.bytes).toBe(text.length);
    expect(payloadOf({ ...entry, action: 'request', data })).toBe(null);
  }
  expect(payloadOf(entry)).toBe(null);
});

test('a provider’s part on chain is there only where the chain says something', () => {
  const nothing = {
    registered_at: null,
    reputation: '0',
    check_ins: 0,
    streak_days: 0,
    last_check_in_at: null,
    items: [],
    next_cursor: null,
  };
  expect(saysAnything(nothing)).toBe(false);
  expect(saysAnything({ ...nothing, reputation: '-3' })).toBe(true);
  expect(saysAnything({ ...nothing, check_ins: 1 })).toBe(true);
  expect(figureWords('-18446744073709551615')).toBe('-18,446,744,073,709,551,615');
});
