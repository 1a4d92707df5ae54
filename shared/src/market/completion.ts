import { findField, isOrdered, type FieldName } from './fields.ts';
import { findAt, OPERATOR, SPACE, SPACE_OR_COMMA, unescaped, VALUE, WORD } from './lexis.ts';

/** What is wanted where the cursor stands, and the part of the text that it would replace. */
export interface Completion {
  from: number;
  to: number;
  /** A `word` may become a field's name too; after an `operator` a value may stand as well. */
  wanted: 'field' | 'value' | 'operator' | 'word';
  /** Whose value it is. */
  field: FieldName | null;
  /** What stands there up to the cursor, without quotes. */
  prefix: string;
}

/** A quote up to where it is closed, or to where it breaks off. */
const QUOTE_BEGUN = /"(?:[^"\\]|\\.)*/suy;
const LOW_END = /^.*\.\./s;

interface Scan {
  readonly text: string;
  readonly cursor: number;
  at: number;
  /** The field of each bracket that is open. */
  readonly inside: (FieldName | null)[];
}

const found = (wanted: Completion['wanted'], rest: Omit<Completion, 'wanted'>): Completion => ({
  wanted,
  ...rest,
});

/** Passes a quote; the completion where the cursor is inside of it. */
function passQuoted(scan: Scan, field: FieldName | null): Completion | null {
  const { text, cursor, at: from } = scan;
  const end = from + findAt(text, QUOTE_BEGUN, from).length;
  const to = Math.min(end + 1, text.length);
  scan.at = to;
  if (cursor > to) return null;
  const prefix = unescaped(text.slice(from + 1, Math.min(cursor, end)));
  return found(field ? 'value' : 'word', { from, to, field, prefix });
}

/** Passes the values after a field's colon, or those of its brackets. */
function passValues(scan: Scan, field: FieldName): Completion | null {
  const { text, cursor } = scan;
  for (;;) {
    const op = findAt(text, OPERATOR, scan.at);
    scan.at += op.length;
    if (op !== '') scan.at += findAt(text, SPACE, scan.at).length;
    const value = findAt(text, VALUE, scan.at);
    const low = isOrdered(field) ? (LOW_END.exec(value)?.[0] ?? '') : '';
    const from = scan.at + low.length;
    if (cursor < from) return found('value', { from: cursor, to: cursor, field, prefix: '' });
    if (text[scan.at] === '"') {
      const inside = passQuoted(scan, field);
      if (inside) return inside;
    } else {
      const to = scan.at + value.length;
      scan.at = to;
      const isBlank = isOrdered(field) && op + value === '';
      const rest = { from, to, field, prefix: text.slice(from, cursor) };
      if (cursor <= to) return found(isBlank ? 'operator' : 'value', rest);
    }
    if (text[scan.at] !== ',') return null;
    scan.at += 1 + findAt(text, SPACE, scan.at + 1).length;
    if (scan.at > cursor) return found('value', { from: cursor, to: cursor, field, prefix: '' });
  }
}

/** Passes a word, or a field with its values. */
function passWord(scan: Scan): Completion | null {
  const { text, cursor, at: from } = scan;
  const field = scan.inside.at(-1) ?? null;
  const word = findAt(text, WORD, from);
  const colon = from + word.length;
  const named = text[colon] === ':' ? findField(word) : null;
  if (named !== null) {
    const to = colon + 1;
    const prefix = text.slice(from, cursor);
    if (cursor < to) return found('field', { from, to, field: null, prefix });
    scan.at = to;
    if (text[to] !== '(' || cursor === to) return passValues(scan, named);
    scan.at += 1;
    scan.inside.push(named);
    return null;
  }
  if (field !== null) return passValues(scan, field);
  const to = from + Math.max(1, findAt(text, VALUE, from).length);
  scan.at = to;
  if (cursor > to) return null;
  return found('word', { from, to, field: null, prefix: text.slice(from, cursor) });
}

/** Passes one bracket, dash, quote or word; the completion where the cursor is reached. */
function pass(scan: Scan): Completion | null {
  const mark = scan.text[scan.at];
  const field = scan.inside.at(-1) ?? null;
  if (mark === '"') return passQuoted(scan, field);
  if (mark !== '(' && mark !== ')' && mark !== '-') return passWord(scan);
  scan.at += 1;
  if (mark === '(') scan.inside.push(field);
  if (mark === ')' && scan.inside.length > 1) scan.inside.pop();
  return null;
}

/** What could be typed at a place of a text, however unfinished the text is. */
export function completionAt(text: string, at: number): Completion {
  const cursor = Math.min(Math.max(0, at), text.length);
  const scan: Scan = { text, cursor, at: 0, inside: [null] };
  for (;;) {
    scan.at += findAt(text, SPACE_OR_COMMA, scan.at).length;
    if (scan.at >= cursor) {
      const field = scan.inside.at(-1) ?? null;
      const wanted = field ? 'value' : 'word';
      return found(wanted, { from: cursor, to: cursor, field, prefix: '' });
    }
    const completion = pass(scan);
    if (completion) return completion;
  }
}
