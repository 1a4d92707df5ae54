/**
 * Plain words as what people mean by them: `cheap gpu in europe` is GPUs in Europe, the cheapest
 * first. A query stays as it was written; this is another one, made of it to be searched by. What
 * is in quotes, or beside a colon, is what it says.
 */
import type { Currency } from '../money.ts';
import type { FieldName } from './fields.ts';
import { foldText } from './fold.ts';
import { findMeasure, type About } from './measures.ts';
import { findPhrase, type SaidSort } from './phrases.ts';
import { readQuery } from './query.ts';
import { writeQuery } from './query-write.ts';
import { isSmallWord } from './small-words.ts';
import { regionsOf, type Region } from './regions.ts';
import { conjunctsOf, normal, type Node, type Query, type Value } from './tree.ts';

/** The most words that one meaning has: `at least 24 gb of gpu memory`. */
const MAX_PHRASE_WORDS = 7;

/** Some words of a query, and what they were understood as. */
export interface Reading {
  words: string[];
  /** Null where they only ask for an order. */
  means: Query | null;
  sort: SaidSort | null;
  /** The currency that their amount is in. */
  currency: Currency | null;
  /** Whether what they mean is left out, as in `not europe`. */
  denied: boolean;
}

export interface Understood {
  query: Query;
  /** The query of all words as words, where some were understood: what is tried after it. */
  plain: Query | null;
  readings: readonly Reading[];
}

/** A word that stands by itself, and whether it is denied. */
interface Word {
  text: string;
  denied: boolean;
}

const wordOf = (node: Node): Word | null => {
  if (node.type === 'text' && !node.phrase) return { text: node.text, denied: false };
  const isDenied = node.type === 'not' && node.of.type === 'text' && !node.of.phrase;
  return isDenied && node.of.type === 'text' ? { text: node.of.text, denied: true } : null;
};

/** Queries by their text: the tables have few. */
const read = new Map<string, Query>();
/** Amounts are what anybody writes, so that what is kept of them has an end. */
const MAX_READ = 2_000;

function queryFrom(text: string): Query | null {
  const known = read.get(text);
  if (known !== undefined) return known;
  const found = readQuery(text);
  if (!found.ok) return null;
  if (read.size >= MAX_READ) read.clear();
  read.set(text, found.query);
  return found.query;
}

type Meaning = Pick<Reading, 'means' | 'sort' | 'currency'>;

function meaningOf(words: readonly string[], about: About): Meaning | null {
  const said = findPhrase(words);
  if (said?.type === 'sort') return { means: null, sort: said.sort, currency: null };
  const measure = said === null ? findMeasure(words, about) : null;
  const text = said?.means ?? measure?.means;
  const means = text === undefined ? null : queryFrom(text);
  return means && { means, sort: null, currency: measure?.currency ?? null };
}

/** Every field that a query asks for, denied or not. */
function* fieldsIn(node: Node): Iterable<{ field: FieldName; value: Value }> {
  if (node.type === 'is') yield node;
  if (node.type === 'not') yield* fieldsIn(node.of);
  if (node.type === 'all' || node.type === 'any') for (const part of node.of) yield* fieldsIn(part);
}

const MONTHLY: readonly Value[] = ['compute', 'dedicated', 'storage', 'network', 'hosting'];

const NOTHING: About = { gpu: false, monthly: false, storage: false };

/** What a search is about, by what its fields say and what its words mean. */
function aboutOf(pieces: readonly Piece[]): About {
  const means = pieces.map((one) => ('means' in one ? one.means : one.node));
  const said = means.flatMap((node) => (node === null ? [] : [...fieldsIn(node)]));
  const kinds = said.flatMap(({ field, value }) => (field === 'kind' ? [value] : []));
  const gpu = kinds.includes('gpu') || said.some(({ field }) => field.startsWith('gpu'));
  return {
    gpu,
    monthly: !gpu && kinds.some((kind) => MONTHLY.includes(kind)),
    storage: kinds.length > 0 && kinds.every((kind) => kind === 'storage'),
  };
}

