import { expect, test } from 'vitest';
import { contractMachine, contractStateNames } from '@berth/shared/contracts/machine';
import type { ContractItem, EntryView } from '@berth/shared/contracts/schemas';
import { deedOf, dueWords, hrefOf, noteOf, waitWords } from './words.ts';

const entry = (changes: Partial<EntryView>): EntryView =>
  ({ action: 'message', data: {}, private: null, memo: '', ...changes }) as EntryView;

test('every move of the machine is said in words', () => {
  for (const { action, from, to, by } of contractMachine.moves) {
    const from_state = from[0] ?? null;
    const to_state = to === 'same' ? from_state : to;
    const said = deedOf(
      entry({ action, from_state, role: by[0], to_state } as Partial<EntryView>),
      'USD',
    );
    expect(said).toMatch(/^[a-z]/);
    expect(said).not.toBe(action);
  }
});

test('an extension says how long and for how much, and whether it was agreed to', () => {
  const data = { hours: 48, extra_e9s: '96000000000', accepts: null };
  const said = deedOf(entry({ action: 'extend', data }), 'USD');
  expect(said).toBe('proposed 2 days more for $96.00');
  const agreed = { ...data, accepts: 'a'.repeat(64) };
  expect(deedOf(entry({ action: 'extend', data: agreed }), 'USD')).toMatch(/^agreed to 2 days/);
});

test('an imported entry says what the chain brought and which block it stands in', () => {
  const place = { block_offset: 8_388_608, entry: 2 };
  const brought = { action: 'import', role: 'system', from_state: null } as const;
  const request = entry({ ...brought, to_state: 'pending', data: { ...place, renter: 'aa' } });
  expect(deedOf(request, 'DCT')).toMatch(
    /request that the renter signed on the Internet Computer$/,
  );
  expect(noteOf(request)).toBe('Entry 2 of the block at byte 8,388,608');
  const answer = (accepted: boolean) =>
    deedOf(
      entry({
        ...brought,
        ...{ from_state: 'pending', to_state: accepted ? 'accepted' : 'rejected' },
        data: { ...place, accepted },
      }),
      'DCT',
    );
  expect(answer(true)).toMatch(/acceptance that the provider signed/);
  expect(answer(false)).toMatch(/refusal that the provider signed/);
});

test('a note is a party’s reason or the system’s words, never a message or a memo', () => {
  expect(noteOf(entry({ action: 'reject', private: { reason: 'Full.' } }))).toBe('Full.');
  const ended = { action: 'cancel', data: { refund_e9s: '0', fault: 10_000 } } as const;
  expect(noteOf(entry(ended))).toBe('The machine failed');
  const private_part = { reason: 'A disk died.' };
  expect(noteOf(entry({ ...ended, private: private_part }))).toBe(
    'The machine failed: A disk died.',
  );
  expect(noteOf(entry({ action: 'expire', memo: 'Not answered in time' }))).toMatch(/^Not/);
  expect(noteOf(entry({ action: 'message', private: { text: 'Hello' } }))).toBe('');
  expect(noteOf(entry({ action: 'request', private: { memo: 'Ubuntu' } }))).toBe('');
});

test('only who is waited on is told what to do', () => {
  const item = { state: 'pending', role: 'provider', waits_on: 'provider' } as ContractItem;
  expect(waitWords(item)).toBe('Answer');
  expect(waitWords({ ...item, role: 'renter' })).toBeNull();
});

test('every state’s deadline has words, and each side its own address', () => {
  for (const state of contractStateNames) expect(dueWords(state)).toMatch(/^[a-z]/);
  expect(hrefOf({ role: 'renter', contract_id: 'c' })).toBe('/dashboard/rentals/c');
  expect(hrefOf({ role: 'provider', contract_id: 'c' })).toBe('/dashboard/provider/requests/c');
});
