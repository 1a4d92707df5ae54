import { counted } from '@berth/shared/count';
import type * as z from 'zod';
import type { Unit } from '@berth/shared/price';
import { formatMoney, readDecimal, type Currency } from '@berth/shared/money';
import type { bulkChange, BulkPreview } from '@berth/shared/offerings/bulk';
import { unitWords } from '@berth/shared/offerings/catalogue';
import { offeringStates } from '@berth/shared/offerings/machine';

export type BulkChangeAsk = z.input<typeof bulkChange>;
export type BulkHow = Exclude<BulkChangeAsk['type'], 'move'>;

/** What one writes to change many, as it is typed. */
export interface BulkForm {
  how: BulkHow;
  number: string;
  unit: Unit;
  currency: Currency;
}

const SIGNED = /^[+-]?\d{1,6}(\.\d{1,2})?$/;
const SIGNED_WHOLE = /^[+-]?\d{1,6}$/;

/** The change that is written, or a sentence that says how to write it. */
export function readChange({
  how,
  number,
  unit,
  currency,
}: BulkForm): { change: BulkChangeAsk } | { error: string } {
  const text = number.trim().replace('−', '-').replace(/\s*%$/, '');
  switch (how) {
    case 'price_percent':
      return SIGNED.test(text)
        ? { change: { type: how, percent: Number(text) } }
        : { error: 'Write a percentage, such as 5 or -2.5' };
    case 'price_amount': {
      const price_e9s = readDecimal(text);
      return price_e9s === null
        ? { error: 'Write an amount with a point, such as 2.50' }
        : { change: { type: how, price_e9s: price_e9s.toString(), unit, currency } };
    }
    case 'stock_set':
      return /^\d{1,6}$/.test(text)
        ? { change: { type: how, stock: Number(text) } }
        : { error: 'Write a whole number, such as 8' };
    case 'stock_add':
      return SIGNED_WHOLE.test(text)
        ? { change: { type: how, by: Number(text) } }
        : { error: 'Write a whole number, such as 2 or -1' };
  }
}

type Values = BulkPreview['rows'][number]['before'];

/** What a change touches of an offering, in words: `$2.50 per hour`, `4 in stock`, `Paused`. */
export function valueWords({ price_e9s, unit, currency, stock, state }: Values, type: string) {
  if (type.startsWith('price')) {
    return `${formatMoney(BigInt(price_e9s), currency)} ${unitWords[unit].per}`;
  }
  return type.startsWith('stock')
    ? `${stock.toLocaleString('en')} in stock`
    : offeringStates[state].label;
}

/** `3 offerings`; all of a list where it is not known how many they are. */
export const offeringsWords = (count: number | null): string =>
  count === null ? 'All offerings of this list' : counted(count, 'offering');
