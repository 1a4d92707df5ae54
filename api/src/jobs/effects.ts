import { cleanText } from '@berth/shared/letters';
import { DAY_MS, HOUR_MS, isoAt, MINUTE_MS } from '@berth/shared/time';
import type {
  AnyEffect,
  Deps,
  EffectAsk,
  EffectFailure,
  PortCtx,
  Sweeper,
  WriteCtx,
} from '../context.ts';
import { endLease, NEVER } from '../db/due-work.ts';
import { claimEffects, listDueEffects, saveState, type Claimed } from '../db/effects.ts';
import {
  paces,
  type Failed,
  type Known,
  type Outcome,
  type Pace,
  type PaceName,
} from '../lib/effects.ts';
import { failureOf } from './failure.ts';

/** Longer than it takes to store an outcome after the call's own time is over. */
const LEASE_MARGIN_MS = 60_000;
/** What is unknown is asked for again so long after the call; after the last every day. */
const ASKED_AFTER_MS = [5 * MINUTE_MS, HOUR_MS, DAY_MS];
/** Up to so much of a pause is added to it, so that what failed together comes back apart. */
const JITTER = 0.2;

/** An effect of whatever kind: what its payload and reply are, its own functions know. */
interface AnyPort {
  kind: string;
  pace?: PaceName;
  time_limit_ms: number;
  call: (ctx: PortCtx, ask: EffectAsk<unknown>) => Promise<Outcome<unknown>>;
  ask?: AnyPort['call'];
  onOutcome: (
    ctx: WriteCtx,
    effect: { id: string; payload: unknown },
    outcome: Known<unknown>,
  ) => Promise<void>;
  onFailure?: (
    ctx: WriteCtx,
    effect: { id: string; payload: unknown },
    failure: EffectFailure<unknown>,
  ) => Promise<void>;
}

/**
 * Calls what is due of one kind, some at a time, until nothing is or it is told to stop. Several
 * processes share the work, as each takes effects under a lease.
 */
export const runEffects = (effect: AnyEffect): Sweeper => {
  const port = effect as unknown as AnyPort;
  return async (deps, signal) => {
    const running = new Set<Promise<void>>();
    let done = 0;
    try {
      for (;;) {
        const free = signal?.aborted === true ? 0 : paceOf(port).at_once - running.size;
        for (const one of await take(deps, port, free)) {
          const run = perform(deps, port, one).finally(() => running.delete(run));
          running.add(run);
          done += 1;
        }
        if (running.size === 0) return done;
        await Promise.race(running);
      }
    } finally {
      await Promise.all(running);
    }
  };
};

const paceOf = ({ pace = 'usual' }: AnyPort): Pace => paces[pace];

/** Takes some of what is due; where others were quicker, of what they left. */
async function take(deps: Deps, { kind, time_limit_ms }: AnyPort, most: number) {
  const { db, clock, database } = deps;
  for (;;) {
    const now = clock.now();
    const due = most === 0 ? [] : await listDueEffects(db, kind, now, most);
    if (due.length === 0) return [];
    const until = isoAt(clock.nowMs() + time_limit_ms + LEASE_MARGIN_MS);
    const taken = await database.write((tx) => claimEffects(tx, kind, due, { now, until }));
    if (taken.length > 0) return taken;
  }
}

async function perform(deps: Deps, port: AnyPort, claimed: Claimed): Promise<void> {
  const { id, kind } = claimed;
  try {
    if (claimed.outcome !== null) return await act(deps, port, claimed, claimed.outcome);
    const outcome = await reach(deps, port, claimed);
    const known = await store(deps, port, claimed, outcome);
    if (known !== null) await act(deps, port, { ...claimed, attempts: 0 }, known);
  } catch (error) {
    deps.log.error({ err: error, kind, effect: id }, 'an effect waits for the end of its lease');
  }
}

/**
 * What may have been called already is asked for, where the port can; else it is called by the id
 * that it knows the effect by. Without an answer in time nothing is known.
 */
