/** Values that one body holds: more than a thousand rows of every column. */
export const MAX_BODY_VALUES = 100_000;
/** A body that is no longer has never so many that reading them takes long. */
const SHORT_BODY_CHARS = 256 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What stands before a value: a comma, a colon, a bracket, a brace. */
const BEFORE_VALUE = new Set([0x2c, 0x3a, 0x5b, 0x7b]);

/** Whether JSON holds too many values, found out without reading them. */
export function holdsTooMany(json: string): boolean {
  if (json.length <= SHORT_BODY_CHARS) return false;
  let values = 0;
  for (let at = 0; at < json.length && values <= MAX_BODY_VALUES; at++) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) at = endOfText(json, at);
    else if (BEFORE_VALUE.has(char)) values += 1;
  }
  return values > MAX_BODY_VALUES;
}

/** Where the text ends that begins with the quotation mark at `from`. */
function endOfText(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return json.length;
}
