import { endpoints } from '@berth/shared/endpoints';
import { readQuery } from '@berth/shared/market/query';
import { writeQuery } from '@berth/shared/market/query-write';
import { everything } from '@berth/shared/market/tree';
import { isHttpError, redirect, type RequestEvent } from '@sveltejs/kit';
import { readSearch, searchHref, type Search } from '#lib/features/market/address.ts';
import { chipsOf } from '#lib/features/market/chips.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

/** Full rows of cards, whether two or three stand side by side. */
const CARDS_A_PAGE = 24;
const LINES_A_PAGE = 50;
/** Filters that are tried without, where nothing is found. */
const MOST_LOOSENED = 8;

const given = (name: string, value: string | null) =>
  value === null || value === '' ? {} : { [name]: value };

export const load: PageServerLoad = async (event) => {
  event.depends('live:market');
  const search = readSearch(event.url.searchParams);
  const { q, hours, sort, weights } = search;
  // What cannot be read is shown with its error, beside nothing found.
  if (!readQuery(q).ok) return { search, found: null, facets: [], loosened: [] };
  const query = {
    ...{ hours, sort, limit: search.view === 'table' ? LINES_A_PAGE : CARDS_A_PAGE },
    ...{ ...given('q', q), ...given('weights', weights) },
    ...given('cursor', event.url.searchParams.get('cursor')),
  };
  const call = callFor(event);
  try {
    const [found, { facets }] = await Promise.all([
      call(endpoints.market.search, { query }),
      call(endpoints.market.facets, { query: { hours, ...given('q', q) } }),
    ]);
    // The page is read again when one of those that it shows changes, not at every change.
    event.depends(...found.items.map(({ id }) => `live:offering/${id}` as const));
    const loosened = found.total === 0 ? await loosen(event, search) : [];
    return { search, found, facets, loosened };
  } catch (error) {
    // A page marker of another sort, or one that was cut when it was shared: from the start then.
    if (isHttpError(error) && error.body.code === 'cursor.invalid') {
      redirect(303, searchHref(search));
    }
    throw error;
  }
};

/** How many there would be without each of the filters, those that hide most first. */
async function loosen(event: RequestEvent, search: Search) {
  const read = readQuery(search.q);
  const chips = chipsOf(read.ok ? read.query : everything).slice(0, MOST_LOOSENED);
  const call = callFor(event);
  const counted = await Promise.all(
    chips.map(async ({ label, without }) => {
      const q = writeQuery(without);
      const query = { hours: search.hours, limit: 1, sort: 'price', ...given('q', q) } as const;
      const { total } = await call(endpoints.market.search, { query });
      return { label, href: searchHref({ ...search, q }), total };
    }),
  );
  return counted.sort((a, b) => b.total - a.total);
}
