import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_HOURS, priceOf, refundOf } from '../price.ts';
import { HOUR_MS, isoAt } from '../time.ts';
import { faults, faultsOf, faultSides, ruleWith, sideOfFault } from './faults.ts';
import { contractMachine } from './machine.ts';

test('each code is there once, in the range of whose fault it is', () => {
  const codes = faults.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const own = { renter: ['renter', 'nobody'], provider: ['provider', 'network'] };
  for (const { code, by } of faults) {
    const allowed: string[] = by === 'system' ? ['provider'] : own[by];
    expect(allowed, String(code)).toContain(sideOfFault(code));
  }
  let above = 0;
  for (const { from, to } of Object.values(faultSides)) {
    expect([from > above, to >= from]).toEqual([true, true]);
    above = to;
  }
});

/** The moves that a fault is given with, each with whoever makes it. */
const ends = contractMachine.moves.flatMap((row) =>
  row.by.flatMap((role) => faultsOf(row.action, role).map((fault) => ({ row, fault, role }))),
);

test('every cancelling and failing move has a fault to give', () => {
  const rows = contractMachine.moves.filter(({ action }) => ['cancel', 'fail'].includes(action));
  for (const row of rows) {
    for (const role of row.by) expect(faultsOf(row.action, role), role).not.toEqual([]);
  }
  expect(new Set(ends.map(({ fault }) => fault.code)).size).toBe(faults.length);
});

test('no fault takes from the other side what the move itself would give', () => {
  const [began_ms, hour] = [Date.parse('2026-12-01T12:00:00.000Z'), HOUR_MS];
  const rates = fc.record({
    price_e9s: fc.bigInt(1n, 10n ** 12n),
    unit: fc.constantFrom('hour', 'day', 'month'),
    setup_fee_e9s: fc.bigInt(0n, 10n ** 12n),
  });
  fc.assert(
    fc.property(
      ...[fc.constantFrom(...ends), rates, fc.integer({ min: 1, max: MAX_HOURS })],
      ...[fc.nat(2 * MAX_HOURS), fc.boolean()],
      ({ row, fault, role }, rate, hours, after, runs) => {
        const total_e9s = priceOf(rate, hours).total_e9s;
        const active_at = runs ? isoAt(began_ms) : null;
        const paid = { rate, total_e9s, active_at, pauses: [] };
        const at = isoAt(began_ms + (after * hour) / 2);
        const own_e9s = refundOf(row.money!, paid, at);
        const with_e9s = refundOf(ruleWith(row.money!, fault), paid, at);
        expect(with_e9s >= 0n && with_e9s <= total_e9s).toBe(true);
        if (role === 'renter') expect(with_e9s <= own_e9s).toBe(true);
        else expect(with_e9s >= own_e9s).toBe(true);
      },
    ),
  );
});
