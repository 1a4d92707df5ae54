import {
  fieldNames,
  findField,
  isOrdered,
  operatorsOf,
  searchFields,
  type FieldName,
  type Op,
} from './fields.ts';
import {
  findAt,
  OPERATOR,
  QUOTED,
  SPACE,
  SPACE_OR_COMMA,
  unescaped,
  VALUE,
  WORD,
} from './lexis.ts';
import { nearest } from './nearest.ts';
import { quoted, writeQuery } from './query-write.ts';
import { COMPARISON, normal, type Node, type Query } from './tree.ts';
import { readValue, valueSentence } from './values.ts';

export const MAX_QUERY_LENGTH = 1_000;
export const MAX_TERMS = 64;
/** How deep brackets and denials may stand in each other. */
export const MAX_DEPTH = 8;

/** What is wrong with a text, and where: `suggestion` could stand in place of `from` to `to`. */
export interface QueryError {
  message: string;
  from: number;
  to: number;
  suggestion?: string;
}

export type ReadQuery = { ok: true; query: Query } | { ok: false; error: QueryError };

/** A place in the text, from and to. */
type Span = readonly [number, number];

interface State {
  readonly text: string;
  at: number;
  terms: number;
  error: QueryError | null;
}

/** Where a term stands: how deep, and in whose brackets. */
interface Inside {
  depth: number;
  field: FieldName | null;
  /** What needs something after it, such as `or`. */
  needs: Span | null;
}

/** A sign, then thousands parted by commas: `$1,250`, which a comma does not end. */
const GROUPED = /^\p{Sc}\d{1,3}$/u;
const THOUSANDS = /(?:,\d{3})*(?![\d,])/y;
/** `1,5`, as many write one and a half. */
const WHOLE = /^\p{Sc}?\d{1,9}$/u;
const COMMA_PART = /,\d{1,2}(?![\d,])/y;
const RANGE = /^(.*?)\.\.(.*)$/s;
const BARE_NUMBER = /^[\d.]+$/;

const peek = ({ text, at }: State, pattern: RegExp): string => findAt(text, pattern, at);

function take(state: State, pattern: RegExp): string {
  const found = peek(state, pattern);
  state.at += found.length;
  return found;
}

/** Notes the first error; the null is what a reader returns then. */
function fail(state: State, [from, to]: Span, message: string, suggestion?: string): null {
  state.error ??= { message, from, to, ...(suggestion === undefined ? {} : { suggestion }) };
  return null;
}

/** `or`, `and` or `not` where one stands here as an operator. */
function keyword(state: State): string {
  const word = peek(state, WORD).toLowerCase();
  const isField = state.text[state.at + word.length] === ':';
  return !isField && ['or', 'and', 'not'].includes(word) ? word : '';
}

/** Notes one more term; false when there are too many. */
function counted(state: State, span: Span): boolean {
  state.terms += 1;
  if (state.terms <= MAX_TERMS) return true;
  fail(state, span, `A query has at most ${MAX_TERMS} terms.`);
  return false;
}

function readAny(state: State, inside: Inside): Node | null {
  const of: Node[] = [];
  let { needs } = inside;
  for (;;) {
    const all = readAll(state, { ...inside, needs });
    if (all === null) return null;
    of.push(all);
    if (keyword(state) !== 'or') return { type: 'any', of };
    needs = [state.at, state.at + 2];
    state.at += 2;
  }
}

function readAll(state: State, inside: Inside): Node | null {
  const of: Node[] = [];
  let { needs } = inside;
  for (;;) {
    take(state, SPACE_OR_COMMA);
    const word = keyword(state);
    const here: Span = [state.at, state.at + word.length];
    const isEnd = state.at >= state.text.length || state.text[state.at] === ')' || word === 'or';
    if (isEnd && needs === null && (of.length > 0 || word === '')) return { type: 'all', of };
    if (isEnd || (word === 'and' && (needs !== null || of.length === 0))) {
      const [from, to] = needs ?? here;
      const mark = state.text.slice(from, to);
      return fail(state, [from, to], `Something is missing beside ${mark}; quote it as a word.`);
    }
    if (word === 'and') {
      needs = here;
      state.at += word.length;
      continue;
    }
    const unit = readUnit(state, { ...inside, needs: null });
    if (unit === null) return null;
    of.push(unit);
    needs = null;
  }
}

