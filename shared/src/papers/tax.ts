/** Which tax is in a price: rates and rules as tables, and pure, so that all compute the same. */

/** Whole countries; each since a day, in hundredths of a percent, the oldest first. */
const rates: Readonly<Record<string, readonly (readonly [since: string, rate_bp: number])[]>> = {
  AT: [['1995-01-01', 2_000]],
  BE: [['1996-01-01', 2_100]],
  BG: [['2007-01-01', 2_000]],
  CY: [['2014-01-13', 1_900]],
  CZ: [['2013-01-01', 2_100]],
  DE: [
    ['2007-01-01', 1_900],
    ['2020-07-01', 1_600],
    ['2021-01-01', 1_900],
  ],
  DK: [['1992-01-01', 2_500]],
  EE: [
    ['2009-07-01', 2_000],
    ['2024-01-01', 2_200],
    ['2025-07-01', 2_400],
  ],
  ES: [['2012-09-01', 2_100]],
  FI: [
    ['2013-01-01', 2_400],
    ['2024-09-01', 2_550],
  ],
  FR: [['2014-01-01', 2_000]],
  GR: [['2016-06-01', 2_400]],
  HR: [['2013-07-01', 2_500]],
  HU: [['2012-01-01', 2_700]],
  IE: [
    ['2012-01-01', 2_300],
    ['2020-09-01', 2_100],
    ['2021-03-01', 2_300],
  ],
  IT: [['2013-10-01', 2_200]],
  LT: [['2009-09-01', 2_100]],
  LU: [
    ['2015-01-01', 1_700],
    ['2023-01-01', 1_600],
    ['2024-01-01', 1_700],
  ],
  LV: [['2012-07-01', 2_100]],
  MT: [['2004-05-01', 1_800]],
  NL: [['2012-10-01', 2_100]],
  PL: [['2011-01-01', 2_300]],
  PT: [['2011-01-01', 2_300]],
  RO: [
    ['2017-01-01', 1_900],
    ['2025-08-01', 2_100],
  ],
  SE: [['1990-07-01', 2_500]],
  SI: [['2013-07-01', 2_200]],
  SK: [
    ['2011-01-01', 2_000],
    ['2025-01-01', 2_300],
  ],
  GB: [['2011-01-04', 2_000]],
  CH: [
    ['2018-01-01', 770],
    ['2024-01-01', 810],
  ],
  NO: [['2005-01-01', 2_500]],
};

const EU: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** What belongs to the area of another country’s tax. */
const areas: Readonly<Record<string, string>> = { LI: 'CH', MC: 'FR', IM: 'GB' };
const areaOf = (country: string): string => areas[country] ?? country;

export const isInEu = (country: string): boolean => EU.has(areaOf(country));

/** The standard rate of a country on a day; null where no rate of it is known. */
export function rateOn(country: string, day: string): number | null {
  const known = rates[areaOf(country)]?.findLast(([since]) => since <= day.slice(0, DAY_LETTERS));
  return known?.[1] ?? null;
}
const DAY_LETTERS = '2026-11-30'.length;

/** A side of a sale, as far as tax goes by it. */
export interface TaxSide {
  /** Two letters; null where it has not said. */
  readonly country: string | null;
  /** Of a valid form, and not refused by VIES; null where there is none. */
  readonly vat_id: string | null;
}

/** Names are those of UNCL 5305: `S` standard, `AE` reverse charge, `O` outside of tax. */
export const taxCategories = ['S', 'AE', 'O'] as const;
export type TaxCategory = (typeof taxCategories)[number];

export interface Tax {
  readonly category: TaxCategory;
  /** Whose rate it is; null where there is none. */
  readonly country: string | null;
  readonly rate_bp: number;
  /** Why there is none, in a sentence; empty where there is some. */
  readonly reason: string;
}

const none = (category: 'AE' | 'O', reason: string): Tax => ({
  ...{ category, country: null, rate_bp: 0, reason },
});

/**
 * The tax of a service that is sold by one side to the other, at an ISO time: where the seller is
 * registered for it, that of the seller's country at home and where the buyer says no country, that
 * of a consumer's country within the EU, and none for businesses there and for buyers elsewhere.
 */
export function taxOn(seller: TaxSide, buyer: TaxSide, at: string): Tax {
  if (seller.country === null || seller.vat_id === null) {
    return none('O', 'The seller is not registered for VAT.');
  }
  const home = areaOf(seller.country);
  const there = buyer.country === null ? home : areaOf(buyer.country);
  if (there !== home && !(EU.has(home) && EU.has(there))) {
    return none('O', 'Not subject to VAT: the buyer is established in another tax area.');
  }
  if (there !== home && buyer.vat_id !== null) {
    return none('AE', 'Reverse charge: the buyer accounts for the VAT.');
  }
  const rate_bp = rateOn(there, at);
  if (rate_bp === null) return none('O', 'The seller is not registered for VAT.');
  return { category: 'S', country: there, rate_bp, reason: '' };
}

const BASIS_POINTS = 10_000n;

/**
 * The tax that a price has in it, rounded half up to whole `minor_e9s`, the least amount that is
 * paid in its currency. Neither is below zero; the tax is never more than the price.
 */
export function taxIn(gross_e9s: bigint, rate_bp: number, minor_e9s: bigint): bigint {
  const rate = BigInt(rate_bp);
  const divisor = (BASIS_POINTS + rate) * minor_e9s;
  return ((gross_e9s * rate * 2n + divisor) / (divisor * 2n)) * minor_e9s;
}
