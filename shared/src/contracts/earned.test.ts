import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { stoodMs } from '../paid-time.ts';
import { priceOf, refundOf, refundRules, units } from '../price.ts';
import { addHours, DAY_MS, HOUR_MS, isoAt } from '../time.ts';
import { earnedByDay, type DayEarned, type Ran } from './earned.ts';

const FROM_MS = Date.UTC(2026, 0, 1);
const COUNT = 8;
const NOW_MS = FROM_MS + (COUNT - 1) * DAY_MS + 10 * HOUR_MS;
const days = { from_ms: FROM_MS, count: COUNT, now_ms: NOW_MS };

interface Drawn {
  rate: Ran['rate'];
  hours: number;
  /** From the first day, in minutes. */
  active: number;
  /** The part of its hours after which it ends; above 1 it goes on past them. */
  part: number;
  rule: (typeof refundRules)[number];
  /** What an extension's price was rounded up by, or what the chain says of the total. */
  off_e9s: bigint;
  currency: string;
  /** When its clock stood still after it began, and for how long, in minutes; for 0 it did not. */
  pause: readonly [after: number, stood: number];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  rate: fc.record({
    price_e9s: fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: 0n, max: 10n ** 6n }).map((whole) => whole * 1_000_000_000n),
    ),
    unit: fc.constantFrom(...units),
    setup_fee_e9s: fc.constantFrom(0n, 5_000_000_000n),
  }),
  hours: fc.integer({ min: 1, max: 400 }),
  active: fc.integer({ min: -20 * 1_440, max: COUNT * 1_440 - 15 * 60 }),
  part: fc.double({ min: 0, max: 1.5, noNaN: true }),
  rule: fc.constantFrom(...refundRules),
  off_e9s: fc.constantFrom(0n, 0n, 1n, -7_000_000_000n),
  currency: fc.constantFrom('USD', 'EUR'),
  pause: fc.tuple(fc.nat(10_000), fc.oneof(fc.constant(0), fc.nat(9_000))),
});

function ranOf({ rate, hours, active, part, rule, off_e9s, currency, pause }: Drawn): Ran {
  const active_at = isoAt(FROM_MS + active * 60_000);
  const total = priceOf(rate, hours).total_e9s + off_e9s;
  const total_e9s = total < 0n ? 0n : total;
  const stop_ms = Date.parse(active_at) + Math.floor(part * hours * HOUR_MS);
  const ended_at = stop_ms > NOW_MS ? null : isoAt(stop_ms);
  const [after, stood] = pause;
  const from = isoAt(Date.parse(active_at) + after * 60_000);
  const until = isoAt(Date.parse(from) + stood * 60_000);
  const last = ended_at ?? isoAt(NOW_MS);
  const isPaused = stood > 0 && after < hours * 60 && from < last;
  const to = until > last ? null : until;
  const pauses = isPaused ? [{ from, to }] : [];
  const moved = addHours(active_at, hours + (isPaused ? stood / 60 : 0));
  const ends_at = isPaused && to === null ? null : moved;
  const isDone = ended_at !== null && ends_at !== null && ended_at >= ends_at;
  const refund_e9s =
    ended_at === null
      ? null
      : refundOf(isDone ? 'none' : rule, { rate, total_e9s, active_at, pauses }, ended_at);
  return { rate, currency, total_e9s, refund_e9s, active_at, ends_at, pauses, ended_at };
}

/** What it would have kept by then, by the rule that ends a running contract. */
function keptBy(ran: Ran, ms: number): bigint {
  if (ran.ended_at !== null && ms > Date.parse(ran.ended_at)) {
    return ran.total_e9s - (ran.refund_e9s ?? 0n);
  }
  if (ms <= Date.parse(ran.active_at)) return 0n;
  return ran.total_e9s - refundOf('unused_hours', ran, isoAt(ms));
}

const keptNow = (ran: Ran): bigint =>
  ran.total_e9s - (ran.refund_e9s ?? refundOf('unused_hours', ran, isoAt(NOW_MS)));