async function reach(deps: Deps, port: AnyPort, claimed: Claimed): Promise<Outcome<unknown>> {
  const signal = AbortSignal.timeout(port.time_limit_ms);
  const late = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => late.reject(signal.reason));
  const reachPort = claimed.state === 'called' ? (port.ask ?? port.call) : port.call;
  // What it throws before it waits is a failure as well, with the time limit still to come.
  const reached = async () => {
    const { id, attempts, called_at } = claimed;
    const payload = JSON.parse(claimed.payload) as unknown;
    return reachPort(deps, { id, payload, attempts, called_at, signal });
  };
  try {
    return seen(await Promise.race([reached(), late.promise]));
  } catch (error) {
    return { outcome: 'unknown', reason: String(error) };
  }
}

/**
 * An answer without the letters that nobody can see: its words are a stranger's, and one of them,
 * NUL, is kept by no row of PostgreSQL, so that the outcome would never be stored.
 */
const seen = (outcome: Outcome<unknown>): Outcome<unknown> =>
  JSON.parse(JSON.stringify(outcome), (_, value: unknown) =>
    typeof value === 'string' ? cleanText(value) : value,
  ) as Outcome<unknown>;

/** Keeps an outcome before anything acts on it; answers what is known by now. */
async function store(
  deps: Deps,
  port: AnyPort,
  claimed: Claimed,
  outcome: Outcome<unknown>,
): Promise<Known<unknown> | null> {
  if (outcome.outcome === 'failed' || outcome.outcome === 'unknown') {
    await storeFailure(deps, port, claimed, outcome);
    return null;
  }
  const answer = { state: 'answered', outcome: JSON.stringify(outcome) };
  return deps.database.write(async (tx) => {
    const well = { attempts: 0, last_error: null, failed_at: null };
    if (!(await endLease(tx, claimed, well))) return null;
    await saveState(tx, claimed.id, answer);
    return JSON.parse(answer.outcome) as Known<unknown>;
  });
}

/** Keeps that a call came to nothing, and when there is another; what follows from it too. */
async function storeFailure(
  deps: Deps,
  port: AnyPort,
  claimed: Claimed,
  outcome: Failed<unknown>,
): Promise<void> {
  const { clock, log } = deps;
  const { id, kind, attempts } = claimed;
  const { pauses_ms, tries } = paceOf(port);
  const is_unknown = outcome.outcome === 'unknown';
  const is_given_up = !is_unknown && attempts + 1 >= tries;
  const pause_ms = is_unknown
    ? askPause(clock.nowMs(), claimed)
    : (pauses_ms[Math.min(attempts, pauses_ms.length - 1)] ?? 0);
  const jittered_ms = pause_ms * (1 + Math.random() * JITTER);
  const failure = failureOf(clock, attempts, outcome.reason, jittered_ms);
  const not_before = is_given_up ? NEVER : failure.not_before;
  log.warn({ kind, effect: id, is_given_up, reason: failure.last_error }, 'an effect failed');
  await deps.write(async (ctx) => {
    if (!(await endLease(ctx.tx, claimed, { ...failure, not_before }))) return;
    if (!is_unknown) {
      await saveState(ctx.tx, id, { state: is_given_up ? 'given_up' : 'waiting' });
    }
    const effect = { id, payload: JSON.parse(claimed.payload) as unknown };
    await port.onFailure?.(ctx, effect, {
      reason: failure.last_error,
      reply: outcome.reply ?? null,
      again_at: is_given_up ? null : not_before,
    });
  });
}

/** By how long ago the call was whose answer is not known. */
function askPause(now_ms: number, { state, called_at }: Claimed): number {
  const since_ms = state === 'called' ? now_ms - Date.parse(called_at ?? '') : 0;
  return ASKED_AFTER_MS.find((pause_ms) => pause_ms > since_ms) ?? DAY_MS;
}

/** Brings an outcome back: what follows from it and that it is over are one transaction. */
async function act(
  deps: Deps,
  { onOutcome }: AnyPort,
  claimed: Claimed,
  known: Known<unknown>,
): Promise<void> {
  const { id, kind, payload, attempts } = claimed;
  try {
    await deps.write(async (ctx) => {
      if (!(await endLease(ctx.tx, claimed, null))) return;
      await saveState(ctx.tx, id, { state: known.outcome, ended_at: ctx.clock.now() });
      await onOutcome(ctx, { id, payload: JSON.parse(payload) as unknown }, known);
    });
  } catch (error) {
    deps.log.error({ err: error, kind, effect: id }, 'an outcome could not be brought back');
    const failure = failureOf(deps.clock, attempts, error);
    await deps.database.write((tx) => endLease(tx, claimed, failure));
  }
}