type Piece = Reading | { node: Node };

/** The longest meaning that begins at a word; null where none does. */
function readingAt(parts: readonly Node[], at: number, about: About): Reading | null {
  const first = wordOf(parts[at] as Node);
  if (first === null) return null;
  const found = readingFrom(parts, at, about, first.denied);
  const denies = !first.denied && ['no', 'without'].includes(foldText(first.text));
  return found ?? (denies ? readingFrom(parts, at, about, true) : null);
}

function readingFrom(
  parts: readonly Node[],
  at: number,
  about: About,
  denied: boolean,
): Reading | null {
  const words: string[] = [];
  let found: Reading | null = null;
  /** Of `not in europe` and `without gpu` the words that have the meaning begin later. */
  let skipped = 0;
  for (let end = at; end < parts.length && words.length < MAX_PHRASE_WORDS; end++) {
    const word = wordOf(parts[end] as Node);
    if (word === null || (end > at && word.denied)) break;
    words.push(word.text);
    const isBefore = isSmallWord(word.text) || (end === at && !word.denied);
    if (denied && skipped === words.length - 1 && isBefore) {
      skipped += 1;
      continue;
    }
    const meaning = meaningOf(words.slice(skipped), about);
    // To want the dearest first is not what is meant by `-cheap`.
    if (meaning === null || (denied && meaning.means === null)) continue;
    found = { ...meaning, words: [...words], denied };
  }
  return found;
}

function readingsOf(parts: readonly Node[], about: About): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < parts.length;) {
    const reading = readingAt(parts, at, about);
    pieces.push(reading ?? { node: parts[at] as Node });
    at += reading?.words.length ?? 1;
  }
  return pieces;
}

/** Of these an offering has one, so that several said in a row are a choice. */
const ONE_OF: readonly FieldName[] = [
  ...(['kind', 'gpu', 'gpu_vendor', 'gpu_count', 'country', 'region', 'disk_kind'] as const),
  ...(['virtualization', 'commitment'] as const),
];
const isPlace = (field: FieldName): boolean => field === 'country' || field === 'region';

/** A choice of values of one field; null for what is something else. */
function choiceOf(node: Node): { field: FieldName; values: Value[] } | null {
  const of = node.type === 'any' ? node.of : [node];
  const values = of.flatMap((part) => (part.type === 'is' && part.op === '=' ? [part] : []));
  const [first] = values;
  const isOne = values.length === of.length && values.every(({ field }) => field === first?.field);
  return first !== undefined && isOne && ONE_OF.includes(first.field)
    ? { field: first.field, values: values.map(({ value }) => value) }
    : null;
}

type Choice = NonNullable<ReturnType<typeof choiceOf>>;

/** Whether one choice is a part of the other, as Norway is of Europe and a GPU of servers. */
function isWithin(one: Choice, other: Choice): boolean {
  if (one.field === 'country' && other.field === 'region') {
    return one.values.every((code) =>
      regionsOf(String(code)).some((region: Region) => other.values.includes(region)),
    );
  }
  if (one.field !== other.field || one === other) return false;
  const isGpu = one.field === 'kind' && one.values.every((kind) => kind === 'gpu');
  if (isGpu && other.values.some((kind) => kind === 'compute' || kind === 'dedicated')) return true;
  const isPart = one.values.every((value) => other.values.includes(value));
  return isPart && one.values.length < other.values.length;
}

/** What readings mean together: `h100 a100` is either, `server vps` a VPS. */
function together(readings: readonly Reading[]): Node[] {
  const wanted = readings.flatMap(({ means, denied }) => (denied || !means ? [] : [means]));
  const denied = readings.flatMap(({ means, denied }) => (denied && means ? [means] : []));
  const parts = wanted.flatMap((node) => [...conjunctsOf(node)]);
  const choices = parts.flatMap((node) => choiceOf(node) ?? []);
  const rest = parts.filter((node) => choiceOf(node) === null);
  const left = choices.filter((one) => !choices.some((other) => isWithin(other, one)));
  const groups = Map.groupBy(left, ({ field }) => (isPlace(field) ? 'place' : field));
  const any = [...groups.values()].map((group): Node => {
    const said = group.flatMap(({ field, values }) => values.map((value) => ({ field, value })));
    const each = new Map(said.map((one) => [`${one.field} ${String(one.value)}`, one]));
    const of = [...each.values()].map((one): Node => ({ type: 'is', op: '=', ...one }));
    return { type: 'any', of };
  });
  return [...any, ...rest, ...denied.map((of): Node => ({ type: 'not', of }))];
}

