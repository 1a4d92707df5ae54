import { decimalOf, MAX_AMOUNT_E9S, readDecimal } from '../money.ts';
import { findCountry } from '../offerings/catalogue.ts';
import { searchFields, type FieldName, type SearchField } from './fields.ts';
import { foldName } from './fold.ts';
import { plainText, type Value } from './tree.ts';

const MAX_NUMBER = 1_000_000_000_000;
const NUMBER = /^(\d{1,30}(?:\.\d{1,30})?(?:e[-+]?\d{1,3})?)\s*([a-z%/]*)$/i;
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
]);

/** `64 GB` as what it counts in the field's base unit. */
function readNumber({ units }: SearchField, text: string): number | null {
  const [, digits, name] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return null;
  const factor = name === '' ? 1 : units?.find(({ as }) => as.test(name ?? ''))?.factor;
  const value = Number(digits) * (factor ?? NaN);
  return value <= MAX_NUMBER ? value : null;
}

function readMoney(text: string): bigint | null {
  const amount_e9s = readDecimal(text);
  return amount_e9s !== null && amount_e9s <= MAX_AMOUNT_E9S ? amount_e9s : null;
}

function readChoice(name: FieldName, text: string): string | null {
  const { values } = searchFields[name];
  const folded = foldName(text);
  if (values !== null) {
    const known = Object.entries(values);
    return known.find((entry) => entry.some((said) => foldName(said) === folded))?.[0] ?? null;
  }
  if (name !== 'country') return text;
  const code = findCountry(text);
  return code === 'UK' ? 'GB' : code;
}

/** The value that a text is in this field; null where it is none. */
export function readValue(name: FieldName, text: string): Value | null {
  const field = searchFields[name];
  const said = plainText(text);
  if (said === '') return null;
  switch (field.type) {
    case 'number':
    case 'time':
      return readNumber(field, said);
    case 'money':
      return readMoney(said);
    case 'flag':
      return FLAGS.get(said.toLowerCase()) ?? null;
    case 'choice':
      return readChoice(name, said);
    case 'text':
    case 'tags':
      return said;
  }
}

/** The largest unit in which a number is whole, else the base unit; it reads back exactly. */
function writeNumber(value: number, units: SearchField['units']): string {
  if (units === null) return `${value}`;
  const whole = units.findLast(({ factor }) => {
    const count = value / factor;
    return count >= 1 && Number.isSafeInteger(count) && count * factor === value;
  });
  const { name, factor } = whole ??
    units.find((unit) => unit.factor === 1) ?? { name: '', factor: 1 };
  return `${value / factor}${name}`;
}

/** A value as a query has it, without quotes. */
export function writeValue(name: FieldName, value: Value): string {
  if (typeof value === 'bigint') return decimalOf(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? writeNumber(value, searchFields[name].units) : value;
}

const listed = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** What may stand after the field's colon, as a sentence. */
export function valueSentence(name: FieldName): string {
  const { type, values, units, example } = searchFields[name];
  if (values !== null) return `${name} takes ${listed(Object.keys(values))}.`;
  if (type === 'flag') return `${name} takes yes or no.`;
  if (type === 'money') return `${name} takes an amount, such as ${example}; see also currency.`;
  const kind = type === 'number' || type === 'time' ? 'a number' : 'a value';
  const some = units === null ? '' : ` in ${listed(units.map((unit) => unit.name))}`;
  return name === 'country'
    ? 'country takes two letters or an English name, such as country:NL.'
    : `${name} takes ${kind}${units?.length === 1 ? '' : some}, such as ${example}.`;
}
