import { fieldNames, searchFields } from '@berth/shared/market/fields';
import { getFilter, setFilter, type Filter } from '@berth/shared/market/filter';
import { writeQuery } from '@berth/shared/market/query-write';
import { readQuery } from '@berth/shared/market/query';
import { isSmallWord } from '@berth/shared/market/small-words';
import type { SearchReply, SearchSort } from '@berth/shared/market/schemas';
import { conjunctsOf, everything, normal, type Node, type Query } from '@berth/shared/market/tree';
import { isBare, isWords, rangeWords, valueWords } from './words.ts';

/** One thing that a query asks for, and the query without it. */
export interface Chip {
  label: string;
  without: Query;
  /** Where it is what plain words were understood as: the words, and the query that quotes them. */
  said?: { words: string; quoted: Query };
}

export type Understood = SearchReply['understood'];

const chip = (label: string, without: Query): Chip => ({ label, without });

function chipsOfFilter(query: Query, name: (typeof fieldNames)[number], filter: Filter): Chip[] {
  const set = (next: Filter | null) => setFilter(query, name, next);
  switch (filter.type) {
    case 'range':
      return [chip(rangeWords(name, filter.from, filter.to), set(null))];
    case 'other': {
      const text = writeQuery({ type: 'all', of: filter.of });
      return [chip(text, set(null))];
    }
    case 'one_of':
    case 'all_of':
    case 'none_of': {
      const { type, values } = filter;
      return values.map((value) => {
        const rest = values.filter((one) => one !== value);
        const words = isWords(name, value);
        const label = type === 'none_of' ? `not ${words}` : words;
        return chip(label, set(rest.length === 0 ? null : { type, values: rest }));
      });
    }
  }
}

/** Where some words stand side by side among conjuncts; the first may be denied. */
function placeOf(parts: readonly Node[], words: readonly string[]): number {
  const isWord = (node: Node | undefined, word: string | undefined) =>
    node?.type === 'text' && !node.phrase && node.text === word;
  return parts.findIndex((first, at) =>
    words.every((word, nth) => {
      const node = nth === 0 && first.type === 'not' ? first.of : parts[at + nth];
      return isWord(node, word);
    }),
  );
}

/** Parts with others in place of some words; null where the words are not there. */
function replacedIn(parts: readonly Node[], words: readonly string[], by: Node[]): Node[] | null {
  const at = placeOf(parts, words);
  if (at >= 0) {
    const put = by.map((of): Node => (parts[at]?.type === 'not' ? { type: 'not', of } : of));
    return parts.toSpliced(at, words.length, ...put);
  }
  for (const [nth, part] of parts.entries()) {
    const other = replacedInside(part, words, by);
    if (other !== null) return parts.toSpliced(nth, 1, other);
  }
  return null;
}

function replacedInside(node: Node, words: readonly string[], by: Node[]): Node | null {
  if (node.type === 'not') {
    const of = replacedIn(conjunctsOf(node.of), words, by);
    return of && { type: 'not', of: { type: 'all', of } };
  }
  if (node.type !== 'any') return null;
  for (const [nth, part] of node.of.entries()) {
    const of = replacedIn(conjunctsOf(part), words, by);
    if (of !== null) return { type: 'any', of: node.of.toSpliced(nth, 1, { type: 'all', of }) };
  }
  return null;
}

const sortWords: Partial<Record<SearchSort, string>> = {
  price: 'Lowest price first',
  newest: 'Newest first',
};

/** What words mean, with the field's name where a filter's chip does without it. */
function meansWords({ query, sort }: Understood[number]): string {
  if (query === null) return sortWords[sort ?? 'best'] ?? '';
  const read = readQuery(query);
  if (!read.ok) return query;
  const chips = fieldNames.flatMap((name) => {
    const filter = getFilter(read.query, name);
    if (filter === null) return [];
    const labels = chipsOfFilter(read.query, name, filter).map(({ label }) => label);
    const prefix = isBare(name) ? `${searchFields[name].label}: ` : '';
    return [`${prefix}${labels.join(' or ')}`];
  });
  if (chips.length > 0) return chips.join(', ');
  const either = read.query.type === 'any' ? read.query.of : [];
  const values = either.flatMap((part) => (part.type === 'is' ? [part] : []));
  if (values.length === 0) return query;
  return [...Map.groupBy(values, ({ field }) => field)]
    .map(([field, of]) => {
      return `${searchFields[field].label} ${of.map(({ value }) => valueWords(field, value)).join(', ')}`;
    })
    .join(' or ');
}

function chipsOfWords(query: Query, understood: Understood): Chip[] {
  return understood.flatMap((one) => {
    const words = one.text.split(' ');
    const by = (put: Node[]): Query | null => {
      const of = replacedIn(conjunctsOf(query), words, put);
      return of && normal({ type: 'all', of });
    };
    const without = by([]);
    const text = words.slice(words.findIndex((word) => !isSmallWord(word))).join(' ');
    const quoted = by([{ type: 'text', text, phrase: true }]);
    if (without === null || quoted === null) return [];
    return [{ label: meansWords(one), without, said: { words: one.text, quoted } }];
  });
}

/** What is left of parts without the words that were understood. */
const leftOf = (parts: readonly Node[], understood: Understood): readonly Node[] =>
  understood.reduce((left, { text }) => {
    const words = text.split(' ');
    const at = placeOf(left, words);
    return at < 0 ? left : left.toSpliced(at, words.length);
  }, parts);

/** Everything that a query asks for: its fields in the panel's order, then its words. */
export function chipsOf(query: Query, understood: Understood = []): Chip[] {
  const fields = fieldNames.flatMap((name) => {
    const filter = getFilter(query, name);
    return filter === null ? [] : chipsOfFilter(query, name, filter);
  });
  const unlike = fieldNames.reduce((rest, name) => setFilter(rest, name, null), query);
  const parts = conjunctsOf(normal(query));
  const isSmall = (part: Node) => part.type === 'text' && !part.phrase && isSmallWord(part.text);
  const left = leftOf(conjunctsOf(unlike), understood);
  // Small words ask for nothing, unless they are all there is.
  const asked = parts.every(isSmall) ? left : left.filter((part) => !isSmall(part));
  const others = asked.map((part) => {
    const rest = parts.filter((one) => writeQuery(one) !== writeQuery(part));
    const label = part.type === 'text' ? `“${part.text}”` : writeQuery(part);
    return chip(label, rest.length === 0 ? everything : normal({ type: 'all', of: rest }));
  });
  return [...fields, ...chipsOfWords(query, understood), ...others];
}

/** What a query says, in words: `H100, Netherlands, Price an hour under 2.5`. */
export const queryWords = (query: Query): string =>
  chipsOf(query)
    .map(({ label }) => label)
    .join(', ');
