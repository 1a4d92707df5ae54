import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isoAt } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import { findAnySync, tryLease } from './repo.ts';

/** Longer than a page takes to come with all its attempts. */
export const LEASE_MS = 120_000;

/** A name for one run, by which others can tell whether its process is still there. */
export const makeOwner = (): string => `${hostname()}/${process.pid}/${randomUUID()}`;

/** Takes the right to import, or keeps it; false while another process has it. */
export async function takeLease(
  { db, write }: Pick<Deps, 'db' | 'write'>,
  owner: string,
): Promise<boolean> {
  const holder = (await findAnySync(db))?.leased_by ?? null;
  const dead = holder !== null && holder !== owner && isDead(holder) ? holder : null;
  return write(({ tx, clock }) => {
    const until = isoAt(clock.nowMs() + LEASE_MS);
    return tryLease(tx, { owner, dead, now: clock.now(), until });
  });
}

/** Whether a run's process was on this machine and is no more: it was killed. */
function isDead(owner: string): boolean {
  const [host, pid] = owner.split('/');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
