import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { readCell } from './cells.ts';
import { readingsOf, readNumber } from './numbers.ts';

describe('a number', () => {
  test.each([
    ['2.50', '2.5'],
    ['2,50', '2.5'],
    ['0,125', '0.125'],
    ['1,234.50', '1234.5'],
    ['1.234,50', '1234.5'],
    ['1’234,50', '1234.5'],
    ["1'234.50", '1234.5'],
    ['1 234,50', '1234.5'],
    ['1\u202f234,5', '1234.5'],
    ['1\u00a0234\u00a0567.5', '1234567.5'],
    ['1.234.567', '1234567'],
    ['12,345,678', '12345678'],
    ['.5', '0.5'],
    ['2.0', '2'],
    ['1,5E-3', '0.0015'],
    ['1e3', '1000'],
  ])('is read whole, in whatever style: %s', (text, number) => {
    expect(readNumber(text, null)).toEqual({ number });
  });

  test.each([
    '',
    '1,2,3',
    '12,34,567',
    '1.23.456',
    '0,125,000',
    '5.',
    '--5',
    '1e99',
    '7'.repeat(10_000),
  ])('is not a part of what is written: %s', (text) =>
    expect(readNumber(text, 'point')).toBeNull(),
  );

  test('that may be two is one by its column’s mark alone', () => {
    expect(readNumber('1,234', null)).toEqual({ doubtful: { point: '1234', comma: '1.234' } });
    expect(readNumber('1,234', 'comma')).toEqual({ number: '1.234' });
    expect(readNumber('1.234', 'comma')).toEqual({ number: '1234' });
  });

  const digits = fc.bigInt({ min: 0n, max: 10n ** 15n });
  property.prop([digits, fc.integer({ min: 0, max: 999_999 })])(
    'says the same however it is written',
    (whole, part) => {
      const decimals = String(part).padStart(6, '0');
      const rest = decimals.replace(/0+$/, '');
      const plain = rest === '' ? `${whole}` : `${whole}.${rest}`;
      const apart = (by: string) => String(whole).replace(/\B(?=(\d{3})+$)/g, by);
      for (const by of ['', "'", ' ', '\u202f']) {
        expect(readingsOf(`${apart(by)}.${decimals}`)?.point).toBe(plain);
        expect(readingsOf(`${apart(by)},${decimals}`)?.comma).toBe(plain);
      }
      expect(readingsOf(`${apart(',')}.${decimals}`)?.point).toBe(plain);
      expect(readingsOf(`${apart('.')},${decimals}`)?.comma).toBe(plain);
    },
  );
});

describe('a cell', () => {
  test.each<[Parameters<typeof readCell>[0], string, unknown, object?]>([
    ['price', '€2,50', '2500000000', { currency: 'EUR' }],
    ['price', '2.50 $/hr', '2500000000', { currency: 'USD', unit: 'hour' }],
    ['price', "CHF 1'234.50 per month", '1234500000000', { currency: 'CHF', unit: 'month' }],
    ['price', '99 € / Monat', '99000000000', { currency: 'EUR', unit: 'month' }],
    ['price', '1.5e-3', '1500000'],
    ['vcpus', '4 x 6 cores', 24],
    ['vcpus', '2.0', 2],
    ['gpu_count', '8x', 8],
    ['gpu_model', '8x NVIDIA H100', 'NVIDIA H100', { gpu_count: '8' }],
    ['gpu_memory_gib', '80GB HBM3', 80],
    ['memory_gib', '4 x 32 GB DDR4 ECC', 128],
    ['disk_gib', '1,5 TB', 1_536],
    ['disk_gib', '2x 480 GB SSD', 960, { disk_kind: 'ssd' }],
    ['uplink_mbps', '2 x 10 Gbit/s', 20_000],
    ['traffic_tib', 'Unlimited', null, { unmetered: 'yes' }],
    ['min_hours', '30 days', 720],
    ['stock', 'in_stock', 1],
    ['country', 'Rotterdam, Netherlands', 'NL', { city: 'Rotterdam' }],
    ['country', 'Niederlande', 'NL'],
    ['country', 'U.S.A.', 'US'],
    ['country', 'paris-france-5', 'FR'],
    ['city', 'Rotterdam, Netherlands', 'Rotterdam', { country: 'NL' }],
    ['city', 'Atlanta, Georgia', 'Atlanta, Georgia'],
    ['city', 'San Jose, CA', 'San Jose, CA'],
  ])('of %s is understood whole: %s', (column, text, value, implies) => {
    const read = readCell(column, text, { decimals: null });
    expect(read).toEqual(implies === undefined ? { value } : { value, implies });
  });

  test.each<[Parameters<typeof readCell>[0], string]>([
    ['price', '5%'],
    ['price', '-5'],
    ['price', '(2.50)'],
    ['price', '=1+1'],
    ['price', '€2 $3'],
    ['price', '2.50 per GB'],
    ['price', '0.3333333333'],
    ['vcpus', '2.5'],
    ['vcpus', '8 cores / 16 threads'],
    ['disk_gib', '4x8 TB HDD + 2x1 TB SSD'],
    ['min_hours', '0.5 h'],
    ['country', 'San Jose, CA'],
    ['country', 'sa-east-1'],
  ])('of %s that is none is refused, not read in part: %s', (column, text) => {
    expect(readCell(column, text, { decimals: null })).toEqual({
      refused: expect.stringMatching(/^Write /) as string,
    });
  });

  test('is asked about where it may be two numbers, and has a point where nobody can be', () => {
    const refused =
      '“1,234” is 1234 with a decimal point and 1.234 with a decimal comma: say which';
    expect(readCell('price', '1,234', { decimals: null })).toEqual({ refused });
    expect(readCell('price', '1,234')).toEqual({ value: '1234000000000' });
  });

  test('of an export keeps its text, which other lists have more than one thing in', () => {
    const how = { is_own: true };
    expect(readCell('city', 'Rotterdam, Netherlands', how)).toEqual({
      value: 'Rotterdam, Netherlands',
    });
    expect(readCell('gpu_model', '8x H100', how)).toEqual({ value: '8x H100' });
    expect(readCell('price', '€2.50', how)).toHaveProperty('refused');
  });
});
