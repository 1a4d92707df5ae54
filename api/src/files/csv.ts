/** CSV as people have it: parted by commas, semicolons, tabs or bars, with any line ends. */
import { readingsOf } from '@berth/shared/offerings/numbers';
import { MAX_IMPORT_COLUMNS } from '@berth/shared/offerings/schemas';
import { isProblem } from '@berth/shared/problems';
import { isColumnName } from './column-names.ts';
import { malformed } from './malformed.ts';

/** One record, and where in the text it stands. */
export interface CsvRecord {
  cells: string[];
  /** 1 is the first line of the text. */
  line: number;
  start: number;
  end: number;
}

const QUOTE = '"';

const noCsv = (line: number, why: string) =>
  malformed(`This is no CSV that can be read: line ${line}, ${why}.`);

interface Cell {
  text: string;
  next: number;
}

/** A quotation mark opens a cell at its beginning; inside another it is a letter: `19" rack`. */
function readQuoted(text: string, from: number, line: number): Cell {
  let at = from + 1;
  for (;;) {
    const close = text.indexOf(QUOTE, at);
    if (close < 0) {
      throw noCsv(line, 'a cell that begins with a quotation mark does not end with one');
    }
    if (text[close + 1] !== QUOTE) {
      const cell = text.slice(from + 1, close).replaceAll(QUOTE + QUOTE, QUOTE);
      return { text: cell, next: close + 1 };
    }
    at = close + 2;
  }
}

const isEnd = (letter: string | undefined): boolean =>
  letter === undefined || letter === '\n' || letter === '\r';

function readCell(text: string, from: number, delimiter: string, line: number): Cell {
  let start = from;
  while (text[start] === ' ') start += 1;
  if (text[start] === QUOTE) {
    const quoted = readQuoted(text, start, line);
    let { next } = quoted;
    while (text[next] === ' ') next += 1;
    if (text[next] === delimiter || isEnd(text[next])) return { text: quoted.text, next };
    throw noCsv(line, 'text stands behind a quotation mark that ends a cell; double the mark');
  }
  let next = from;
  while (text[next] !== delimiter && !isEnd(text[next])) next += 1;
  return { text: text.slice(from, next), next };
}

const linesIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/**
 * The records that say something, one by one; blank lines and lines of delimiters alone are passed
 * over. One of more columns than are taken ends with those. Throws `request.malformed`.
 */
export function* recordsIn(text: string, delimiter: string, from = 0): Generator<CsvRecord> {
  let line = 1 + linesIn(text.slice(0, from));
  let at = from;
  while (at < text.length) {
    const record: CsvRecord = { cells: [], line, start: at, end: at };
    for (;;) {
      const { text: cell, next } = readCell(text, at, delimiter, line);
      if (cell.includes('\n') || cell.includes('\r')) line += linesIn(cell);
      record.cells.push(cell);
      at = next;
      if (isEnd(text[at]) || record.cells.length > MAX_IMPORT_COLUMNS) break;
      at += 1;
    }
    record.end = at;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    at += 1;
    line += 1;
    if (record.cells.some(isFilled)) yield record;
  }
}

const DELIMITERS = [',', ';', '\t', '|'];
/** What a spreadsheet writes before all else, and shows nobody. */
const SEPARATOR_LINE = /^"?sep=(.)"?(?:\r\n|\n|\r|$)/i;
/** A header is one of the first records, and this many are looked at to find it. */
const MAX_HEADER_AT = 10;
const SAMPLE = 30;
/** How much of a text is looked at to find its layout. */
const SAMPLE_CHARS = 256 * 1024;
const LEAST_ALIKE = 0.5;
/** One known word may stand in a row too: `gpu`. */
const LEAST_NAMES = 2;

export interface CsvLayout {
  delimiter: string;
  /** Where the header begins. */
  header_at: number;
}

function* some<T>(items: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const item of items) {
    if ((count += 1) > most) return;
    yield item;
  }
}

function sampleOf(text: string, delimiter: string, from: number): CsvRecord[] {
  const sample: CsvRecord[] = [];
  try {
    for (const record of some(recordsIn(text, delimiter, from), SAMPLE)) sample.push(record);
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
  return sample;
}

const isFilled = (cell: string): boolean => cell.trim() !== '';
const filledIn = ({ cells }: CsvRecord): number => cells.filter(isFilled).length;

/** As many cells as the header has; empty ones behind do not count. */
const fits = ({ cells }: CsvRecord, columns: number): boolean =>
  cells.length >= columns && !cells.slice(columns).some(isFilled);

interface Guess extends CsvLayout {
  score: number;
}

/**
 * A header has names in most of its cells, and rows of as many cells after it; of several such
 * records it is the one with the most names that columns have.
 */
function guessHeader(sample: readonly CsvRecord[], delimiter: string): Guess {
  const fullest = Math.max(...sample.map(filledIn), 0);
  const guesses = sample.slice(0, MAX_HEADER_AT).flatMap((header, at) => {
    const rows = sample.slice(at + 1);
    const columns = header.cells.length;
    const alike = rows.filter((row) => fits(row, columns)).length / (rows.length || 1);
    const isNamed = filledIn(header) * 2 >= fullest && (at === 0 || !header.cells.some(isNumber));
    if (columns < 2 || !isNamed || alike < LEAST_ALIKE) return [];
    const names = header.cells.filter(isColumnName).length;
    return [{ delimiter, header_at: header.start, score: columns * alike, names }];
  });
  const [most] = guesses.toSorted((a, b) => b.names - a.names);
  const best = most && most.names >= LEAST_NAMES ? most : guesses[0];
  if (best) return best;
  const [first] = sample;
  const columns = first?.cells.length ?? 1;
  return { delimiter, header_at: first?.start ?? 0, score: (columns - 1) / MAX_IMPORT_COLUMNS };
}

const isNumber = (cell: string): boolean => readingsOf(cell) !== null;

/** What parts the cells and where the header is: as `sep=` says, else as most rows look. */
export function layoutOf(text: string): CsvLayout {
  const [said, separator] = SEPARATOR_LINE.exec(text) ?? [];
  const from = said?.length ?? 0;
  const delimiters = separator === undefined ? DELIMITERS : [separator];
  const begin = text.slice(0, SAMPLE_CHARS);
  const guesses = delimiters.map((one) => guessHeader(sampleOf(begin, one, from), one));
  return guesses.reduce((best, guess) => (guess.score > best.score ? guess : best));
}
