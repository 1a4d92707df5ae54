import type { ContractItem } from '@berth/shared/contracts/schemas';
import { SvelteSet } from 'svelte/reactivity';
import { isAcceptable, MOST_AT_ONCE } from './accept-each.ts';

/** Which of the requests that are shown and wait for an answer are chosen. */
export function makeChoosing(shown: () => readonly ContractItem[]) {
  const chosen = new SvelteSet<string>();
  const open = $derived(shown().filter(isAcceptable).slice(0, MOST_AT_ONCE));
  const items = $derived(open.filter(({ contract_id }) => chosen.has(contract_id)));

  return {
    /** Those that can be chosen. */
    get open() {
      return open;
    },
    /** Those that are. */
    get items() {
      return items;
    },
    can: (item: ContractItem): boolean => open.includes(item),
    has: ({ contract_id }: ContractItem): boolean => chosen.has(contract_id),
    set({ contract_id }: ContractItem, wanted: boolean) {
      if (wanted) chosen.add(contract_id);
      else chosen.delete(contract_id);
    },
    setAll(wanted: boolean) {
      chosen.clear();
      if (wanted) for (const { contract_id } of open) chosen.add(contract_id);
    },
  };
}

export type Choosing = ReturnType<typeof makeChoosing>;
