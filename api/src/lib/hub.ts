/** In-process news for the event streams: who listens for which account. */
export interface Hub {
  /** `wake` is called after each commit that concerns the account; call the answer to stop. */
  subscribe(account_id: string, wake: () => void): () => void;
  /** Wakes the listeners of these accounts; EVERYBODY wakes them all. */
  publish(account_ids: Iterable<string>): void;
  /** How many listen now. */
  size(): number;
}

/** The account id of news for all, as `stream_events` has it. */
export const EVERYBODY = '';
/** The account id of news that only the search index reads. */
export const SEARCH_INDEX = 'search index';

export function makeHub(): Hub {
  const listeners = new Map<string, Set<() => void>>();
  const wakeAll = (those: Iterable<() => void>) => {
    for (const wake of those) wake();
  };
  return {
    subscribe(account_id, wake) {
      const own = listeners.get(account_id) ?? new Set();
      listeners.set(account_id, own.add(wake));
      return () => {
        own.delete(wake);
        if (own.size === 0 && listeners.get(account_id) === own) listeners.delete(account_id);
      };
    },
    publish(account_ids) {
      for (const account_id of new Set(account_ids)) {
        if (account_id === EVERYBODY) for (const own of listeners.values()) wakeAll(own);
        else wakeAll(listeners.get(account_id) ?? []);
      }
    },
    size: () => [...listeners.values()].reduce((sum, own) => sum + own.size, 0),
  };
}
