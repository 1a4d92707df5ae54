import { currencies, type Currency } from '@berth/shared/money';
import { counted } from '@berth/shared/count';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { ratesProblem, type RateSheet } from '../../ports/rates.ts';

const ECB_SOURCE = 'European Central Bank';
/** The bank rests at weekends and on holidays: at Easter for four days. */
const GOOD_FOR_DAYS = 10;
/** A file is made in the afternoon in Frankfurt, where it may be tomorrow already. */
const AHEAD_DAYS = 1;
const MAX_RATES = 200;
const MAX_RATE_E9S = 10n ** 18n;

const DATE = /<Cube\s+time=(['"])(\d{4}-\d{2}-\d{2})\1\s*>/g;
const RATE = /<Cube\s+currency=(['"])([A-Z]{3})\1\s+rate=(['"])([^'"<>]{1,40})\3\s*\/>/g;
const CUBE = /<Cube\b/g;
const NUMBER = /^(\d{1,9})(?:\.(\d{1,9}))?$/;

const refused = (detail: string) => ratesProblem('refused', detail);

/** `1.0823` as 10^-9 units. */
function readRate(currency: string, text: string): bigint {
  const [, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  const rate_e9s = whole === undefined ? 0n : BigInt(whole + fraction.padEnd(9, '0'));
  if (rate_e9s <= 0n || rate_e9s > MAX_RATE_E9S) {
    throw refused(`The rate of ${currency} is no number above zero: ${text.slice(0, 40)}`);
  }
  return rate_e9s;
}

function readDate(text: string, now_ms: number): string {
  const dates = [...text.matchAll(DATE)].map(([, , date = '']) => date);
  const [date] = dates;
  if (date === undefined || dates.length > 1) {
    throw refused(`The file is of ${counted(dates.length, 'day')}, and should be of one.`);
  }
  const at_ms = Date.parse(`${date}T00:00:00.000Z`);
  if (Number.isNaN(at_ms) || !isoAt(at_ms).startsWith(date)) {
    throw refused(`The file is of ${date}, which is no day.`);
  }
  if (at_ms > now_ms + AHEAD_DAYS * DAY_MS) throw refused(`The file is of ${date}, still to come.`);
  return date;
}

/**
 * The bank's daily file (eurofxref-daily.xml): one day, and one rate for each currency. Whatever
 * else it says is refused as a whole, so that half of a file is never taken for all of it.
 */
export function readSheet(text: string, now_ms: number): RateSheet {
  const date = readDate(text, now_ms);
  const found = [...text.matchAll(RATE)];
  // The one around all, that of the day, and the rates.
  const cubes = text.match(CUBE)?.length ?? 0;
  if (cubes !== found.length + 2) {
    throw refused(`${cubes - 2} rates stand in the file, of which ${found.length} can be read.`);
  }
  if (found.length > MAX_RATES) throw refused(`The file has more than ${MAX_RATES} rates.`);
  const rates = new Map<string, bigint>();
  for (const [, , currency = '', , rate = ''] of found) {
    if (rates.has(currency)) throw refused(`The file has two rates of ${currency}.`);
    rates.set(currency, readRate(currency, rate));
  }
  const known = currencies.flatMap((currency): [Currency, bigint][] => {
    const rate_e9s = rates.get(currency);
    return rate_e9s === undefined ? [] : [[currency, rate_e9s]];
  });
  if (known.length === 0) throw refused('The file has no rate of any currency that is used here.');
  const ends_ms = Date.parse(`${date}T00:00:00.000Z`) + GOOD_FOR_DAYS * DAY_MS;
  return {
    ...{ date, source: ECB_SOURCE, expires_at: isoAt(ends_ms) },
    per_euro_e9s: Object.fromEntries(known),
  };
}
