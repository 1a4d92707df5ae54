import { offerings } from '@berth/shared/offerings/endpoints';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import type { HistoryEntry, HistoryPage } from '@berth/shared/offerings/history';
import { call } from '#lib/api.ts';

/** An offering's history, the newest first: what the page brings, and what was asked for. */
export function makeHistory(offering_id: string, newestOf: () => HistoryPage) {
  let loaded = $state.raw<HistoryPage | null>(null);
  let loading = $state(false);
  const shown = $derived(joined(newestOf(), loaded));
  return {
    get entries(): readonly HistoryEntry[] {
      return shown.items;
    },
    get hasEarlier() {
      return shown.next_cursor !== null;
    },
    get loading() {
      return loading;
    },
    async loadEarlier() {
      const { items, next_cursor: cursor } = shown;
      if (cursor === null || loading) return;
      loading = true;
      try {
        const query = { cursor, limit: MAX_PAGE_SIZE };
        const page = await call(offerings.history, { params: { offering_id }, query });
        loaded = { ...page, items: [...items, ...page.items] };
      } finally {
        loading = false;
      }
    },
  };
}

/** The page's own entries before those that were loaded, as long as none is missing between. */
function joined(newest: HistoryPage, loaded: HistoryPage | null): HistoryPage {
  const end = newest.items.at(-1)?.seq ?? 0;
  const begin = loaded?.items[0]?.seq ?? -1;
  if (loaded === null || begin < end - 1) return newest;
  return { ...loaded, items: [...newest.items, ...loaded.items.filter(({ seq }) => seq < end)] };
}
