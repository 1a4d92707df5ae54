import type * as z from 'zod';
import { fieldNames, findField, searchFields, type FieldName } from '@berth/shared/market/fields';
import { foldText } from '@berth/shared/market/fold';
import { writeQuery } from '@berth/shared/market/query-write';
import { MAX_COMPLETIONS, type completionsReply } from '@berth/shared/market/schemas';
import { countryName } from '@berth/shared/offerings/catalogue';
import type { Reads } from './service-view.ts';

type Item = z.output<typeof completionsReply>['items'][number];

/** Fields whose values are looked for where a bare word stands. */
const NAMED_BY_WORDS = ['gpu', 'kind', 'country', 'provider'] as const;
const VALUES_BY_WORDS = 3;
/** More than any closed list has. */
const CLOSED_VALUES = 50;
const BREAK = /[\s"(),]/;

interface Place {
  /** Whose value is typed; null where a term begins, undefined after a name that is no field. */
  field: FieldName | null | undefined;
  prefix: string;
  from: number;
  to: number;
}

/** What stands at this place of a query that may be half typed. */
function placeOf(q: string, at: number): Place {
  const brackets: Place['field'][] = [];
  let field: Place['field'] = null;
  let from = 0;
  let isQuoted = false;
  for (let index = 0; index < at; index += 1) {
    const sign = q.charAt(index);
    if (isQuoted) {
      if (sign === '\\') index += 1;
      else if (sign === '"') isQuoted = false;
    } else if (sign === '"') {
      isQuoted = true;
      from = index;
    } else if (sign === '(') {
      brackets.push(field);
      from = index + 1;
    } else if (sign === ':') {
      field = findField(q.slice(from, index)) ?? undefined;
      from = index + 1;
    } else if (/[\s)]/.test(sign)) {
      if (sign === ')') brackets.pop();
      field = brackets.length === 0 ? null : brackets.at(-1);
      from = index + 1;
    } else if (sign === ',' || (index === from && /[-<>=]/.test(sign))) {
      from = index + 1;
    }
  }
  const rest = q.slice(at);
  const end = isQuoted ? rest.indexOf('"') + 1 : rest.search(BREAK);
  const to = end < 0 ? q.length : at + end;
  return { field, prefix: q.slice(from, at).replace(/^"/, ''), from, to };
}

/** What may stand where the cursor is: fields, values and words that offerings have. */
export async function completeQuery(
  { search }: Pick<Reads, 'search'>,
  { q = '', at = q.length }: { q?: string | undefined; at?: number | undefined },
): Promise<z.output<typeof completionsReply>> {
  const { field, prefix, from, to } = placeOf(q, Math.min(at, q.length));
  if (field === undefined) return { items: [] };
  const found =
    field === null
      ? await terms(search, prefix)
      : (await values(search, field, prefix, MAX_COMPLETIONS)).map(({ value, ...rest }) => ({
          ...rest,
          text: termOf(field, value).slice(field.length + 1),
        }));
  return { items: found.slice(0, MAX_COMPLETIONS).map((one) => ({ ...one, from, to })) };
}

type Found = Omit<Item, 'from' | 'to'>;

/** `gpu:"H100 SXM"`, in quotes where it needs them. */
const termOf = (field: FieldName, value: string): string =>
  writeQuery({ type: 'is', field, op: '=', value });

type Search = Reads['search'];

async function terms(search: Search, prefix: string): Promise<Found[]> {
  const begins = beginsWith(prefix);
  const fields = fieldNames
    .filter((name) => [name, searchFields[name].label, ...searchFields[name].also].some(begins))
    .map((name) => ({
      text: `${name}:`,
      type: 'field' as const,
      label: searchFields[name].label,
      count: null,
    }));
  if (prefix === '') return fields;
  const named = await Promise.all(
    NAMED_BY_WORDS.map(async (name) =>
      (await values(search, name, prefix, VALUES_BY_WORDS)).map(({ value, ...rest }) => ({
        ...rest,
        text: termOf(name, value),
      })),
    ),
  );
  const words = await search.complete({ field: null, prefix, limit: MAX_COMPLETIONS });
  const plain = words.map(({ value, count }) => ({
    text: value,
    type: 'word' as const,
    label: value,
    count,
  }));
  return [...fields, ...named.flat(), ...plain];
}

/** Values of a field that begin so, the most frequent first; numbers have none to choose from. */
async function values(search: Search, field: FieldName, prefix: string, limit: number) {
  const { type, values: closed } = searchFields[field];
  if (type === 'number' || type === 'money' || type === 'time') return [];
  const begins = beginsWith(prefix);
  const made = (value: string, count: number | null) => ({
    value,
    type: 'value' as const,
    label: closed?.[value] ?? (field === 'country' ? countryName(value) : value),
    count,
  });
  if (type === 'flag') return ['yes', 'no'].filter(begins).map((value) => made(value, null));
  // The values of a closed list have labels that are typed as well.
  const found = await search.complete(
    closed === null ? { field, prefix, limit } : { field, prefix: '', limit: CLOSED_VALUES },
  );
  const all = found.map(({ value, count }) => made(value, count));
  if (closed === null) return all;
  return all.filter(({ value, label }) => [value, label].some(begins)).slice(0, limit);
}

const beginsWith = (prefix: string) => {
  const folded = foldText(prefix);
  return (text: string): boolean => foldText(text).startsWith(folded);
};
