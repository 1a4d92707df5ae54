import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import {
  eraseChallenges,
  eraseSessions,
  findAnyOldChallenges,
  findAnyOldSessions,
} from './repo.ts';

/** How long a challenge and a session, which names a browser, are kept after they have ended. */
const KEEP_CHALLENGES_MS = DAY_MS;
const KEEP_SESSIONS_MS = 30 * DAY_MS;

const before = ({ clock }: Deps, keep_ms: number) => isoAt(clock.nowMs() - keep_ms);

export async function eraseOldChallenges(deps: Deps): Promise<number> {
  const old = await findAnyOldChallenges(deps.db, before(deps, KEEP_CHALLENGES_MS));
  const nonces = old.map(({ nonce }) => nonce);
  if (nonces.length > 0) await deps.database.write((tx) => eraseChallenges(tx, nonces));
  return nonces.length;
}

export async function eraseOldSessions(deps: Deps): Promise<number> {
  const old = await findAnyOldSessions(deps.db, before(deps, KEEP_SESSIONS_MS));
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await deps.database.write((tx) => eraseSessions(tx, ids));
  return ids.length;
}
