import type { Deps, Sweeper } from '../context.ts';

const SWEEP_EVERY_MS = 1_000;

export interface Timers {
  /** Waits for the sweep that is under way. */
  stop(): Promise<void>;
}

/** Runs every sweeper once, one after the other; one that fails does not keep the others. */
export async function sweep(
  deps: Deps,
  sweepers: readonly Sweeper[],
  signal?: AbortSignal,
): Promise<number> {
  let done = 0;
  for (const sweeper of sweepers) {
    try {
      done += await sweeper(deps, signal);
    } catch (error) {
      deps.log.error({ err: error, sweeper: sweeper.name }, 'a sweep failed; it runs again');
    }
  }
  return done;
}

/** Sweeps at once, for what fell due while the process was down, and then every second. */
export function startTimers(deps: Deps, sweepers: readonly Sweeper[]): Timers {
  let current: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  const run = () => {
    current = sweep(deps, sweepers, stopping.signal).then(() => {
      if (!stopping.signal.aborted) timer = setTimeout(run, SWEEP_EVERY_MS);
    });
  };
  run();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await current;
    },
  };
}
