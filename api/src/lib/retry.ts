import { setTimeout as wait } from 'node:timers/promises';

export interface Waits {
  /** How often it is tried in all. */
  readonly attempts: number;
  /** The bound of the first wait; each further one is twice as long. */
  readonly first_wait_ms: number;
  readonly most_wait_ms: number;
}

export interface RetryOptions extends Waits {
  /** Whether another attempt may succeed. */
  readonly mayPass: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How long to wait after so many failures: a random part of a bound that doubles, so that clients
 * which failed together come back apart. `share` is from 0 to 1.
 */
export const waitAfter = (
  failures: number,
  { first_wait_ms, most_wait_ms }: Waits,
  share: number,
) => share * Math.min(most_wait_ms, first_wait_ms * 2 ** (failures - 1));

/** Throws the last attempt's error, or the signal's reason as soon as it is aborted. */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, attempts, mayPass } = options;
  for (let failures = 1; ; failures += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (failures >= attempts || !mayPass(error)) throw error;
    }
    await wait(waitAfter(failures, options, Math.random()), undefined, { signal }).catch(() =>
      signal?.throwIfAborted(),
    );
  }
}
