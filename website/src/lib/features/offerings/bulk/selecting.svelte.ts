import type { OfferingState } from '@berth/shared/offerings/machine';
import { SvelteSet } from 'svelte/reactivity';

/** What the list shows now. */
export interface Listed {
  ids: readonly string[];
  /** How many the list has in all its pages; null where that is not known. */
  count: number | null;
  filter: { state?: OfferingState; q?: string };
}

/** Which of one's offerings are selected: some by name, or all that the list's filter has. */
export function makeSelecting(listed: () => Listed) {
  const chosen = new SvelteSet<string>();
  /** The filter that all were selected by, as text. */
  let allOf = $state<string | null>(null);
  let last: string | null = null;

  const filterText = () => JSON.stringify(listed().filter);
  const isAll = $derived(allOf !== null && allOf === filterText());

  function set(ids: readonly string[], wanted: boolean) {
    allOf = null;
    for (const id of ids) {
      if (wanted) chosen.add(id);
      else chosen.delete(id);
    }
  }

  return {
    get isAll() {
      return isAll;
    },
    /** How many; null for all of a list whose length is not known. */
    get count() {
      return isAll ? listed().count : chosen.size;
    },
    get isPage() {
      return listed().ids.every((id) => chosen.has(id));
    },
    has: (id: string): boolean => isAll || chosen.has(id),
    /** With `to_here` all between the last one pressed and this follow it. */
    toggle(id: string, to_here: boolean) {
      const { ids } = listed();
      if (isAll) set(ids, true);
      const wanted = !chosen.has(id);
      const [from, to] = [ids.indexOf(last ?? id), ids.indexOf(id)].sort((a, b) => a - b);
      const between = to_here && from !== undefined && from >= 0 && to !== undefined;
      set(between ? ids.slice(from, to + 1) : [id], wanted);
      last = id;
    },
    takePage: () => set(listed().ids, true),
    takeAll() {
      chosen.clear();
      allOf = filterText();
    },
    clear() {
      chosen.clear();
      allOf = null;
      last = null;
    },
    /** As the API is asked for them. */
    which: () => (isAll ? { filter: listed().filter } : { offering_ids: [...chosen] }),
  };
}

export type Selecting = ReturnType<typeof makeSelecting>;
