import { expect, test } from 'vitest';
import { addHours } from '../time.ts';
import {
  checkDelegation,
  DELEGATION_DAYS,
  delegationId,
  delegationSchema,
  type Delegation,
  type DelegationAsk,
} from './delegation.ts';

const issued_at = '2026-01-01T00:00:00.000Z';
const delegation: Delegation = {
  account_key: 'aa'.repeat(32),
  device_key: 'bb'.repeat(32),
  label: 'Firefox on Linux',
  scopes: ['read', 'rent'],
  audience: 'https://berth.example',
  issued_at,
  expires_at: addHours(issued_at, DELEGATION_DAYS * 24),
};
const ask: DelegationAsk = {
  audience: delegation.audience,
  at: addHours(issued_at, 1),
  device_key: delegation.device_key,
  scope: 'rent',
};

test('a delegation covers its own device, place, time and scopes', () => {
  expect(checkDelegation(delegation, ask)).toBeNull();
  const { scope: _, ...any } = ask;
  expect(checkDelegation(delegation, any)).toBeNull();
});

test.each<[string, Partial<DelegationAsk>, string]>([
  ['another site', { audience: 'https://berth.example.evil' }, 'delegation.invalid'],
  ['another device', { device_key: delegation.account_key }, 'delegation.invalid'],
  ['a time long before it', { at: addHours(issued_at, -1) }, 'delegation.invalid'],
  ['the moment it ends', { at: delegation.expires_at }, 'delegation.expired'],
  ['a scope it does not name', { scope: 'provide' }, 'session.scope'],
  ['a time that is none', { at: 'soon' }, 'delegation.invalid'],
])('a delegation does not cover %s', (_, change, code) => {
  expect(checkDelegation(delegation, { ...ask, ...change })).toBe(code);
});

test('a delegation that lasts too long, or ends before it begins, covers nothing', () => {
  const long = { ...delegation, expires_at: addHours(issued_at, DELEGATION_DAYS * 24 + 1) };
  expect(checkDelegation(long, ask)).toBe('delegation.invalid');
  expect(checkDelegation({ ...delegation, expires_at: issued_at }, ask)).toBe('delegation.invalid');
});

test('an agent signs the moves it was given, on its offerings, and nothing that is no move', () => {
  const agent = { actions: ['accept'], offerings: ['off_1'] };
  const move = { action: 'accept', offering_id: 'off_1' };
  const check = (given: Partial<DelegationAsk>) =>
    checkDelegation({ ...delegation, agent }, { ...ask, ...given });
  expect(check({ move })).toBeNull();
  expect(check({ move: { ...move, action: 'reject' } })).toBe('delegation.limit');
  expect(check({ move: { ...move, offering_id: 'off_2' } })).toBe('delegation.limit');
  expect(check({ move: null })).toBe('delegation.limit');
  expect(check({})).toBe('delegation.limit');
  expect(check({ move, scope: 'provide' })).toBe('session.scope');
});

test('a device whose clock runs a little ahead can still be used at once', () => {
  expect(checkDelegation(delegation, { ...ask, at: addHours(issued_at, -1 / 60) })).toBeNull();
});

test('any change of a delegation changes its id', () => {
  expect(delegationId(delegation)).toMatch(/^[0-9a-f]{64}$/);
  expect(delegationId({ ...delegation, label: 'Other' })).not.toBe(delegationId(delegation));
});

test('reading a delegation never changes what was signed', () => {
  expect(delegationSchema.parse(delegation)).toEqual(delegation);
  for (const change of [
    { label: ' padded' },
    { label: 'two\nlines' },
    { label: '' },
    { audience: 'https://berth.example/' },
    { audience: 'javascript:alert(1)' },
    { scopes: [] },
    { extra: 1 },
    { agent: {} },
    { agent: { actions: [], offerings: null } },
    { agent: { actions: ['accept'], offerings: [] } },
  ]) {
    expect(delegationSchema.safeParse({ ...delegation, ...change }).success).toBe(false);
  }
});
