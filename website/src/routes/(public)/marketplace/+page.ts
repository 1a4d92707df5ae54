import { unpackFacets, unpackGlances } from '#lib/features/market/glance.ts';
import type { PageLoad } from './$types';

/** Brings of the page's parts that are seldom seen only those that this search needs. */
export const load: PageLoad = async ({ data }) => {
  const { search } = data;
  const found = data.found && { ...data.found, items: unpackGlances(data.found.items) };
  const none = found?.items.length === 0;
  const isTable = search.view === 'table';
  const [unreadable, empty, table, chooser] = await Promise.all([
    found ? null : import('#lib/features/market/Unreadable.svelte'),
    none ? import('#lib/features/market/NoMatches.svelte') : null,
    isTable ? import('#lib/features/market/ResultTable.svelte') : null,
    isTable ? import('#lib/features/market/ColumnChooser.svelte') : null,
  ]);
  return {
    ...data,
    found,
    facets: unpackFacets(data.facets),
    Unreadable: unreadable?.default ?? null,
    NoMatches: empty?.default ?? null,
    ResultTable: table?.default ?? null,
    ColumnChooser: chooser?.default ?? null,
  };
};
