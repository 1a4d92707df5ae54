import { endpoints } from '@berth/shared/endpoints';
import { isHttpError, redirect } from '@sveltejs/kit';
import { readSearch } from '#lib/features/offerings/read-search.ts';
import { hrefFor } from '#lib/features/offerings/search.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

/** Full rows of cards, whether two or three stand side by side. */
const CARDS_A_PAGE = 24;
const LINES_A_PAGE = 50;

export const load: PageServerLoad = async (event) => {
  event.depends('live:offerings');
  const { query, draft } = readSearch(event.url.searchParams);
  const limit = draft.view === 'table' ? LINES_A_PAGE : CARDS_A_PAGE;
  try {
    const call = callFor(event);
    const { q, hours, sort = 'price' } = query;
    const [found, { facets }] = await Promise.all([
      call(endpoints.market.search, { query: { ...query, sort, limit } }),
      call(endpoints.market.facets, { query: { q, hours } }),
    ]);
    return { found, facets, draft };
  } catch (error) {
    // A page marker of another sort, or one that was cut when it was shared: from the start then.
    if (isHttpError(error) && error.body.code === 'cursor.invalid') redirect(303, hrefFor(draft));
    throw error;
  }
};
