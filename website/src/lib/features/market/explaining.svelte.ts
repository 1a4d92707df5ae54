import { market } from '@berth/shared/market/endpoints';
import type { SearchItem } from '@berth/shared/market/schemas';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';
import type { queryOf } from './address.ts';

/**
 * Why a result stands where it does. It is half of what a search answers, so a page of results asks
 * for it when somebody wants to know, and again when the results are others.
 */
export function makeExplaining(query: () => ReturnType<typeof queryOf>) {
  let id = $state<string | null>(null);
  let offering = $state.raw<SearchItem | null>(null);

  function close() {
    id = null;
    offering = null;
  }

  function fail(error: unknown) {
    close();
    if (!isProblem(error)) throw error;
    toast({ title: 'That could not be loaded', detail: error.message, tone: 'bad' });
  }

  $effect(() => {
    if (id === null) return;
    const wanted = id;
    const asked = new AbortController();
    const { signal } = asked;
    call(market.search, { query: query() }, { signal }).then(
      ({ items }) => {
        offering = items.find((item) => item.id === wanted) ?? null;
        if (offering === null) close();
      },
      (error: unknown) => {
        if (!signal.aborted) fail(error);
      },
    );
    return () => asked.abort();
  });

  return {
    /** What is explained; null while nothing is, or its answer is on its way. */
    get offering() {
      return offering;
    },
    get is_asked() {
      return id !== null;
    },
    start(of: { id: string }) {
      id = of.id;
    },
    close,
  };
}
