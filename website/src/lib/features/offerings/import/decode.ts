/** What bytes of a chosen file are as text, whatever program wrote them; or why they are none. */
export type Decoded = { text: string; encoding: string } | { refused: string };

/** How files begin that are no text, and what to do with one. */
const others: readonly [start: readonly number[], refused: string][] = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    'That is a workbook or an archive. Save the sheet as CSV in your spreadsheet, and choose that.',
  ],
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    'That is an old Excel workbook. Save the sheet as CSV, and choose that.',
  ],
  [[0x25, 0x50, 0x44, 0x46], 'That is a PDF. Choose the list as CSV or JSON.'],
];

const begins = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, at) => bytes[at] === byte);

/** UTF-16 without a mark: of letters of Latin script every second byte is nothing. */
function isWide(bytes: Uint8Array, odd: 0 | 1): boolean {
  const sample = bytes.subarray(0, 200);
  const halves = sample.filter((_, at) => at % 2 === odd);
  return halves.length > 1 && halves.filter((byte) => byte === 0).length * 2 > halves.length;
}

function encodingOf(bytes: Uint8Array): string {
  if (begins(bytes, [0xff, 0xfe]) || isWide(bytes, 1)) return 'utf-16le';
  if (begins(bytes, [0xfe, 0xff]) || isWide(bytes, 0)) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    // What Excel writes on Windows where nobody asked for UTF-8.
    return 'windows-1252';
  }
}

/** Reads a file’s bytes as the text that they are. */
export function decode(bytes: Uint8Array): Decoded {
  const other = others.find(([start]) => begins(bytes, start));
  if (other) return { refused: other[1] };
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0')
    ? { refused: 'That is no text. Choose the list as CSV or JSON.' }
    : { text, encoding };
}
