import { offerings } from '@berth/shared/offerings/endpoints';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import type { HistoryEntry, HistoryPage } from '@berth/shared/offerings/history';
import { call } from '#lib/api.ts';

/** An offering's history, the newest first: what the page brings, and what was asked for. */
export function makeHistory(offering_id: string, newestOf: () => HistoryPage) {
  let earlier = $state.raw<readonly HistoryEntry[]>([]);
  /** Undefined before anything was asked for. */
  let cursor = $state.raw<string | null | undefined>();
  let loading = $state(false);
  const next = $derived(cursor === undefined ? newestOf().next_cursor : cursor);
  return {
    get entries(): readonly HistoryEntry[] {
      const seen = new Map([...newestOf().items, ...earlier].map((entry) => [entry.seq, entry]));
      return [...seen.values()].sort((a, b) => b.seq - a.seq);
    },
    get hasEarlier() {
      return next !== null;
    },
    get loading() {
      return loading;
    },
    async loadEarlier() {
      if (next === null || loading) return;
      loading = true;
      try {
        // What came with the page may have moved on since, so it is kept with what comes now.
        const query = { cursor: next, limit: MAX_PAGE_SIZE };
        const page = await call(offerings.history, { params: { offering_id }, query });
        earlier = [...earlier, ...newestOf().items, ...page.items];
        cursor = page.next_cursor;
      } finally {
        loading = false;
      }
    },
  };
}
