import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from '../../context.ts';
import {
  findAnySync,
  takeQuestion,
  importIcp,
  type ImportOptions,
  type RunOutcome,
} from '../icp-import/index.ts';

/** The pause after an import, and how often in it one looks whether another was asked for. */
const POLL_MS = 30_000;
const LOOK_MS = 1_000;
/** After a failure the first pause, which doubles with each further one, and the longest. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 10 * 60_000;
/** A block that cannot be read, or another chain, does not pass by itself. */
const LASTING: readonly RunOutcome[] = ['fork', 'broken_block'];

export interface FollowOptions extends Pick<ImportOptions, 'port' | 'source'> {
  poll_ms?: number;
  look_ms?: number;
}

export interface Follower {
  /** Ends what is asked of the chain, and waits for the transaction under way. */
  stop(): Promise<void>;
}

/** Imports from now on whatever the chain adds, at once when an admin asks for it. */
export function followIcp(deps: Deps, options: FollowOptions): Follower {
  const ending = new AbortController();
  const ended = follow(deps, options, ending.signal);
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

async function follow(deps: Deps, options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { poll_ms = POLL_MS, look_ms = LOOK_MS, ...source } = options;
  let failures = 0;
  while (!signal.aborted) {
    const outcome = await importOnce(deps, { ...source, signal });
    const isWell = outcome === 'done' || outcome === 'stopped' || outcome === 'busy';
    failures = isWell ? 0 : failures + 1;
    const pause_ms = LASTING.includes(outcome)
      ? MAX_PAUSE_MS
      : Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    await untilAsked(deps, isWell ? poll_ms : pause_ms, look_ms, signal);
  }
}

async function importOnce(deps: Deps, options: ImportOptions): Promise<RunOutcome> {
  try {
    const asked = await isAsked(deps);
    if (asked) await deps.write(({ tx }) => takeQuestion(tx));
    return (await importIcp(deps, { ...options, asked })).outcome;
  } catch (error) {
    deps.log.error({ err: error }, 'the Internet Computer could not be imported; trying again');
    return 'failed';
  }
}

const isAsked = async ({ db }: Pick<Deps, 'db'>): Promise<boolean> =>
  ((await findAnySync(db))?.asked_at ?? null) !== null;

/** Waits so long, or until somebody asks for an import, or until it is told to stop. */
async function untilAsked(
  deps: Deps,
  pause_ms: number,
  look_ms: number,
  signal: AbortSignal,
): Promise<void> {
  const looks = Math.max(1, Math.ceil(pause_ms / look_ms));
  for (let look = 0; look < looks && !signal.aborted; look += 1) {
    await wait(look_ms, undefined, { signal }).catch(() => undefined);
    if (await isAsked(deps).catch(() => false)) return;
  }
}
