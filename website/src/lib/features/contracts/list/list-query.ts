import { contractStateNames, type ContractState } from '@berth/shared/contracts/machine';
import { contractSorts } from '@berth/shared/contracts/schemas';

/** What a list's address asks for; anything else in it is passed over. */
export interface ListQuery {
  state?: ContractState;
  waits_on?: 'mine';
  q?: string;
  sort: (typeof contractSorts)[number];
  cursor?: string;
}

const Q_MAX = 200;

/**
 * Reads a list's address: `?state=pending&q=h100&sort=newest`; what waits on the reader comes
 * first.
 */
export function readListQuery({ searchParams }: Pick<URL, 'searchParams'>): ListQuery {
  const state = contractStateNames.find((name) => name === searchParams.get('state'));
  const q = (searchParams.get('q') ?? '').trim().slice(0, Q_MAX);
  const cursor = searchParams.get('cursor');
  return {
    ...(state ? { state } : {}),
    ...(searchParams.get('waits_on') === 'mine' ? { waits_on: 'mine' as const } : {}),
    ...(q === '' ? {} : { q }),
    sort: contractSorts.find((name) => name === searchParams.get('sort')) ?? 'due',
    ...(cursor ? { cursor } : {}),
  };
}

/** The address of a list with some of it changed; a change starts again from the first page. */
export function listAddress(
  path: string,
  { state, waits_on, q, sort }: ListQuery,
  change: { [Name in keyof ListQuery]?: ListQuery[Name] | null } = {},
): string {
  const wanted = { state, waits_on, q, sort: sort === 'due' ? null : sort, ...change };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value);
  return query.size > 0 ? `${path}?${query}` : path;
}
