import { isoAt } from '@berth/shared/time';
import type { Deps, DueWork, Sweeper } from '../context.ts';
import { claim, eraseForgotten, findAttempts, saveDone, saveFailed } from '../db/due-work.ts';
import { failureOf } from './failure.ts';

/** Things that one sweep takes; the next one goes on. */
const SWEEP_LIMIT = 200;
/** Longer than a sweep's things take: what a process took that is gone is taken up again. */
const LEASE_MS = 60_000;
/** What has been free for so long is not due any more: something else has moved it. */
const FORGET_MS = 10 * 60_000;

/**
 * Does what is due, each thing alone: one that fails waits longer each time, is seen by admins, and
 * keeps no other. Several processes share the work, as each takes things under a lease.
 */
export const sweepDue =
  (work: DueWork): Sweeper =>
  async (deps) => {
    const now = deps.clock.now();
    const due = await work.list(deps.db, now, SWEEP_LIMIT);
    if (due.length === 0) return 0;
    const until = isoAt(deps.clock.nowMs() + LEASE_MS);
    const mine = await deps.database.write((tx) => claim(tx, work.kind, due, { now, until }));
    for (const subject_id of mine) await runOne(deps, work, subject_id);
    return mine.length;
  };

async function runOne(deps: Deps, { kind, run }: DueWork, subject_id: string): Promise<void> {
  const thing = { kind, subject_id };
  try {
    await deps.write(async (ctx) => {
      await run(ctx, subject_id);
      await saveDone(ctx.tx, thing);
    });
  } catch (error) {
    deps.log.error({ err: error, ...thing }, 'what was due failed; it is tried again');
    await deps.database.write(async (tx) => {
      const failures = await findAttempts(tx, thing);
      await saveFailed(tx, thing, failureOf(deps.clock, failures, error));
    });
  }
}

/** Forgets what is due no more. */
export const forget =
  (works: readonly DueWork[]): Sweeper =>
  async ({ database, clock }) => {
    const kinds = works.map(({ kind }) => kind);
    const before = isoAt(clock.nowMs() - FORGET_MS);
    return kinds.length === 0 ? 0 : database.write((tx) => eraseForgotten(tx, kinds, before));
  };
