/**
 * Money is an integer count of 10^-9 units of a currency: `bigint` in code, decimal text in JSON.
 * No float ever touches it.
 */
export const E9 = 1_000_000_000n;

/** The largest price or fee, 10^9 units. */
export const MAX_AMOUNT_E9S = 1_000_000_000n * E9;
/**
 * The most that one contract costs in all its hours: it fits a signed 64-bit column. Sums of many
 * do not, so they are added up as `bigint`, or by `sumOf` of the database.
 */
export const MAX_TOTAL_E9S = MAX_AMOUNT_E9S;

export const currencies = ['USD', 'EUR', 'GBP', 'CHF', 'ICP', 'DCT'] as const;
export type Currency = (typeof currencies)[number];

const CURRENCY_DECIMALS: Record<Currency, number> = {
  USD: 2,
  EUR: 2,
  GBP: 2,
  CHF: 2,
  ICP: 4,
  DCT: 4,
};
const CURRENCY_SIGNS: Record<Currency, string> = {
  USD: '$',
  EUR: '€',
  GBP: '£',
  CHF: 'CHF ',
  ICP: 'ICP ',
  DCT: 'DCT ',
};

/**
 * `2500000000n, 'USD'` -> `$2.50`. Shows the currency's decimals, and more only when the amount has
 * more (`$0.0042`), so that what is shown is what is charged.
 */
export function formatMoney(amount_e9s: bigint, currency: Currency): string {
  return `${CURRENCY_SIGNS[currency]}${formatDecimal(amount_e9s, CURRENCY_DECIMALS[currency])}`;
}

/** Plain decimal text without a sign or grouping: for CSV and form fields. */
export function decimalOf(amount_e9s: bigint): string {
  const fraction = (amount_e9s % E9).toString().padStart(9, '0').replace(/0+$/, '');
  return `${amount_e9s / E9}${fraction === '' ? '' : `.${fraction}`}`;
}

const DECIMAL = /^(\d{1,10}|[1-9]\d{0,2}(?:,\d{3}){1,3})(?:\.(\d{1,9}))?$/;

/** Reads `2.5`, `1,250.00` or `0.0042` into e9s; null for what is no such number, as `0,125`. */
export function readDecimal(text: string): bigint | null {
  const [, whole, decimals = ''] = DECIMAL.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  return BigInt(whole.replaceAll(',', '')) * E9 + BigInt(decimals.padEnd(9, '0'));
}

function formatDecimal(amount_e9s: bigint, least_decimals: number): string {
  const whole = (amount_e9s / E9).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = (amount_e9s % E9).toString().padStart(9, '0').replace(/0+$/, '');
  return `${whole}.${fraction.padEnd(least_decimals, '0')}`;
}

/** The least amount that is usual in a currency: a cent, say. */
export const minorOf = (currency: Currency): bigint =>
  E9 / 10n ** BigInt(CURRENCY_DECIMALS[currency]);

/** Division that rounds up; both operands are not negative. */
export const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

const BASIS_POINTS = 10_000n;
const CENT_DECIMALS = 2;

/**
 * A price that is changed by hundredths of a percent, -10,000 or more: rounded half up to whole
 * cents, or to the decimals of a price that has more of them.
 */
export function changedBy(price_e9s: bigint, basis_points: bigint): bigint {
  const decimals = decimalOf(price_e9s).split('.')[1]?.length ?? 0;
  const step = E9 / 10n ** BigInt(Math.max(CENT_DECIMALS, decimals));
  const divisor = BASIS_POINTS * step;
  return ((price_e9s * (BASIS_POINTS + basis_points) + divisor / 2n) / divisor) * step;
}

/** From an amount on, the step it is rounded up to: roughly three digits. */
const roughSteps: readonly [bigint, bigint][] = [
  [E9, 10_000_000n],
  [100_000_000n, 1_000_000n],
  [1_000_000n, 100_000n],
];

/** An amount that can be read at a glance, never lower than the exact one. */
export function roughly(amount_e9s: bigint): bigint {
  const step = roughSteps.find(([from]) => amount_e9s >= from)?.[1] ?? 1n;
  return ceilDiv(amount_e9s, step) * step;
}

/** `≈ €17.42` where the exact amount has more digits than one reads, else the amount itself. */
export function formatRoughly(amount_e9s: bigint, currency: Currency): string {
  const rough_e9s = roughly(amount_e9s);
  return `${rough_e9s === amount_e9s ? '' : '≈ '}${formatMoney(rough_e9s, currency)}`;
}
