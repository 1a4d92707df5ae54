/** Who may call themselves what: the service's own name, and what looks like it, is its own. */
const OWN_NAME = 'berth';

/**
 * Letters that look like those of the name, in lower case and after NFKD, which already takes marks
 * off and folds full-width, mathematical and circled letters. From confusables.txt of Unicode TR39,
 * with the small forms of its capitals, and letters with a stroke or a hook.
 */
const lookalikes: Readonly<Record<string, string>> = {
  b: 'ƅɓƀƃʙβвьъᏏᑲᖯᏼᗷꓐꞵ𐊂𐊡𐌁',
  e: '℮еҽєꬲɛεɇᴇⴹꭼꓰ𐊆⋿',
  r: 'гᴦⲅꭇꭈꮁʀꭱꮢᖇꓣɍɼɽ',
  t: 'тτᴛⲧꭲꓔ⊤⟙𐊗𐊱𐌕ŧƭʈƫ',
  h: 'һհᏂηнʜⲏꮋᕼꓧħɦⱨ𐋏',
};
const prototypes = new Map(
  Object.entries(lookalikes).flatMap(([letter, those]) =>
    Array.from(those.toLowerCase(), (one) => [one, letter] as const),
  ),
);
/** Rows of Latin capitals that NFKD leaves as they are: letters in circles, squares and flags. */
const CAPITAL_ROWS = [0x1f150, 0x1f170, 0x1f1e6];
const LETTERS = 26;
const SMALL_A = 0x61;

function prototypeOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const row = CAPITAL_ROWS.find((first) => code >= first && code < first + LETTERS);
  if (row !== undefined) return String.fromCharCode(SMALL_A + code - row);
  return prototypes.get(letter) ?? letter;
}

const skeletonOf = (text: string): string =>
  Array.from(
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\p{M}\p{DI}]/gu, ''),
    prototypeOf,
  ).join('');

/** With which the name says that the service itself speaks, in one word or more. */
const OFFICES: ReadonlySet<string> = new Set([
  ...['the', 'official', 'theofficial', 'real', 'verified', 'admin', 'administrator', 'billing'],
  ...['care', 'help', 'helpdesk', 'hq', 'legal', 'mod', 'moderator', 'news', 'notice', 'notices'],
  ...['operator', 'payment', 'payments', 'root', 'security', 'service', 'services', 'staff'],
  ...['status', 'support', 'system', 'team'],
]);

/** Whether people would take this name or handle for that of the service itself. */
export function isOwnName(text: string): boolean {
  const words = skeletonOf(text).split(/[^\p{L}]+/u);
  const joined = words.join('');
  const isSpelt = joined === OWN_NAME && words.every(({ length }) => length <= 1);
  return (
    isSpelt ||
    words.includes(OWN_NAME) ||
    (joined.includes(OWN_NAME) && OFFICES.has(joined.replace(OWN_NAME, '')))
  );
}
