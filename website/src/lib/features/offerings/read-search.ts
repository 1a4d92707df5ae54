import type { Ask } from '@berth/shared/endpoint';
import type { endpoints } from '@berth/shared/endpoints';
import { searchQuery } from '@berth/shared/offerings/schemas';
import { listNames, readDraft, type Draft, type ListName } from './search.ts';

type Query = NonNullable<Ask<typeof endpoints.offerings.search>['query']>;

export interface Search {
  /** What to ask the API. */
  query: Query;
  /** What the page shows as chosen. */
  draft: Draft;
}

const MOST_VALUES = 20;
const fields = searchQuery.shape;

const isListName = (name: string): name is ListName =>
  (listNames as readonly string[]).includes(name);

/**
 * The search that an address asks for. Addresses are shared, mistyped and edited by hand, so what
 * the API would refuse is left out, value by value.
 */
export function readSearch(address: URLSearchParams): Search {
  const query: Record<string, string | string[]> = {};
  const kept = new URLSearchParams();
  for (const name of new Set(address.keys())) {
    const given = address.getAll(name).map((value) => value.trim());
    const values = given.filter((value) => value !== '');
    if (isListName(name)) {
      const known = values.flatMap((value) => fields[name].safeParse(value).data ?? []);
      const chosen = [...new Set<string>(known)].slice(0, MOST_VALUES);
      if (chosen.length > 0) query[name] = chosen;
      for (const value of chosen) kept.append(name, value);
    } else if (values[0] !== undefined && isTaken(name, values[0])) {
      if (name !== 'view') query[name] = values[0];
      kept.set(name, values[0]);
    }
  }
  return { query: query as Query, draft: readDraft(kept) };
}

const isTaken = (name: string, value: string): boolean =>
  name === 'view' ||
  (Object.hasOwn(fields, name) && fields[name as keyof typeof fields].safeParse(value).success);
