import { getFilter, setFilter, type Bound, type Filter } from '@berth/shared/market/filter';
import { searchFields, type FieldName } from '@berth/shared/market/fields';
import { foldName } from '@berth/shared/market/fold';
import type { FacetsReply } from '@berth/shared/market/schemas';
import type { Query, Value } from '@berth/shared/market/tree';
import { readValue, valueSentence, writeValue } from '@berth/shared/market/values';
import { valueWords } from './words.ts';

/** How the fields stand together in the panel; a test holds that each has its place. */
export const groups: readonly { name: string; label: string; fields: readonly FieldName[] }[] = [
  { name: 'resource', label: 'Resource', fields: ['kind', 'os', 'feature', 'virtualization'] },
  {
    name: 'gpu',
    label: 'GPU',
    fields: [
      'gpu',
      'gpu_vendor',
      'gpu_count',
      'gpu_memory',
      'gpu_memory_total',
      'gpu_interconnect',
    ],
  },
  {
    name: 'compute',
    label: 'Compute and network',
    fields: ['vcpus', 'memory', 'cpu', 'disk', 'disk_kind', 'uplink', 'traffic', 'unmetered'],
  },
  { name: 'place', label: 'Place', fields: ['region', 'country', 'city'] },
  {
    name: 'terms',
    label: 'Price and terms',
    fields: [
      'price',
      'total',
      'monthly',
      'setup_fee',
      'currency',
      'commitment',
      'stock',
      'min_hours',
      'max_hours',
      'listed',
    ],
  },
  { name: 'provider', label: 'Provider', fields: ['provider', 'auto_accept'] },
  {
    name: 'trust',
    label: 'Trust',
    fields: ['reputation', 'reliability', 'response_time', 'on_chain'],
  },
];

/** Which control a field has. */
export type Control = 'list' | 'range' | 'flag' | 'words';

export function controlOf(name: FieldName): Control {
  const { type, facet } = searchFields[name];
  if (type === 'flag') return 'flag';
  if (type === 'number' || type === 'money' || type === 'time') return 'range';
  return facet ? 'list' : 'words';
}

export type Facets = FacetsReply['facets'];

export interface Choice {
  value: Value;
  label: string;
  /** Null where nobody has counted it. */
  count: number | null;
  /** `denied`: as `-country:NL` does. */
  state: 'on' | 'off' | 'denied';
}

/** Whether the panel's control can show what the query says of a field. */
export function isShown(name: FieldName, filter: Filter | null): boolean {
  if (filter === null) return true;
  const control = controlOf(name);
  const { type } = searchFields[name];
  if (filter.type === 'other') return false;
  if (control === 'range') {
    return filter.type === 'range' || (filter.type === 'one_of' && filter.values.length === 1);
  }
  if (control === 'words') return filter.type === 'one_of' && filter.values.length === 1;
  if (filter.type === 'all_of') return type === 'tags';
  return filter.type !== 'range';
}

/** What a GPU's name is often written without. */
const MAKERS = /^(nvidia|amd|intel|geforce|radeon|instinct|tesla|rtx|gtx)+(?=.*\d)/;

function isSame(name: FieldName, a: Value, b: Value): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a === b;
  const said = [a, b].map((value) =>
    name === 'gpu' ? foldName(value).replace(MAKERS, '') : foldName(value),
  );
  return said[0] === said[1];
}

const valuesIn = (filter: Filter | null): readonly Value[] =>
  filter && 'values' in filter ? filter.values : [];

/** The values of a field to choose from, the most frequent first; what nothing has is left out. */
export function choicesOf(name: FieldName, query: Query, facets: Facets): Choice[] {
  const filter = getFilter(query, name);
  const chosen = valuesIn(filter);
  const counted = facets.find(({ field }) => field === name)?.values ?? [];
  const known: { value: Value; count: number | null }[] = counted;
  const strange = chosen
    .filter((value) => !known.some((one) => isSame(name, one.value, value)))
    .map((value) => ({ value, count: null }));
  const on = filter?.type === 'none_of' ? 'denied' : 'on';
  return [...strange, ...known].map(({ value, count }) => ({
    value,
    count,
    label: valueWords(name, value),
    state: chosen.some((one) => isSame(name, one, value)) ? on : 'off',
  }));
}

