import fc from 'fast-check';
import type * as z from 'zod';
import { expect, test } from 'vitest';
import { readCell } from '@berth/shared/offerings/cells';
import { offeringInput } from '@berth/shared/offerings/schemas';
import { cellError, rowErrors } from './check.ts';
import { columns, emptyCells, names, type Name } from './columns.ts';
import { runs } from '@berth/shared/runs-node';

const fieldOf = (name: Name) => (name === 'price' || name === 'setup_fee' ? `${name}_e9s` : name);
const shape: Record<string, z.ZodType> = offeringInput.shape;

/** What an import says of the cell: the reader's sentence, else the schema's first. */
function importSays(name: Name, text: string): string | null {
  const read = readCell(name, text);
  if (read === null) return null;
  if ('refused' in read) return read.refused;
  const { error } = shape[fieldOf(name)]?.safeParse(read.value) ?? {};
  return error?.issues[0]?.message ?? null;
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 130 }),
  fc.integer({ min: -10, max: 30_000_000 }).map(String),
  fc.double({ noNaN: true, min: 0, max: 1e12 }).map(String),
  fc
    .tuple(fc.double({ noNaN: true, min: 0, max: 1e9 }), fc.constantFrom('MB', ' GiB', 'TB', 'k'))
    .map(([number, unit]) => `${number.toFixed(2)}${unit}`),
  fc.constantFrom('gpu', 'VPS', 'bare metal', 'NL', 'Norway', 'per hour', 'usd', 'yes', 'n'),
  fc.constantFrom(
    '0',
    '9,999,999,999.5',
    '1000000000',
    '1e400',
    'nvme',
    'Spot',
    'a;b;c',
    'In stock',
  ),
  fc.array(fc.string({ maxLength: 70 }), { maxLength: 40 }).map((items) => items.join(';')),
  fc.constantFrom('x'.repeat(61), 'x'.repeat(101), 'x'.repeat(4_001), 'a\tb', 'a\nb', ' ', '  ab '),
);

test('a cell is refused here exactly where and as an import refuses it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names.filter((name) => name !== 'state')),
      texts,
      (name, text) => {
        if (text.trim() === '') return;
        expect([name, cellError(name, text, true)]).toEqual([name, importSays(name, text)]);
      },
    ),
    { numRuns: runs(20_000) },
  );
});

const good = { ...emptyCells, kind: 'compute', title: 'A machine', country: 'NL', price: '2.50' };

test('a new row needs only what has no start, and an offering loses nothing by being emptied', () => {
  expect(rowErrors(good, true)).toEqual({});
  expect(Object.keys(rowErrors(emptyCells, true)).sort()).toEqual([
    'country',
    'kind',
    'price',
    'title',
  ]);
  expect(cellError('stock', '', true)).toBeNull();
  expect(cellError('stock', '', false)).toBe('Fill this in');
  expect(cellError('city', '', false)).toBeNull();
});

test('cells that contradict each other are marked', () => {
  expect(rowErrors({ ...good, min_hours: '48', max_hours: '24' }, true)).toEqual({
    max_hours: 'Not less than the least hours',
  });
  expect(rowErrors({ ...good, min_hours: '9000' }, true)).toEqual({
    max_hours: 'Not less than the least hours',
  });
  expect(rowErrors({ ...good, kind: 'GPU' }, true)).toEqual({ gpu_model: 'Say which GPU it is' });
  expect(rowErrors({ ...good, state: 'Listed', price: '0.00' }, true)).toEqual({
    price: 'Set a price above zero before listing it.',
  });
  expect(rowErrors({ ...good, state: 'archived' }, true)).toEqual({
    state: 'One of draft, listed, paused',
  });
});

test('every column is in the sheet once', () => {
  expect([...names].sort()).toEqual(Object.keys(emptyCells).sort());
  expect(new Set(columns.map(({ label }) => label)).size).toBe(columns.length);
});
