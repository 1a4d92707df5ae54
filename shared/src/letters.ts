/** Which letters a text may hold: those that a reader can see, and that stay where they stand. */

/** What is refused, and why, in words that end "leave out U+202E, which …". */
const refused: readonly { letters: RegExp; why: string }[] = [
  {
    letters: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
    why: 'turns the direction of writing',
  },
  { letters: /[\p{Cc}\p{Zl}\p{Zp}]/u, why: 'is a control character' },
  { letters: /[\p{Cs}\p{Co}\p{Cn}]/u, why: 'is no character that others can read' },
  // A braille pattern without dots, too, is a blank.
  { letters: /[\p{Cf}\p{DI}\u2800]/u, why: 'cannot be seen' },
];
const source = refused.map(({ letters }) => letters.source).join('|');
const anyRefused = new RegExp(source, 'u');
const allRefused = new RegExp(source, 'gu');
const LAYOUT = /[\t\n\r]/g;
const joined = 'Arab Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh'.replace(
  /\w+ ?/g,
  (name) => `\\p{sc=${name.trim()}}`,
);
/**
 * Letters that cannot be seen and yet belong: they hold emoji together, and tell how letters of
 * these scripts join.
 */
const BELONGING = new RegExp(`\\p{RGI_Emoji}|(?<=[${joined}])[\u200c\u200d](?=[${joined}])`, 'gv');

/** The first letter that a line may not hold, as a sentence; null where there is none. */
export function refusalOf(line: string): string | null {
  if (!anyRefused.test(line)) return null;
  const [letter] = anyRefused.exec(line.replace(BELONGING, '')) ?? [];
  if (letter === undefined) return null;
  const why = refused.find(({ letters }) => letters.test(letter))?.why;
  const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `Leave out U+${code}, which ${why}`;
}

/** The same for lines of text, in which tabs and line breaks stand. */
export const refusalOfLines = (text: string): string | null => refusalOf(text.replace(LAYOUT, ''));

/** The text without the letters that lines of text may not hold, for what was written elsewhere. */
export function cleanText(text: string): string {
  if (refusalOfLines(text) === null) return text;
  let cleaned = '';
  let from = 0;
  const clean = (part: string) =>
    part.replace(allRefused, (letter) => (/[\t\n\r]/.test(letter) ? letter : ''));
  for (const { 0: kept, index } of text.matchAll(BELONGING)) {
    cleaned += clean(text.slice(from, index)) + kept;
    from = index + kept.length;
  }
  return cleaned + clean(text.slice(from));
}
