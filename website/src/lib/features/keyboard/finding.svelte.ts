import type { MeView } from '@berth/shared/accounts/schemas';
import { contracts } from '@berth/shared/contracts/endpoints';
import { contractStates } from '@berth/shared/contracts/machine';
import { market } from '@berth/shared/market/endpoints';
import { formatMoney } from '@berth/shared/money';
import { page } from '$app/state';
import { call } from '#lib/api.ts';
import { hrefOf } from '#lib/features/contracts/words.ts';
import { queryHref } from '#lib/features/market/address.ts';
import { actionsFor, pagesFor } from './entries.ts';
import { matching, type Entry, type Group } from './matching.ts';

const ASK_MS = 150;
const MOST_CONTRACTS = 4;
const MOST_OFFERINGS = 6;

interface Asked {
  contracts: readonly Entry[];
  offerings: readonly Entry[];
  /** Whether one of the two could not be asked. */
  has_failed: boolean;
}
const nothing: Asked = { contracts: [], offerings: [], has_failed: false };

async function askContracts(q: string, signal: AbortSignal): Promise<Entry[]> {
  const query = { limit: MOST_CONTRACTS, ...(q === '' ? {} : { q }) };
  const lists = await Promise.all(
    (['renter', 'provider'] as const).map((role) =>
      call(contracts.list, { query: { role, ...query } }, { signal }),
    ),
  );
  return lists.flatMap(({ items }) =>
    items.map((item) => ({
      id: item.contract_id,
      label: item.title,
      detail: `${contractStates[item.state].label} · ${item.other.display_name}`,
      href: hrefOf(item),
    })),
  );
}

async function askOfferings(q: string, signal: AbortSignal): Promise<Entry[]> {
  if (q === '') return [];
  const { items } = await call(market.search, { query: { q, limit: MOST_OFFERINGS } }, { signal });
  return items.map(({ id, title, price, currency, provider }) => ({
    id,
    label: title,
    detail: `${formatMoney(BigInt(price.total_e9s), currency)} a month · ${provider.display_name}`,
    href: `/offerings/${id}`,
  }));
}

/** What a text finds: pages and actions at once, contracts and offerings once the typing pauses. */
export function makeFinding(me: () => MeView | null, onhelp: () => void) {
  let text = $state('');
  let active = $state(0);
  let asked = $state.raw<Asked>(nothing);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  const groups = $derived.by(() => {
    const q = text.trim();
    const search: Entry[] =
      q === ''
        ? []
        : [{ id: 'search', label: `Search the marketplace for “${q}”`, href: queryHref(q) }];
    const mine = { label: 'Contracts', entries: asked.contracts };
    const all: Group[] = [
      ...(q === '' ? [mine] : []),
      { label: 'Pages', entries: matching(pagesFor(me(), page.data.pays === true), text) },
      { label: 'Actions', entries: matching(actionsFor(me(), onhelp), text) },
      ...(q === '' ? [] : [mine]),
      { label: 'Offerings', entries: [...asked.offerings, ...search] },
    ];
    return all.filter(({ entries }) => entries.length > 0);
  });
  const entries = $derived(groups.flatMap((group) => group.entries));

  async function ask(): Promise<void> {
    asking?.abort();
    const own = new AbortController();
    asking = own;
    const q = text.trim();
    const [mine, found] = await Promise.allSettled([
      me() ? askContracts(q, own.signal) : [],
      askOfferings(q, own.signal),
    ]);
    if (own.signal.aborted) return;
    asked = {
      contracts: mine.status === 'fulfilled' ? mine.value : [],
      offerings: found.status === 'fulfilled' ? found.value : [],
      has_failed: mine.status !== 'fulfilled' || found.status !== 'fulfilled',
    };
  }

  return {
    get text() {
      return text;
    },
    get groups(): readonly Group[] {
      return groups;
    },
    get entries(): readonly Entry[] {
      return entries;
    },
    /** Which of all entries Enter takes. */
    get active() {
      return Math.min(active, entries.length - 1);
    },
    get has_failed() {
      return asked.has_failed;
    },
    write(value: string) {
      text = value;
      active = 0;
      clearTimeout(waiting);
      waiting = setTimeout(() => void ask(), ASK_MS);
    },
    /** Up from the first is the last, and down from that the first. */
    move(step: 1 | -1) {
      active = (this.active + step + entries.length) % Math.max(1, entries.length);
    },
    /** As it is when it opens: empty, with the newest contracts. */
    start() {
      text = '';
      active = 0;
      void ask();
    },
    stop() {
      clearTimeout(waiting);
      asking?.abort();
      asked = nothing;
    },
  };
}
