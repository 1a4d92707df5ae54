import type { Ask } from '@berth/shared/endpoint';
import type { endpoints } from '@berth/shared/endpoints';
import type { FieldName, Op } from '@berth/shared/market/fields';
import { readQuery } from '@berth/shared/market/query';
import { writeQuery } from '@berth/shared/market/query-write';
import { searchQuery } from '@berth/shared/market/schemas';
import type { Node } from '@berth/shared/market/tree';
import { readValue } from '@berth/shared/market/values';
import { listNames, readDraft, type Draft, type ListName } from './search.ts';

type Query = NonNullable<Ask<typeof endpoints.market.search>['query']>;

export interface Search {
  /** What to ask the API. */
  query: Query;
  /** What the page shows as chosen. */
  draft: Draft;
}

const MOST_VALUES = 20;
const asked = searchQuery.shape;

/** What each filter of the form says in the query language. */
const lists: Record<ListName, FieldName> = {
  kind: 'kind',
  gpu_model: 'gpu',
  country: 'country',
  virtualization: 'virtualization',
};
const singles: Record<string, { field: FieldName; op: Op; value?: string }> = {
  provider: { field: 'provider', op: '=' },
  currency: { field: 'currency', op: '=' },
  min_gpu_count: { field: 'gpu_count', op: '>=' },
  min_gpu_memory_gib: { field: 'gpu_memory', op: '>=' },
  min_vcpus: { field: 'vcpus', op: '>=' },
  min_memory_gib: { field: 'memory', op: '>=' },
  min_disk_gib: { field: 'disk', op: '>=' },
  min_uplink_mbps: { field: 'uplink', op: '>=' },
  max_hourly: { field: 'price', op: '<=' },
  in_stock: { field: 'stock', op: '>=', value: '1' },
  auto_accept: { field: 'auto_accept', op: '=', value: 'yes' },
};

const isListName = (name: string): name is ListName =>
  (listNames as readonly string[]).includes(name);

const termOf = (field: FieldName, op: Op, text: string): Node[] => {
  const value = readValue(field, text);
  return value === null ? [] : [{ type: 'is', field, op, value }];
};

/**
 * The search that an address asks for. Addresses are shared, mistyped and edited by hand, so what
 * the API would refuse is left out, value by value.
 */
export function readSearch(address: URLSearchParams): Search {
  const query: Record<string, string> = {};
  const of: Node[] = [];
  const kept = new URLSearchParams();
  for (const name of new Set(address.keys())) {
    const values = address.getAll(name).map((value) => value.trim());
    const [first = ''] = values.filter((value) => value !== '');
    if (first === '') continue;
    const single = Object.hasOwn(singles, name) ? singles[name] : undefined;
    if (isListName(name)) {
      const terms = values.flatMap((value) => termOf(lists[name], '=', value));
      const chosen = terms.slice(0, MOST_VALUES);
      if (chosen.length > 0) of.push({ type: 'any', of: chosen });
      for (const one of chosen) if (one.type === 'is') kept.append(name, String(one.value));
    } else if (single !== undefined) {
      if (single.value !== undefined && first !== '1') continue;
      const terms = termOf(single.field, single.op, single.value ?? first);
      of.push(...terms);
      if (terms.length > 0) kept.set(name, first);
    } else if (name === 'q') {
      const read = readQuery(first);
      of.push(read.ok ? read.query : { type: 'text', text: first, phrase: true });
      kept.set(name, first);
    } else if (name === 'view' || (isAsked(name) && asked[name].safeParse(first).success)) {
      if (name !== 'view') query[name] = first;
      kept.set(name, first);
    }
  }
  const q = writeQuery({ type: 'all', of });
  return { query: { ...query, ...(q === '' ? {} : { q }) } as Query, draft: readDraft(kept) };
}

const isAsked = (name: string): name is keyof typeof asked => Object.hasOwn(asked, name);
