import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { E9, MAX_TOTAL_E9S } from '../money.ts';
import {
  countWithin,
  hoursFor,
  numberOf,
  planPapers,
  taxOfPart,
  type Moved,
  type Open,
} from './papers.ts';

const CENT = E9 / 100n;
const amount = fc.bigInt({ min: 0n, max: MAX_TOTAL_E9S });
/** Parts of an order, then amounts: of those below zero no more than was paid is given back. */
const lives = fc
  .tuple(fc.array(amount, { maxLength: 3 }), fc.array(fc.tuple(fc.boolean(), amount)))
  .map(([order, later]): Moved[] => {
    let paid_e9s = order.reduce((sum, one) => sum + one, 0n);
    const after = later.map(([gives_back, some]) => {
      const moved = !gives_back ? some : -(some < paid_e9s ? some : paid_e9s);
      paid_e9s += moved;
      return moved;
    });
    return [...order, ...after].map((one, at) => ({
      ...{ entry_id: at + 1, is_order: at < order.length, paid_e9s: one },
    }));
  });

describe('papers of a contract', () => {
  test.prop([lives])('come to what was paid, and none is credited more than it is', (moves) => {
    const planned = planPapers(moves, []);
    const paid_e9s = moves.reduce((sum, one) => sum + one.paid_e9s, 0n);
    let net_e9s = 0n;
    const left = new Map<number, bigint>();
    for (const one of planned) {
      expect(one.gross_e9s > 0n).toBe(true);
      if (one.kind === 'invoice') left.set(one.entry_id, one.gross_e9s);
      else left.set(one.corrects, left.get(one.corrects)! - one.gross_e9s);
      net_e9s += one.kind === 'invoice' ? one.gross_e9s : -one.gross_e9s;
    }
    expect(net_e9s).toBe(paid_e9s);
    for (const rest of left.values()) expect(rest >= 0n).toBe(true);
    expect(planned.filter((one) => one.kind === 'invoice' && one.is_order).length < 2).toBe(true);
  });

  test.prop([lives, fc.nat()])('are the same, read at once or in two parts', (moves, at) => {
    const orders = moves.filter(({ is_order }) => is_order).length;
    const cut = orders + (at % (moves.length - orders + 1));
    const first = planPapers(moves.slice(0, cut), []);
    const open: Open[] = first.flatMap((one) =>
      one.kind !== 'invoice'
        ? []
        : {
            ...{ entry_id: one.entry_id, gross_e9s: one.gross_e9s },
            credited_e9s: first.reduce(
              (sum, note) =>
                note.kind === 'credit_note' && note.corrects === one.entry_id
                  ? sum + note.gross_e9s
                  : sum,
              0n,
            ),
          },
    );
    expect([...first, ...planPapers(moves.slice(cut), open)]).toEqual(planPapers(moves, []));
  });

  test('are none where nothing was paid, and none give back what never came', () => {
    expect(planPapers([{ entry_id: 1, is_order: true, paid_e9s: 0n }], [])).toEqual([]);
    const back = [{ entry_id: 1, is_order: false, paid_e9s: -1n }];
    expect(() => planPapers(back, [])).toThrow('gives back more than was invoiced');
  });

  test.prop([amount, fc.array(fc.nat(1_000)), fc.integer({ min: 0, max: 3_000 })])(
    'have the same tax in their parts as in the whole',
    (whole, cuts, rate) => {
      const ends = [...cuts.map((cut) => (whole * BigInt(cut)) / 1_000n), whole];
      ends.sort((a, b) => (a < b ? -1 : 1));
      let before = 0n;
      let tax = 0n;
      for (const end of ends) {
        const part = taxOfPart(end - before, before, rate, CENT);
        expect(part >= 0n).toBe(true);
        tax += part;
        before = end;
      }
      expect(tax).toBe(taxOfPart(whole, 0n, rate, CENT));
    },
  );

  test('have numbers that sort, and say the hours that an amount is', () => {
    expect(numberOf('credit_note', 2026, 7)).toBe('CN-2026-000007');
    expect(numberOf('invoice', 2026, 1_234_567)).toBe('INV-2026-1234567');
    const rate = { price_e9s: 10n, unit: 'day' as const, setup_fee_e9s: 3n };
    expect(hoursFor(rate, 20n)).toBe(48);
    expect(hoursFor(rate, 1n)).toBe(2);
    expect(hoursFor({ ...rate, price_e9s: 1_000n }, 999n)).toBeNull();
  });

  test('are cut where they would be of too many contracts', () => {
    expect(countWithin(['a', 'b', 'a', 'c', 'a'], 2)).toBe(3);
    expect(countWithin(['a', 'b'], 2)).toBe(2);
    expect(countWithin([], 2)).toBe(0);
  });
});