/** The same sums, a day and a contract at a time. */
function slowly(contracts: readonly Ran[]): DayEarned[] {
  return Array.from({ length: COUNT }, (_, day) => {
    const begin_ms = FROM_MS + day * DAY_MS;
    const byEnd = (ran: Ran): bigint =>
      day < COUNT - 1 ? keptBy(ran, begin_ms + DAY_MS) : keptNow(ran);
    const earned = new Map<string, bigint>();
    let rented_ms = 0;
    for (const ran of contracts) {
      const until = [ran.ends_at ?? '9', ran.ended_at ?? isoAt(NOW_MS)].sort()[0]!;
      const [active_ms, ended_ms] = [ran.active_at, until].map(Date.parse);
      const worth_e9s = byEnd(ran) - keptBy(ran, begin_ms);
      earned.set(ran.currency, (earned.get(ran.currency) ?? 0n) + worth_e9s);
      const [from_ms, to_ms] = [
        Math.max(active_ms!, begin_ms),
        Math.min(ended_ms!, begin_ms + DAY_MS),
      ];
      const stood_ms = stoodMs(ran.pauses, to_ms) - stoodMs(ran.pauses, from_ms);
      rented_ms += Math.max(0, to_ms - from_ms - stood_ms);
    }
    return { earned, rented_ms };
  });
}

const amountsOf = (sums: readonly DayEarned[], currency: string): bigint[] =>
  sums.map(({ earned }) => earned.get(currency) ?? 0n);
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
/** What rounding down the whole days of one contract may leave for the day after. */
const ROUNDED = BigInt(COUNT);

describe('what contracts earned by day', () => {
  test.prop([fc.array(drawn, { maxLength: 12 })])(
    'is what each would have kept at the end of a day more than at its beginning',
    (some) => {
      const contracts = some
        .map(ranOf)
        .filter(({ ended_at }) => (ended_at ?? '9') >= isoAt(FROM_MS));
      const [found, right] = [earnedByDay(contracts, days), slowly(contracts)];
      expect(found.map(({ rented_ms }) => rented_ms)).toEqual(
        right.map(({ rented_ms }) => rented_ms),
      );
      for (const currency of ['USD', 'EUR']) {
        const [amounts, exact] = [amountsOf(found, currency), amountsOf(right, currency)];
        expect(total(amounts)).toBe(total(exact));
        const off = amounts.map((amount, day) => amount - (exact[day] ?? 0n));
        const most = ROUNDED * BigInt(contracts.length);
        expect(off.filter((one) => one > most || -one > most)).toEqual([]);
      }
    },
  );

  const rate = { price_e9s: 2_000_000_000n, unit: 'hour', setup_fee_e9s: 5_000_000_000n } as const;
  const at = (day: number, hour: number) => isoAt(FROM_MS + day * DAY_MS + hour * HOUR_MS);
  const ran = {
    ...{ rate, currency: 'USD', total_e9s: 101_000_000_000n, refund_e9s: null },
    ...{ active_at: at(1, 12), ends_at: at(3, 12), pauses: [], ended_at: null },
  };
  const usd = (sums: readonly DayEarned[]) => amountsOf(sums, 'USD');
  const E9 = 1_000_000_000n;

  test('has the setup fee on the day it begins, and each hour on the day it begins', () => {
    const sums = earnedByDay([{ ...ran, refund_e9s: 0n, ended_at: at(3, 12) }], days);
    expect(usd(sums)).toEqual([0n, 29n * E9, 48n * E9, 24n * E9, 0n, 0n, 0n, 0n]);
    expect(sums.map(({ rented_ms }) => rented_ms / HOUR_MS)).toEqual([0, 12, 24, 12, 0, 0, 0, 0]);
  });

  test('puts right on the day of its end what is paid back then', () => {
    const ended = { ...ran, ended_at: at(2, 6), refund_e9s: 101n * E9 - 36n * E9 };
    expect(usd(earnedByDay([ended], days)).slice(0, 4)).toEqual([0n, 29n * E9, 7n * E9, 0n]);
  });

  test('is exact beyond 64 bits', () => {
    const large = { ...rate, price_e9s: 2n ** 59n, setup_fee_e9s: 0n };
    const total_e9s = 48n * 2n ** 59n;
    const sums = earnedByDay(
      Array.from({ length: 1_000 }, () => ({ ...ran, rate: large, total_e9s })),
      days,
    );
    expect(usd(sums)[2]).toBe(24_000n * 2n ** 59n);
  });
});
