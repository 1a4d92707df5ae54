import { ledger } from '@berth/shared/ledger/endpoints';
import type { BillingView } from '@berth/shared/ledger/schemas';
import type { Currency } from '@berth/shared/money';
import type { PaysBy } from '@berth/shared/pays-by';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';

/** How a request is paid: by the balance, and by what is chosen for the rest. */
export function makePaying(of: () => { currency: Currency; total_e9s: bigint }) {
  let billing = $state.raw<BillingView | null>(null);
  let chosen = $state<PaysBy>();

  const available_e9s = $derived.by(() => {
    const { currency } = of();
    const found = billing?.balances.find((one) => one.currency === currency);
    return BigInt(found?.available_e9s ?? 0);
  });
  const missing_e9s = $derived.by(() => {
    const { total_e9s } = of();
    return billing === null || available_e9s >= total_e9s ? 0n : total_e9s - available_e9s;
  });
  /** What can be chosen; a card pays no currency of a chain. */
  const ways = $derived(
    billing?.ways.filter(({ currencies }) => currencies.includes(of().currency)) ?? [],
  );
  const way = $derived(ways.find(({ name }) => name === chosen)?.name ?? ways[0]?.name);

  return {
    /** Reads what the account has; where that fails the service says what is missing. */
    async load(): Promise<void> {
      try {
        billing = await call(ledger.billing);
      } catch (error) {
        if (!isProblem(error)) throw error;
      }
    },
    get isKnown() {
      return billing !== null && billing.payments !== 'off';
    },
    get available_e9s() {
      return available_e9s;
    },
    get missing_e9s() {
      return missing_e9s;
    },
    get ways() {
      return ways;
    },
    get way() {
      return way;
    },
    set way(name: PaysBy | undefined) {
      chosen = name;
    },
    /** What is signed of it: nothing where the balance covers all. */
    get pays_by(): PaysBy | null {
      return missing_e9s > 0n ? (way ?? null) : null;
    },
  };
}

export type Paying = ReturnType<typeof makePaying>;
