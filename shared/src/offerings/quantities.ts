/** Counts, sizes, speeds and times as people write them: `4 x 6 cores`, `2x 480 GB SSD`. */
import type { CellRead, How, Reader } from './cell-read.ts';
import { doubtOf, NUMBER_TEXT, readNumber } from './numbers.ts';

/** Longer texts hold no number that a column takes. */
export const MAX_QUANTITY_CHARS = 100;

const KILO = 1_024;
const GIB: Record<string, number> = {
  k: 1 / KILO / KILO,
  m: 1 / KILO,
  g: 1,
  t: KILO,
  p: KILO ** 2,
};
const MBPS: Record<string, number> = { k: 1 / 1_000, m: 1, g: 1_000, t: 1_000_000 };
const HOURS: Record<string, number> = { h: 1, d: 24, w: 7 * 24, mo: 720, y: 12 * 720 };

/** What stands between and after: words that say nothing about the number. */
const wordsIn = (words: string): string =>
  words === '' ? '' : String.raw`(?:[\s,/()-]*\b(?:${words}))*[\s)]*`;
const quantityOf = (units: string, words = ''): RegExp => {
  const times = String.raw`(?:(\d{1,4})\s*[x×*]\s*)?`;
  return new RegExp(
    `^${times}(${NUMBER_TEXT})\\s*(?:(?:${units})(?![a-z]))?(${wordsIn(words)})$`,
    'i',
  );
};

interface Quantity {
  number: string;
  times: number;
  unit: string | undefined;
  words: string;
}

/** Takes a text apart; `wanted` is the sentence for one that is nothing of the kind. */
function takeApart(
  text: string,
  pattern: RegExp,
  { decimals = 'point' }: How,
  wanted: string,
): Quantity | { refused: string } {
  const said = text.trim();
  const found = said.length > MAX_QUANTITY_CHARS ? null : pattern.exec(said);
  if (found === null) return { refused: wanted };
  const [, times = '1', digits = '', unit, words = ''] = found;
  const read = readNumber(digits, decimals);
  if (read === null) return { refused: wanted };
  if ('doubtful' in read) return { refused: doubtOf(digits, read.doubtful) };
  return { number: read.number, times: Number(times), unit: unit?.toLowerCase(), words };
}

const WHOLE = 'Write a whole number, such as 8';

/** A whole number, however it is written: `2.0`, `1,024`, `4 x 6 cores`. */
export const whole = (units: string): Reader => {
  const pattern = quantityOf(`(${units})`);
  return (text, how) => {
    const found = takeApart(
      text,
      pattern,
      { ...how, decimals: wholeMark(text, pattern, how) },
      WHOLE,
    );
    if ('refused' in found) return found;
    const value = Number(found.number) * found.times;
    return /^\d+$/.test(found.number) ? { value } : { refused: WHOLE };
  };
};

/** Where nothing tells the mark, and only one of the two numbers is whole, it is that. */
function wholeMark(
  text: string,
  pattern: RegExp,
  { decimals }: How,
): (How['decimals'] & {}) | null {
  if (decimals !== null) return decimals ?? 'point';
  const read = readNumber(pattern.exec(text.trim().slice(0, MAX_QUANTITY_CHARS))?.[2] ?? '', null);
  if (read === null || !('doubtful' in read)) return null;
  const { point, comma } = read.doubtful;
  if (!point?.includes('.') === !comma?.includes('.')) return null;
  return point?.includes('.') ? 'comma' : 'point';
}

const hoursPattern = quantityOf('(h|d|w|mo|y)(?:ours?|rs?|ays?|eeks?|nths?|ears?)?');

/** Hours, or another time with its unit: `24`, `30 days`, `1 month`. */
export const hours: Reader = (text, how) => {
  const found = takeApart(text, hoursPattern, how, 'Write whole hours, such as 24');
  if ('refused' in found) return found;
  const value = Number(found.number) * found.times * (HOURS[found.unit ?? 'h'] ?? 1);
  return Number.isInteger(value) ? { value } : { refused: 'Write whole hours, such as 24' };
};

const DISK_WORDS = /nvme|ssd|hdd/gi;
const DISK_KINDS = ['nvme', 'ssd', 'hdd'];

/** Words that may stand beside a size, by what it is the size of. */
const sizeWords = {
  memory: String.raw`(?:lp)?ddr\d?\w*|ecc|reg(?:istered)?|[ru]dimm|ram|memory`,
  gpu: String.raw`hbm\w*|gddr\w*|vram|memory`,
  disk: String.raw`nvme|ssd|hdd|sata|sas|m\.2|u\.2|raid ?\d*|enterprise|disks?|drives?|storage`,
  traffic: 'traffic|transfer|bandwidth|included|per|month(?:ly)?|mo',
};
const SIZE_UNITS = '([kmgtp])(?:i?b|i?o|i?bytes?|octets?)?';
const NO_LIMIT = /^(?:unlimited|unmetered|flat(?:rate)?|no limit|∞)(?: (?:traffic|transfer))?$/i;

/** A size with its unit, in `unit` (g or t); powers of 1,024, however it is spelt. */
export const size = (unit: string, of: keyof typeof sizeWords): Reader => {
  const pattern = quantityOf(SIZE_UNITS, sizeWords[of]);
  return (text, how): CellRead => {
    if (of === 'traffic' && NO_LIMIT.test(text.trim())) {
      return { value: null, implies: { unmetered: 'yes' } };
    }
    const wanted = 'Write a number with or without its unit, such as 64 GB';
    const found = takeApart(text, pattern, how, wanted);
    if ('refused' in found) return found;
    const letter = found.unit ?? (how.bare_unit ?? unit).toLowerCase();
    const factor = (GIB[letter] ?? 1) / (GIB[unit] ?? 1);
    const value = Number(found.number) * found.times * factor;
    const kinds = (found.words.match(DISK_WORDS) ?? []).map((word) => word.toLowerCase());
    const kind = DISK_KINDS.find((name) => kinds.includes(name));
    return of === 'disk' && kind ? { value, implies: { disk_kind: kind } } : { value };
  };
};

const speedPattern = quantityOf(
  '([kmgt])(?:bits?|bps|be?|e)?(?:/s|ps)?',
  'uplink|ports?|shared|dedicated|guaranteed|unmetered|ethernet|network|internet',
);

/** A speed in Mbit/s, also of several lines. */
export const speed: Reader = (text, how) => {
  const found = takeApart(text, speedPattern, how, 'Write a speed, such as 1000 or 10 Gbit');
  if ('refused' in found) return found;
  const value = Number(found.number) * found.times * (MBPS[found.unit ?? 'm'] ?? 1);
  return /unmetered/i.test(found.words) ? { value, implies: { unmetered: 'yes' } } : { value };
};
