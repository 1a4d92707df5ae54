import { describe, expect, test } from 'vitest';
import type { ContractView } from '@berth/shared/contracts/schemas';
import type { ContractMoney } from '@berth/shared/ledger/schemas';
import { costsOf, sharesOf } from './costs.ts';

const at = (hour: number): number => Date.parse('2026-01-15T12:00:00.000Z') + hour * 3_600_000;
const iso = (hour: number): string => new Date(at(hour)).toISOString();

const rental = (changes: Partial<ContractView>): ContractView =>
  ({
    state: 'active',
    hours: 10,
    total_e9s: '25000000000',
    refund_e9s: null,
    active_at: iso(0),
    pauses: [],
    ended_at: null,
    terms: { price_e9s: '2000000000', unit: 'hour', setup_fee_e9s: '5000000000' },
    ...changes,
  }) as ContractView;

test('nothing is used before the paid clock starts', () => {
  const costs = costsOf(rental({ state: 'provisioned', active_at: null }), at(5));
  expect(costs).toMatchObject({ used_hours: 0, used_e9s: 0n, remaining_e9s: 25_000_000_000n });
});

test('a begun hour is used, and the setup fee with it', () => {
  const costs = costsOf(rental({}), at(2.5));
  expect(costs).toMatchObject({
    used_hours: 3,
    used_e9s: 11_000_000_000n,
    remaining_e9s: 14_000_000_000n,
    usage_e9s: 20_000_000_000n,
  });
});

test('an ended contract costs what was not paid back', () => {
  const ended = rental({ state: 'cancelled', refund_e9s: '14000000000', ended_at: iso(2.5) });
  expect(costsOf(ended, at(400))).toMatchObject({
    used_hours: 3,
    used_e9s: 11_000_000_000n,
    remaining_e9s: 0n,
    refund_e9s: 14_000_000_000n,
  });
});

describe('what each has when so much is paid back', () => {
  const paid = (missing_e9s: string) =>
    ({ escrow: { commission_bp: 1_000, missing_e9s } }) as ContractMoney;

  test('is the provider’s less the commission, to the last e9s, where it is paid here', () => {
    expect(sharesOf(rental({}), 13_999_999_999n, paid('0'))).toEqual({
      ...{ commission_bp: 1_000, commission_e9s: 1_100_000_000n, provider_e9s: 9_900_000_001n },
    });
  });

  test('is all the provider’s where it is settled elsewhere', () => {
    expect(sharesOf(rental({}), 14_000_000_000n, null)).toEqual({
      ...{ commission_bp: 0, commission_e9s: 0n, provider_e9s: 11_000_000_000n },
    });
  });

  test('is nobody’s while it is not paid whole', () => {
    expect(sharesOf(rental({}), 0n, paid('1'))).toBeNull();
  });
});
