import { market } from '@berth/shared/market/endpoints';
import { readQuery } from '@berth/shared/market/query';
import { writeQuery } from '@berth/shared/market/query-write';
import { everything } from '@berth/shared/market/tree';
import { isHttpError, redirect, type RequestEvent } from '@sveltejs/kit';
import {
  CURRENCY_COOKIE,
  currencyNamed,
  DEFAULT_CURRENCY,
  given,
  queryOf,
  readSearch,
  searchHref,
  YEAR_S,
  type Search,
} from '#lib/features/market/address.ts';
import { chipsOf, type Understood } from '#lib/features/market/chips.ts';
import { COLUMNS_COOKIE, readColumns } from '#lib/features/market/columns.ts';
import { glanceAt, packFacets, packGlances } from '#lib/features/market/glance.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

/** Filters that are tried without, where nothing is found. */
const MOST_LOOSENED = 8;

export const load: PageServerLoad = async (event) => {
  event.depends('live:market');
  const { url, cookies } = event;
  rememberCurrency(event);
  const currency = currencyNamed(cookies.get(CURRENCY_COOKIE)) ?? DEFAULT_CURRENCY;
  const search = readSearch(url.searchParams, currency);
  const cursor = url.searchParams.get('cursor');
  const { q, hours } = search;
  const columns = readColumns(event.cookies.get(COLUMNS_COOKIE));
  // What cannot be read is shown with its error, beside nothing found.
  if (!readQuery(q).ok)
    return { search, cursor, columns, found: null, facets: packFacets([]), loosened: [] };
  const query = queryOf(search, cursor);
  const call = callFor(event);
  try {
    const [found, { facets }] = await Promise.all([
      call(market.search, { query }),
      call(market.facets, {
        query: { hours, ...given('q', q), ...(query.currency && { currency: query.currency }) },
      }),
    ]);
    // The page is read again when one of those that it shows changes, not at every change.
    event.depends(...found.items.map(({ id }) => `live:offering/${id}` as const));
    const loosened = found.total === 0 ? await loosen(event, search, found.understood) : [];
    const items = packGlances(found.items.map(glanceAt));
    const shown = { found: { ...found, items }, facets: packFacets(facets) };
    return { search, cursor, columns, ...shown, loosened };
  } catch (error) {
    // A page marker of another sort, or one that was cut when it was shared: from the start then.
    if (isHttpError(error) && error.body.code === 'cursor.invalid') {
      redirect(303, searchHref(search));
    }
    throw error;
  }
};

/** Without scripts the form says the currency: the browser keeps it, and goes on without it. */
function rememberCurrency({ url, cookies }: RequestEvent): void {
  const chosen = url.searchParams.get('currency');
  if (chosen === null) return;
  const currency = currencyNamed(chosen);
  if (currency !== null) {
    // A script of the page changes it too; it is nobody's secret.
    const open = { httpOnly: false, secure: url.protocol === 'https:' };
    cookies.set(CURRENCY_COOKIE, currency, { path: '/', maxAge: YEAR_S, sameSite: 'lax', ...open });
  }
  const params = new URLSearchParams(url.searchParams);
  params.delete('currency');
  redirect(303, `${url.pathname}${params.size > 0 ? `?${params}` : ''}`);
}

/** How many there would be without each of the filters, those that hide most first. */
async function loosen(event: RequestEvent, search: Search, understood: Understood) {
  const read = readQuery(search.q);
  const chips = chipsOf(read.ok ? read.query : everything, understood).slice(0, MOST_LOOSENED);
  const call = callFor(event);
  const counted = await Promise.all(
    chips.map(async ({ label, without, said }) => {
      const q = writeQuery(without);
      const { hours, currency } = search;
      const query = { hours, currency, limit: 1, sort: 'price', ...given('q', q) } as const;
      const { total } = await call(market.search, { query });
      return { label: said?.words ?? label, href: searchHref({ ...search, q }), total };
    }),
  );
  return counted.sort((a, b) => b.total - a.total);
}
