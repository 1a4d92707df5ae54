/** Rows of cells, all of one length. */
export type Block = readonly (readonly string[])[];

const NEEDS_QUOTES = /["\t\r\n]/;

/** As spreadsheets copy: cells parted by tabs, and in quotation marks where one has lines. */
export const writeTsv = (block: Block): string =>
  block
    .map((row) =>
      row
        .map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join('\t'),
    )
    .join('\n');

/** What a spreadsheet put on the clipboard; short rows are filled up with empty cells. */
export function readTsv(text: string): Block {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < text.length || rows.at(-1)?.length === 0) {
    const { cell, end } = cellAt(text, at);
    rows.at(-1)?.push(cell);
    at = end;
    if (at >= text.length) break;
    if (text[at] === '\t') {
      at += 1;
      // A tab at the very end has an empty cell behind it.
      if (at === text.length) rows.at(-1)?.push('');
      continue;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    // The last line ends too; it begins no row.
    if (at < text.length) rows.push([]);
  }
  const length = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array.from({ length: length - row.length }, () => '')]);
}

const QUOTED = /"([^"]*(?:""[^"]*)*)"(?=[\t\r\n]|$)/y;
const PLAIN = /[^\t\r\n]*/y;

function cellAt(text: string, at: number): { cell: string; end: number } {
  QUOTED.lastIndex = at;
  const quoted = QUOTED.exec(text);
  if (quoted) {
    return { cell: (quoted[1] ?? '').replaceAll('""', '"'), end: QUOTED.lastIndex };
  }
  PLAIN.lastIndex = at;
  const [cell = ''] = PLAIN.exec(text) ?? [];
  return { cell, end: PLAIN.lastIndex };
}
