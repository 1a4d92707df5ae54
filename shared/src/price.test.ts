import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { decimalOf, formatMoney, formatRoughly, readDecimal, roughly } from './money.ts';
import { addHours, isoAt } from './time.ts';
import {
  extensionPriceOf,
  hourlyOf,
  hoursPerUnit,
  priceOf,
  refundOf,
  units,
  type Rate,
} from './price.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
const hours = fc.integer({ min: 1, max: 43_800 });
const rates = fc.record({
  price_e9s: amount,
  unit: fc.constantFrom(...units),
  setup_fee_e9s: amount,
});
const active_at = '2026-01-01T00:00:00.000Z';

describe('the price', () => {
  test.prop([rates, hours])(
    'is the setup fee and the hours, rounded up by less than one',
    (rate, n) => {
      const per = BigInt(hoursPerUnit[rate.unit]);
      const exact = rate.price_e9s * BigInt(n);
      const { usage_e9s, total_e9s } = priceOf(rate, n);
      expect(total_e9s).toBe(rate.setup_fee_e9s + usage_e9s);
      expect(usage_e9s * per >= exact && (usage_e9s - 1n) * per < exact).toBe(true);
    },
  );

  test.prop([rates, hours])('of one hour is what hourlyOf says', (rate) => {
    expect(priceOf({ ...rate, setup_fee_e9s: 0n }, 1).total_e9s).toBe(hourlyOf(rate));
  });

  test('has the agreed figures', () => {
    const rate = { price_e9s: 100_000_000_001n, unit: 'month' as const, setup_fee_e9s: 5n };
    expect(priceOf(rate, 720).total_e9s).toBe(100_000_000_006n);
    expect(priceOf(rate, 1).usage_e9s).toBe(138_888_889n);
    expect(extensionPriceOf(rate, 1)).toBe(138_888_889n);
  });
});

describe('the refund', () => {
  const paid = (rate: Rate, n: number) => ({
    rate,
    total_e9s: priceOf(rate, n).total_e9s,
    active_at,
    pauses: [],
  });

  test.prop([rates, hours, fc.integer({ min: 0, max: 50_000 })])(
    'is never negative, never more than was paid, and falls as hours are used',
    (rate, n, used) => {
      const total = paid(rate, n).total_e9s;
      const earlier = refundOf('unused_hours', paid(rate, n), addHours(active_at, used));
      const later = refundOf('unused_hours', paid(rate, n), addHours(active_at, used + 1));
      expect(earlier >= 0n && earlier <= total && later <= earlier).toBe(true);
    },
  );

  test.prop([
    rates,
    hours,
    fc.array(fc.tuple(fc.nat(9_000_000), fc.nat(9_000_000)), { maxLength: 4 }),
    fc.nat(90_000_000),
  ])('counts no time in which the clock stood still', (rate, n, gaps, after_ms) => {
    let now_ms = Date.parse(active_at);
    let stood_ms = 0;
    const pauses = gaps.map(([ran, stood]) => {
      const from = isoAt((now_ms += ran));
      stood_ms += stood;
      return { from, to: isoAt((now_ms += stood)) };
    });
    const [open, closed] = [paid(rate, n), { ...paid(rate, n), pauses }];
    const at_ms = now_ms + after_ms;
    const right = refundOf('unused_hours', open, isoAt(at_ms - stood_ms));
    expect(refundOf('unused_hours', closed, isoAt(at_ms))).toBe(right);
    const last = { from: isoAt(at_ms), to: null };
    const paused = { ...closed, pauses: [...pauses, last] };
    expect(refundOf('unused_hours', paused, isoAt(at_ms + 90_000_000))).toBe(right);
  });

  test.prop([rates, hours])('is everything before the paid clock has begun', (rate, n) => {
    const before = { ...paid(rate, n), active_at: null };
    expect(refundOf('full', before, active_at)).toBe(before.total_e9s);
    expect(refundOf('unused_hours', before, active_at)).toBe(before.total_e9s);
    expect(refundOf('none', before, active_at)).toBe(0n);
  });

  test('keeps a begun hour, and the setup fee only where the renter leaves', () => {
    const rate = { price_e9s: 10n, unit: 'hour' as const, setup_fee_e9s: 7n };
    const at = '2026-01-01T02:00:00.001Z';
    expect(refundOf('unused_hours', paid(rate, 10), at)).toBe(70n);
    expect(refundOf('unused_hours_and_setup', paid(rate, 10), at)).toBe(77n);
  });
});

describe('money', () => {
  test.prop([amount])('reads back what it writes', (value) => {
    expect(readDecimal(decimalOf(value))).toBe(value);
  });

  test.prop([amount])('shown roughly is never lower, and by less than a tenth higher', (value) => {
    const rough = roughly(value);
    expect(rough >= value && (rough - value) * 10n <= value).toBe(true);
  });

  test('shows what is charged, no more and no less', () => {
    expect(formatRoughly(17_419_027_778n, 'EUR')).toBe('≈ €17.42');
    expect(formatRoughly(2_500_000_000n, 'USD')).toBe('$2.50');
    expect(formatMoney(2_500_000_000n, 'USD')).toBe('$2.50');
    expect(formatMoney(4_200_000n, 'USD')).toBe('$0.0042');
    expect(formatMoney(1_234_567_000_000_000n, 'EUR')).toBe('€1,234,567.00');
    expect(readDecimal('1,250.5')).toBe(1_250_500_000_000n);
    for (const wrong of ['', '-1', '1e3', '1.0000000001', '1,25', '0,125', '12,34,567', 'abc']) {
      expect(readDecimal(wrong)).toBe(null);
    }
  });
});
