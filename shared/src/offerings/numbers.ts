/** Numbers as people and spreadsheets write them: `1,234.50`, `1.234,50`, `1'234.5`. */

/** What stands before the decimals. */
export const decimalMarks = ['point', 'comma'] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** Longer than any number that is taken, with its groups. */
const MAX_NUMBER_CHARS = 40;
const MAX_EXPONENT = 30;
/** What parts groups of three digits beside the other mark: the Swiss way, and spaces. */
const APART = `'’ \\u00a0\\u2009\\u202f`;

/** A number in a longer text, whatever its style; an exponent only where digits follow it. */
export const NUMBER_TEXT = String.raw`[.,]?\d[\d.,${APART}]*(?<=\d)(?:e[-+]?\d{1,2})?`;
/** The same, where a space ends a number: for the numbers of a sentence. */
export const NUMBER_WORD = String.raw`[.,]?\d(?:[\d.,'’\u00a0\u2009\u202f]*\d)?`;

const styleOf = (group: string, decimal: string): RegExp => {
  const grouped = String.raw`[1-9]\d{0,2}([${group}${APART}])\d{3}(?:\2\d{3})*`;
  return new RegExp(String.raw`^(${grouped}|\d*)(?:${decimal}(\d+))?(?:e([-+]?\d+))?$`, 'i');
};
const styles: Record<DecimalMark, RegExp> = {
  point: styleOf(',', String.raw`\.`),
  comma: styleOf('.', ','),
};

/** Plain decimal text, `1234.5`: exact, however long the text is that it is made of. */
function plainOf(text: string, mark: DecimalMark): string | null {
  const [, whole = '', , decimals = '', exponent = '0'] = styles[mark].exec(text) ?? [];
  const shift = Number(exponent);
  if (whole + decimals === '' || Math.abs(shift) > MAX_EXPONENT) return null;
  const digits = whole.replace(/\D/g, '').padStart(1 - shift, '0') + decimals.padEnd(shift, '0');
  const at = digits.length - Math.max(0, decimals.length - shift);
  const rest = digits.slice(at).replace(/0+$/, '');
  const before = digits.slice(0, at).replace(/^0+(?=\d)/, '');
  return rest === '' ? before : `${before}.${rest}`;
}

interface Readings {
  point: string | null;
  comma: string | null;
}

/** What a text is as a number by either mark; null for what is none. */
export function readingsOf(text: string): Readings | null {
  const said = text.trim();
  if (said === '' || said.length > MAX_NUMBER_CHARS) return null;
  const found = { point: plainOf(said, 'point'), comma: plainOf(said, 'comma') };
  return found.point === null && found.comma === null ? null : found;
}

/** The mark that a text shows it has; null where it may have either, or is no number. */
export function markOf(text: string): DecimalMark | 'either' | null {
  const found = readingsOf(text);
  if (found === null || found.point === found.comma) return null;
  if (found.point !== null && found.comma !== null) return 'either';
  return found.point === null ? 'comma' : 'point';
}

/** A number, or that its text may be two; null for what is none. */
export type NumberRead = { number: string } | { doubtful: Readings } | null;

/** Reads a whole text; `mark` decides what may be two numbers, null where nobody said. */
export function readNumber(text: string, mark: DecimalMark | null): NumberRead {
  const found = readingsOf(text);
  if (found === null) return null;
  const { point, comma } = found;
  if (point !== null && comma !== null && point !== comma) {
    return mark === null ? { doubtful: found } : { number: found[mark] ?? point };
  }
  return { number: point ?? comma ?? '' };
}

/** What is asked where nothing says which of the two it is. */
export const doubtOf = (text: string, { point, comma }: Readings): string =>
  `“${text.trim()}” is ${point} with a decimal point and ${comma} with a decimal comma: say which`;