function readUnit(state: State, inside: Inside): Node | null {
  const from = state.at;
  const first = state.text[from];
  const deeper = { ...inside, depth: inside.depth + 1 };
  const denies = keyword(state) === 'not' ? 3 : first === '-' ? 1 : 0;
  if ((denies > 0 || first === '(') && deeper.depth > MAX_DEPTH) {
    const message = `Brackets and - stand in each other at most ${MAX_DEPTH} deep.`;
    return fail(state, [from, from + (denies || 1)], message);
  }
  if (first === '(') return readGroup(state, deeper);
  if (denies > 0) return readDenied(state, deeper, [from, from + denies]);
  if (inside.field !== null && !isFieldAhead(state)) return readValues(state, inside.field, from);
  if (first === '"') {
    const text = readQuoted(state);
    if (text === null || !counted(state, [from, state.at])) return null;
    return { type: 'text', text, phrase: true };
  }
  return readWord(state, inside);
}

function readDenied(state: State, inside: Inside, sign: Span): Node | null {
  state.at = sign[1];
  if (sign[1] - sign[0] > 1) take(state, SPACE);
  const next = peek(state, /[^\s\p{C}),]/uy);
  if (next === '' || ['or', 'and'].includes(keyword(state))) {
    const mark = state.text.slice(...sign);
    return fail(state, sign, `Write what you do not want right after ${mark}, or quote it.`);
  }
  const of = readUnit(state, inside);
  return of && { type: 'not', of };
}

function readGroup(state: State, inside: Inside): Node | null {
  const bracket: Span = [state.at, state.at + 1];
  state.at += 1;
  take(state, SPACE_OR_COMMA);
  if (state.text[state.at] === ')') {
    return fail(state, [bracket[0], state.at + 1], 'There is nothing in these brackets.');
  }
  const any = readAny(state, { ...inside, needs: null });
  if (any === null) return null;
  if (state.text[state.at] !== ')') return fail(state, bracket, 'This bracket is not closed.');
  state.at += 1;
  return any;
}

function readQuoted(state: State): string | null {
  const from = state.at;
  const found = take(state, QUOTED);
  if (found === '') return fail(state, [from, from + 1], 'This quote is not closed.');
  const text = unescaped(found.slice(1, -1));
  return /[^\s\p{C}]/u.test(text)
    ? text
    : fail(state, [from, state.at], 'There is nothing between these quotes.');
}

function isFieldAhead(state: State): boolean {
  const name = peek(state, WORD);
  return state.text[state.at + name.length] === ':' && findField(name) !== null;
}

function readWord(state: State, inside: Inside): Node | null {
  const from = state.at;
  const begun = take(state, WORD);
  const thousands = GROUPED.test(begun) ? take(state, THOUSANDS).replaceAll(',', '') : '';
  const part = WHOLE.test(begun) ? take(state, COMMA_PART).replace(',', '.') : '';
  const more = thousands + part;
  const word = begun + more + (more === '' ? '' : take(state, WORD));
  const span: Span = [from, state.at];
  if (state.text[state.at] === ':') return readField(state, inside, word, span);
  const [, name = '', op = '', rest = ''] = COMPARISON.exec(word) ?? [];
  const field = findField(name);
  if (field !== null) {
    const suggestion = `${field}:${op}${rest}`;
    return fail(state, span, `Put a colon after ${name}: ${suggestion}`, suggestion);
  }
  if (name !== '') return fail(state, span, `Quote words that have ${op} in them.`, `"${word}"`);
  return counted(state, span) ? { type: 'text', text: word, phrase: false } : null;
}

function readField(state: State, inside: Inside, word: string, span: Span): Node | null {
  const field = findField(word);
  state.at += 1;
  if (field === null) return unknownField(state, word, span);
  if (state.text[state.at] !== '(') return readValues(state, field, span[0]);
  const depth = inside.depth + 1;
  const bracket: Span = [state.at, state.at + 1];
  if (depth > MAX_DEPTH) return fail(state, bracket, `Brackets are at most ${MAX_DEPTH} deep.`);
  return readGroup(state, { depth, field, needs: null });
}

function unknownField(state: State, word: string, [from, to]: Span): null {
  const rest = take(state, VALUE);
  const whole = quoted(`${word}:${rest}`);
  const none = word === '' ? 'Nothing stands before this colon.' : `There is no field ${word}.`;
  const near = nearest(word, fieldNames, (name) => searchFields[name].also);
  if (near !== null) return fail(state, [from, to], `${none} Did you mean ${near}?`, near);
  const message = `${none} To search for it as words, quote it: ${whole}`;
  return fail(state, [from, state.at], message, rest === '' ? undefined : whole);
}

