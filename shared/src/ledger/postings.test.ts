import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { MAX_TOTAL_E9S } from '../money.ts';
import { readAccount } from './accounts.ts';
import { earnPostings, holdPostings, settlePostings, shareOf, type Posting } from './postings.ts';

const people = { contract_id: 'c', renter_id: 'r', provider_id: 'p', currency: 'EUR' } as const;
const amount = fc.bigInt({ min: 0n, max: MAX_TOTAL_E9S });
const basisPoints = fc.integer({ min: 0, max: 10_000 });
/** Parts of a total, in rising order: what was earned by then. */
const steps = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 8 });

/** Adds entries to balances; throws where an entry does not balance or an account falls below. */
function add(balances: Map<string, bigint>, entry: readonly Posting[]): void {
  expect(entry.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n)).toBe(0n);
  for (const { account, amount_e9s } of entry) {
    expect(amount_e9s).not.toBe(0n);
    const now = (balances.get(account) ?? 0n) + amount_e9s;
    balances.set(account, now);
    if (readAccount(account).kind !== 'clearing') expect(now >= 0n).toBe(true);
  }
}

describe('a contract that was paid', () => {
  test.prop([amount, basisPoints, steps, fc.integer({ min: 0, max: 1_000 })])(
    'pays out what was held, whatever was earned on the way, and every entry balances',
    (total_e9s, commission_bp, parts, last) => {
      const balances = new Map([['balance:r', total_e9s]]);
      add(balances, holdPostings(people, total_e9s));
      const held_e9s = () => balances.get('escrow:c') ?? 0n;
      const paid = () => ({ ...people, total_e9s, commission_bp, held_e9s: held_e9s() });
      const earnedBy = (part: number) => (total_e9s * BigInt(part)) / 1_000n;
      const rising = [...parts, last].sort((a, b) => a - b);
      const end = rising.pop()!;
      for (const part of rising) add(balances, earnPostings(paid(), earnedBy(part)));
      const refund_e9s = total_e9s - earnedBy(end);
      add(balances, settlePostings(paid(), refund_e9s));
      // As if all had been posted at once, to the last e9s.
      const { commission_e9s, provider_e9s } = shareOf(earnedBy(end), commission_bp);
      expect(held_e9s()).toBe(0n);
      expect(balances.get('balance:r')).toBe(refund_e9s);
      expect(balances.get('payable:p') ?? 0n).toBe(provider_e9s);
      expect(balances.get('commission') ?? 0n).toBe(commission_e9s);
    },
  );

  test('is refused where less would have been earned than before, or more than is held', () => {
    const paid = { ...people, total_e9s: 10n, held_e9s: 4n, commission_bp: 1_000 };
    expect(() => earnPostings(paid, 5n)).toThrow('went from 6 to 5');
    expect(() => earnPostings(paid, 11n)).toThrow('went from 6 to 11');
    expect(() => settlePostings(paid, 5n)).toThrow('went from 6 to 5');
  });
});
