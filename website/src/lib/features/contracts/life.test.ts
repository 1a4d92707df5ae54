import { expect, test } from 'vitest';
import type { ContractState } from '@berth/shared/contracts/machine';
import type { EntryView } from '@berth/shared/contracts/schemas';
import { lifeOf } from './life.ts';

const lived = (...states: ContractState[]) => ({
  state: states.at(-1) as ContractState,
  entries: states.map(
    (to_state, at) => ({ to_state, at: `2026-01-15T12:00:0${at}.000Z` }) as EntryView,
  ),
});

const outline = (...states: ContractState[]) =>
  lifeOf(lived(...states)).map(({ state, when }) => `${state} ${when}`);

test('a living contract shows what is still to come', () => {
  expect(outline('requested', 'pending', 'accepted')).toEqual([
    'pending done',
    'accepted now',
    'provisioning later',
    'provisioned later',
    'active later',
    'completed later',
  ]);
});

test('an ended contract shows only what it came to', () => {
  expect(outline('requested', 'pending', 'rejected')).toEqual(['pending done', 'rejected now']);
  expect(outline('requested', 'pending', 'accepted', 'cancelled')).toEqual([
    'pending done',
    'accepted done',
    'cancelled now',
  ]);
});

test('the first step is the request itself, by its own time', () => {
  expect(lifeOf(lived('requested', 'pending'))[0]).toMatchObject({
    label: 'Requested',
    when: 'now',
    at: '2026-01-15T12:00:00.000Z',
  });
});