/** Whether there is anything to choose by: a list of nothing is left out. */
export const hasControl = (name: FieldName, query: Query, facets: Facets): boolean =>
  controlOf(name) !== 'list' ||
  getFilter(query, name) !== null ||
  choicesOf(name, query, facets).length > 0;

/** The query after a press on a value: on or off; of tags all are wanted, of others any. */
export function toggleChoice(query: Query, name: FieldName, value: Value): Query {
  const filter = getFilter(query, name);
  const chosen = valuesIn(filter);
  const rest = chosen.filter((one) => !isSame(name, one, value));
  const isOn = rest.length < chosen.length;
  if (filter?.type === 'none_of') {
    const denied: Filter = isOn
      ? { type: 'none_of', values: rest }
      : { type: 'one_of', values: [value] };
    return setFilter(query, name, isOn && rest.length === 0 ? null : denied);
  }
  const type = searchFields[name].type === 'tags' ? 'all_of' : 'one_of';
  const values = isOn ? rest : [...(isShown(name, filter) ? chosen : []), value];
  return setFilter(query, name, values.length === 0 ? null : { type, values });
}

export interface End {
  /** As it is written, with its unit; empty where the range is open. */
  text: string;
  /** `more than` and `under` leave the number itself out. */
  strict: boolean;
}

/** The two ends of a field's range as the panel shows them. */
export function endsOf(name: FieldName, query: Query): { from: End; to: End } {
  const filter = getFilter(query, name);
  const end = (bound: Bound | null): End => ({
    text: bound === null ? '' : writeValue(name, bound.value),
    strict: bound !== null && !bound.op.endsWith('='),
  });
  if (filter?.type === 'range') return { from: end(filter.from), to: end(filter.to) };
  const [only] = filter?.type === 'one_of' && filter.values.length === 1 ? filter.values : [];
  const exact: End = { text: only === undefined ? '' : writeValue(name, only), strict: false };
  return { from: exact, to: exact };
}

export type Changed = { ok: true; query: Query } | { ok: false; message: string };

/** The query with another end of a field's range; an empty text opens it. */
export function setEnd(query: Query, name: FieldName, side: 'from' | 'to', text: string): Changed {
  const value = text.trim() === '' ? null : readValue(name, text);
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (text.trim() !== '' && !isNumber) return { ok: false, message: valueSentence(name) };
  const filter = getFilter(query, name);
  const ends = endsOf(name, query);
  const bound = (at: 'from' | 'to'): Bound | null => {
    const sign = at === 'from' ? '>' : '<';
    const op: Bound['op'] = ends[at].strict ? sign : `${sign}=`;
    if (at === side) return isNumber ? { op, value } : null;
    const kept = isShown(name, filter) ? readValue(name, ends[at].text) : null;
    return typeof kept === 'number' || typeof kept === 'bigint' ? { op, value: kept } : null;
  };
  const [from, to] = [bound('from'), bound('to')];
  if (from !== null && to !== null && from.value > to.value) {
    return { ok: false, message: 'The most is less than the least.' };
  }
  const range: Filter | null = from === null && to === null ? null : { type: 'range', from, to };
  return { ok: true, query: setFilter(query, name, range) };
}

/** What a flag says: it must be so, it must not, or either. */
export function flagOf(name: FieldName, query: Query): boolean | null {
  const filter = getFilter(query, name);
  const [only] = filter?.type === 'one_of' && filter.values.length === 1 ? filter.values : [];
  return typeof only === 'boolean' ? only : null;
}

export const setFlag = (query: Query, name: FieldName, wanted: boolean): Query =>
  setFilter(query, name, wanted ? { type: 'one_of', values: [true] } : null);

/** What a field of words is searched for; empty for nothing. */
export function wordsOf(name: FieldName, query: Query): string {
  const filter = getFilter(query, name);
  const [only] = filter?.type === 'one_of' && filter.values.length === 1 ? filter.values : [];
  return only === undefined ? '' : String(only);
}

export function setWords(query: Query, name: FieldName, text: string): Query {
  const value = readValue(name, text);
  return setFilter(query, name, value === null ? null : { type: 'one_of', values: [value] });
}

/** How many of a group's fields the query says something of. */
export const countOn = (query: Query, fields: readonly FieldName[]): number =>
  fields.filter((name) => getFilter(query, name) !== null).length;
