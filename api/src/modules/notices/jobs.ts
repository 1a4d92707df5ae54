import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import { eraseNotices, findOldNotices } from './repo.ts';

/** How long a notice is kept, read or not. */
const KEEP_NOTICES_MS = 180 * DAY_MS;

export async function eraseOldNotices(deps: Deps): Promise<number> {
  const old = await findOldNotices(deps.db, isoAt(deps.clock.nowMs() - KEEP_NOTICES_MS));
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await deps.database.write((tx) => eraseNotices(tx, ids));
  return ids.length;
}