/** One value, or several parted by commas, any of which will do. */
function readValues(state: State, field: FieldName, from: number): Node | null {
  const of: Node[] = [];
  for (;;) {
    const item = readItem(state, field, from);
    if (item === null) return null;
    of.push(item);
    if (state.text[state.at] !== ',') break;
    state.at += 1;
    take(state, SPACE);
  }
  const isList = searchFields[field].type !== 'money' && of.every(isEqual);
  if (of.length === 1 || isList) return { type: 'any', of };
  const message =
    searchFields[field].type === 'money'
      ? 'Write an amount without commas; join several with or.'
      : `A list is of plain values; join others with or, such as ${field}:(1 or >=4).`;
  return fail(state, [from, state.at], message);
}

const isEqual = (node: Node): boolean => node.type === 'is' && node.op === '=';

function readItem(state: State, field: FieldName, start: number): Node | null {
  const from = state.at;
  const op = take(state, OPERATOR) as Op | '';
  if (op !== '') take(state, SPACE);
  const isQuoted = state.text[state.at] === '"';
  const text = isQuoted ? readQuoted(state) : readBare(state, field);
  if (text === null) return null;
  const span: Span = [from, state.at];
  if (text === '') {
    const { example } = searchFields[field];
    return fail(state, [start, state.at], `Write a value right after ${field}: as in ${example}`);
  }
  if (!counted(state, span)) return null;
  if (op !== '' && !operatorsOf(field).includes(op)) {
    return fail(state, span, `${field} takes no ${op}, as in ${searchFields[field].example}`);
  }
  if (!isQuoted && text.startsWith('-')) {
    return fail(state, span, `To exclude it, put the - before the name: -${field}:`);
  }
  const range = !isQuoted && op === '' && isOrdered(field) ? RANGE.exec(text) : null;
  if (range) return readRange(state, field, range, span);
  const value = readValue(field, text);
  if (value === null) return wrongValue(state, field, text, span);
  return { type: 'is', field, op: op || '=', value };
}

/** A value without quotes; a unit that stands apart from its number belongs to it. */
function readBare(state: State, field: FieldName): string {
  const text = take(state, VALUE);
  const { units } = searchFields[field];
  if (units === null || !/[\d.]$/.test(text)) return text;
  const end = state.at;
  take(state, SPACE);
  const name = take(state, WORD);
  if (state.text[state.at] !== ':' && units.some(({ as }) => as.test(name))) return text + name;
  state.at = end;
  return text;
}

function readRange(state: State, field: FieldName, found: string[], span: Span): Node | null {
  const [, low = '', high = ''] = found;
  const unit = BARE_NUMBER.test(low) ? (/[a-z%/]*$/i.exec(high)?.[0] ?? '') : '';
  const ends = [low === '' ? '' : low + unit, high];
  const values = ends.map((end) => (end === '' ? null : readValue(field, end)));
  const isWrong = values.some((value, index) => value === null && ends[index] !== '');
  const [least = null, most = null] = values;
  if (isWrong || (least === null && most === null)) {
    return fail(state, span, `A range has a number at each end or at one. ${valueSentence(field)}`);
  }
  if (least !== null && most !== null && least > most) {
    return fail(
      state,
      span,
      'This range is empty; write the smaller number first.',
      `${high}..${low}`,
    );
  }
  const of: Node[] = [];
  if (least !== null) of.push({ type: 'is', field, op: '>=', value: least });
  if (most !== null) of.push({ type: 'is', field, op: '<=', value: most });
  return { type: 'all', of };
}

function wrongValue(state: State, field: FieldName, text: string, span: Span): null {
  const { values } = searchFields[field];
  const near = values && nearest(text, Object.keys(values), (value) => [values[value] ?? '']);
  const message = near ? `${valueSentence(field)} Did you mean ${near}?` : valueSentence(field);
  return fail(state, span, message, near ?? undefined);
}

/** Reads a query, or says what is wrong with the text and where; it never throws. */
export function readQuery(text: string): ReadQuery {
  const state: State = { text, at: 0, terms: 0, error: null };
  const tooLong: QueryError = {
    message: `A query has at most ${MAX_QUERY_LENGTH} characters.`,
    from: Math.min(MAX_QUERY_LENGTH, text.length),
    to: text.length,
  };
  if (text.length > MAX_QUERY_LENGTH) return { ok: false, error: tooLong };
  const node = readAny(state, { depth: 0, field: null, needs: null });
  if (node !== null && state.at < text.length) {
    fail(state, [state.at, state.at + 1], 'This bracket closes nothing.');
  }
  if (node === null || state.error !== null) return { ok: false, error: state.error ?? tooLong };
  const query = normal(node);
  // What is read can be written and read again, though its one text may be the longer.
  if (writeQuery(query).length > MAX_QUERY_LENGTH) {
    return { ok: false, error: { ...tooLong, from: 0 } };
  }
  return { ok: true, query };
}
