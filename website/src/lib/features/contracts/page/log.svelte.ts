import type { ContractView, EntryView } from '@berth/shared/contracts/schemas';
import { contracts } from '@berth/shared/contracts/endpoints';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import { call } from '#lib/api.ts';

interface Loaded {
  /** In their order. */
  entries: readonly EntryView[];
  /** The cursor of those before them; null where there are none. */
  cursor: string | null;
}

/** What shows of a log: the newest entries, which the page brings, and earlier ones asked for. */
export interface Log {
  readonly entries: readonly EntryView[];
  /** How many earlier ones there are. */
  readonly earlier: number;
  readonly loading: boolean;
  loadEarlier(): Promise<void>;
}

export function makeLog(viewOf: () => ContractView): Log {
  let loaded = $state.raw<Loaded | null>(null);
  let loading = $state(false);
  const shown = $derived(joined(loaded, viewOf()));
  return {
    get entries() {
      return shown.entries;
    },
    get earlier() {
      return shown.entries[0]?.seq ?? 0;
    },
    get loading() {
      return loading;
    },
    async loadEarlier() {
      const { entries, cursor } = shown;
      if (cursor === null || loading) return;
      loading = true;
      try {
        const { contract_id } = viewOf();
        const query = { cursor, limit: MAX_PAGE_SIZE };
        const page = await call(contracts.entries, { params: { contract_id }, query });
        const earlier = page.items.toReversed();
        loaded = { entries: [...earlier, ...entries], cursor: page.next_cursor };
      } finally {
        loading = false;
      }
    },
  };
}

/** The page's own entries after those that were loaded, as long as none is missing between. */
function joined(loaded: Loaded | null, view: ContractView): Loaded {
  const newest = { entries: view.entries, cursor: view.earlier_cursor };
  const begin = view.entries[0]?.seq ?? 0;
  const end = loaded?.entries.at(-1)?.seq ?? -1;
  if (loaded === null || end < begin - 1) return newest;
  const before = loaded.entries.filter(({ seq }) => seq < begin);
  return { entries: [...before, ...view.entries], cursor: loaded.cursor };
}
