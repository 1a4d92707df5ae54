/** Prices as people write them: `2.50`, `€2,50`, `2.50 $/hr`, `CHF 1'234.50 per month`. */
import { readDecimal } from '../money.ts';
import type { CellRead, Implied, Reader } from './cell-read.ts';
import { doubtOf, NUMBER_TEXT, readNumber } from './numbers.ts';
import { MAX_QUANTITY_CHARS } from './quantities.ts';

const currencyWords: Record<string, string> = {
  ...{ $: 'USD', us$: 'USD', usd: 'USD', dollar: 'USD', dollars: 'USD' },
  ...{ '€': 'EUR', eur: 'EUR', euro: 'EUR', euros: 'EUR' },
  ...{ '£': 'GBP', gbp: 'GBP', chf: 'CHF', fr: 'CHF', sfr: 'CHF', icp: 'ICP', dct: 'DCT' },
};
const unitWords: Record<string, string> = {
  ...{ h: 'hour', hr: 'hour', hrs: 'hour', hour: 'hour', hourly: 'hour', gpuhr: 'hour' },
  ...{ std: 'hour', stunde: 'hour', heure: 'hour', hora: 'hour', uur: 'hour' },
  ...{ d: 'day', day: 'day', daily: 'day', tag: 'day', jour: 'day', dag: 'day' },
  ...{ mo: 'month', mon: 'month', mth: 'month', month: 'month', monthly: 'month' },
  ...{ monat: 'month', mois: 'month', mes: 'month', maand: 'month', mese: 'month' },
};
const FILLERS: ReadonlySet<string> = new Set(['per', 'pro', 'par', 'por', 'je', 'al', 'a', 'an']);
const AMOUNT = new RegExp(String.raw`^([^\d.,]*)(${NUMBER_TEXT})(.*)$`, 'is');

/** The currency and unit that stand around a number; null for words that are neither. */
function impliedBy(around: string): Implied | null {
  const implied: Implied = {};
  for (const word of around.toLowerCase().match(/us\$|[$€£]|[^\s/.()$€£]+/g) ?? []) {
    const currency = Object.hasOwn(currencyWords, word) ? currencyWords[word] : undefined;
    const unit = Object.hasOwn(unitWords, word) ? unitWords[word] : undefined;
    if (currency !== undefined) {
      if (implied.currency !== undefined && implied.currency !== currency) return null;
      implied.currency = currency;
    } else if (unit !== undefined) {
      implied.unit = unit;
    } else if (!FILLERS.has(word)) {
      return null;
    }
  }
  return implied;
}

const AMOUNT_WANTED = 'Write an amount with at most nine decimals, such as 2.50';

/** An amount as 10^-9 units, in text; exact, and never a part of what is written. */
export const amount: Reader = (text, { decimals = 'point', is_own = false }): CellRead => {
  const found = text.length > MAX_QUANTITY_CHARS ? null : AMOUNT.exec(text.trim());
  if (found === null) return { refused: AMOUNT_WANTED };
  const [, before = '', digits = '', after = ''] = found;
  // In brackets an amount is below zero, as bookkeepers write it.
  const implies = before.includes('(') ? null : impliedBy(`${before} ${after}`);
  const read = implies === null ? null : readNumber(digits, decimals);
  const isPlain = implies !== null && Object.keys(implies).length === 0;
  if (read === null || implies === null || (is_own && !isPlain)) return { refused: AMOUNT_WANTED };
  if ('doubtful' in read) return { refused: doubtOf(digits, read.doubtful) };
  const amount_e9s = readDecimal(read.number);
  if (amount_e9s === null) return { refused: AMOUNT_WANTED };
  const value = amount_e9s.toString();
  return isPlain ? { value } : { value, implies };
};
