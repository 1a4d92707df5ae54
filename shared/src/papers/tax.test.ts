import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { E9, MAX_TOTAL_E9S } from '../money.ts';
import { rateOn, taxIn, taxOn } from './tax.ts';
import { readVatId } from './vat-ids.ts';

const CENT = E9 / 100n;
const AT = '2026-12-01T00:00:00.000Z';
const side = (country: string | null, vat_id: string | null = null) => ({ country, vat_id });

describe('the tax of a sale', () => {
  const german = side('DE', 'DE136695976');
  test.each([
    ['at home', german, side('DE', 'DE136695976'), ['S', 1_900]],
    ['to who says no country', german, side(null), ['S', 1_900]],
    ['to a consumer elsewhere in the EU', german, side('HU'), ['S', 2_700]],
    ['to a business elsewhere in the EU', german, side('FR', 'FR40303265045'), ['AE', 0]],
    ['to a consumer of Monaco, as of France', german, side('MC'), ['S', 2_000]],
    ['out of the EU', german, side('US'), ['O', 0]],
    ['by a seller who has no VAT id', side('DE'), side('DE'), ['O', 0]],
    ['by a seller who says nothing', side(null), side('DE'), ['O', 0]],
    ['in Switzerland', side('CH', 'CHE116281710MWST'), side('LI'), ['S', 810]],
    ['from Norway to the EU', side('NO', 'NO974760673MVA'), side('DE'), ['O', 0]],
    ['in the United Kingdom', side('GB', 'GB980780684'), side('GB'), ['S', 2_000]],
    ['by a seller of a country without a rate', side('US', 'x'), side('US'), ['O', 0]],
  ] as const)('%s', (_, seller, buyer, [category, rate_bp]) => {
    const tax = taxOn(seller, buyer, AT);
    expect(tax).toMatchObject({ category, rate_bp });
    expect(tax.reason === '').toBe(category === 'S');
  });

  test('is by the rate of its day', () => {
    expect(rateOn('EE', '2025-06-30T23:59:59.999Z')).toBe(2_200);
    expect(rateOn('EE', '2025-07-01T00:00:00.000Z')).toBe(2_400);
    expect(rateOn('AT', '1990-01-01')).toBeNull();
  });

  test('is rounded half up to a cent', () => {
    expect(taxIn(119n * E9, 1_900, CENT)).toBe(19n * E9);
    expect(taxIn(100n * E9, 1_900, CENT)).toBe(15_970_000_000n);
    // 3.15 at 5 % has 0.15; 0.105 at 5 % has 0.005, which is a cent.
    expect(taxIn(105_000_000n, 500, CENT)).toBe(CENT);
    expect(taxIn(104_999_999n, 500, CENT)).toBe(0n);
    expect(taxIn(0n, 1_900, CENT)).toBe(0n);
  });

  test.prop([
    fc.bigInt({ min: 0n, max: MAX_TOTAL_E9S }),
    fc.integer({ min: 0, max: 3_000 }),
    fc.constantFrom(CENT, E9 / 10_000n),
  ])('is within half a cent of exact and never more than the price', (gross, rate, minor) => {
    const tax = taxIn(gross, rate, minor);
    expect(tax % minor).toBe(0n);
    expect(tax <= gross && tax >= 0n).toBe(true);
    const off = 2n * (tax * (10_000n + BigInt(rate)) - gross * BigInt(rate));
    const half = (10_000n + BigInt(rate)) * minor;
    expect(off <= half && off > -half).toBe(true);
  });
});

describe('a VAT id', () => {
  test.each([
    ['DE', 'de 136 695 976', 'DE136695976'],
    ['DE', '136695976', 'DE136695976'],
    ['GR', 'EL 123456783', 'EL123456783'],
    ['AT', 'ATU13585627', 'ATU13585627'],
    ['NL', 'NL004495445B01', 'NL004495445B01'],
    ['CH', 'CHE-116.281.710 MWST', 'CHE116281710MWST'],
    ['NO', 'NO 974 760 673 MVA', 'NO974760673MVA'],
    ['GB', 'GB980780684', 'GB980780684'],
    ['IE', 'IE6388047V', 'IE6388047V'],
    ['IT', 'IT00743110157', 'IT00743110157'],
    ['PL', 'PL8567346215', 'PL8567346215'],
  ])('of %s is read as it is typed: %s', (country, typed, kept) => {
    expect(readVatId(typed, country)).toBe(kept);
    expect(readVatId(kept, country)).toBe(kept);
  });

  test.each([
    ['DE', 'DE136695977'],
    ['DE', 'ATU13585627'],
    ['AT', 'DE136695976'],
    ['CH', 'CHE116281711MWST'],
    ['NO', 'NO974760674MVA'],
    ['US', '123456789'],
    ['DE', 'DE13669597６'],
    ['DE', ''],
    ['DE', '<script>'],
  ])('of %s is refused: %s', (country, typed) => {
    expect(readVatId(typed, country)).toBeNull();
  });
});