/** `not in oslo` is without Oslo: a denial goes past small words. */
function carried(nodes: readonly Node[]): Node[] {
  const out: Node[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    const before = last && wordOf(last);
    if (before?.denied && isSmallWord(before.text) && wordOf(node)?.denied === false) {
      out[out.length - 1] = { type: 'not', of: node };
    } else {
      out.push(node);
    }
  }
  return out;
}

const isSmall = (node: Node): boolean => {
  const word = wordOf(node);
  return word !== null && !word.denied && isSmallWord(word.text);
};

/** Conjuncts as pieces: what their words mean, read again where that says what they are about. */
type Read = (nodes: readonly Node[]) => Piece[];

const asMeant: Read = (nodes) => {
  const first = readingsOf(nodes, NOTHING);
  const about = aboutOf(first);
  return about.gpu || about.monthly || about.storage ? readingsOf(nodes, about) : first;
};
const asWords: Read = (nodes) => nodes.map((node) => ({ node }));

function understandAll(nodes: readonly Node[], read: Read): { of: Node[]; readings: Reading[] } {
  const pieces = read(nodes);
  const readings = pieces.filter((piece) => 'words' in piece);
  const others = carried(pieces.flatMap((piece) => ('node' in piece ? [piece.node] : [])));
  const rest = others.filter((node) => !isSmall(node));
  // Nothing but small words is a search for them.
  const kept = rest.length === 0 && readings.length === 0 ? others : rest;
  const deeper = kept.map((node) => understandPart(node, read));
  return {
    of: [...together(readings), ...deeper.map(({ node }) => node)],
    readings: [...readings, ...deeper.flatMap((one) => one.readings)],
  };
}

function understandPart(node: Node, read: Read): { node: Node; readings: Reading[] } {
  if (node.type === 'all') {
    const { of, readings } = understandAll(node.of, read);
    return { node: { type: 'all', of }, readings };
  }
  if (node.type === 'any') {
    const parts = node.of.map((part) => understandAll(conjunctsOf(part), read));
    return {
      node: { type: 'any', of: parts.map(({ of }): Node => ({ type: 'all', of })) },
      readings: parts.flatMap(({ readings }) => readings),
    };
  }
  if (node.type === 'not' && wordOf(node) === null) {
    const { node: of, readings } = understandPart(node.of, read);
    return {
      node: { type: 'not', of },
      readings: readings.map((one) => ({ ...one, denied: !one.denied })),
    };
  }
  return { node, readings: [] };
}

/** What a query is searched by, and what of it was understood as something else than words. */
export function understand(query: Query): Understood {
  const parts = conjunctsOf(query);
  const { of, readings } = understandAll(parts, asMeant);
  const words = normal({ type: 'all', of: understandAll(parts, asWords).of });
  const plain = readings.length === 0 ? null : words;
  return { query: normal({ type: 'all', of }), plain, readings };
}

/** A reading as a search answers it. */
export const readingView = ({ words, means, sort, denied }: Reading) => ({
  text: words.join(' '),
  query: means && writeQuery(denied ? { type: 'not', of: means } : means),
  sort,
});

/** The order that the words ask for; the last one counts. */
export const sortSaid = ({ readings }: Understood): SaidSort | null =>
  readings.findLast(({ sort }) => sort !== null)?.sort ?? null;

/** The currency that the words say an amount is in; the last one counts. */
export const currencySaid = ({ readings }: Understood): Currency | null =>
  readings.findLast(({ currency }) => currency !== null)?.currency ?? null;
