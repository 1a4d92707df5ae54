import { fieldNames } from '@berth/shared/market/fields';
import { getFilter, setFilter, type Filter } from '@berth/shared/market/filter';
import { writeQuery } from '@berth/shared/market/query-write';
import { conjunctsOf, everything, normal, type Query } from '@berth/shared/market/tree';
import { isWords, rangeWords } from './words.ts';

/** One thing that a query asks for, and the query without it. */
export interface Chip {
  label: string;
  without: Query;
}

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

/** Everything that a query asks for: its fields in the panel's order, then its words. */
export function chipsOf(query: Query): Chip[] {
  const fields = fieldNames.flatMap((name) => {
    const filter = getFilter(query, name);
    return filter === null ? [] : chipsOfFilter(query, name, filter);
  });
  const unlike = fieldNames.reduce((rest, name) => setFilter(rest, name, null), query);
  const parts = conjunctsOf(normal(query));
  const others = conjunctsOf(unlike).map((part) => {
    const rest = parts.filter((one) => writeQuery(one) !== writeQuery(part));
    const label = part.type === 'text' ? `“${part.text}”` : writeQuery(part);
    return chip(label, rest.length === 0 ? everything : normal({ type: 'all', of: rest }));
  });
  return [...fields, ...others];
}

/** What a query says, in words: `H100, Netherlands, Price an hour under 2.5`. */
export const queryWords = (query: Query): string =>
  chipsOf(query)
    .map(({ label }) => label)
    .join(', ');
