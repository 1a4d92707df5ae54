import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Consumer, Deps } from '../../context.ts';
import { STREAMS } from '../../db/stream-events.ts';
import { EVERYBODY } from '../../lib/hub.ts';
import { eraseNotices, findAnyOldNotices } from './repo.ts';
import { tellStreams } from './service.ts';

/** How long a notice is kept, read or not. */
const KEEP_NOTICES_MS = 180 * DAY_MS;

export async function eraseOldNotices(deps: Deps): Promise<number> {
  const old = await findAnyOldNotices(deps.db, isoAt(deps.clock.nowMs() - KEEP_NOTICES_MS));
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await deps.database.write((tx) => eraseNotices(tx, ids));
  return ids.length;
}

/** Tells an account's other browsers of what it read, and everybody of an offering. */
export const streams: Consumer = {
  name: STREAMS,
  handlers: {
    'notices.read': (ctx, { account_id }) => tellStreams(ctx, [account_id], 'notice', ''),
    'offering.changed': (ctx, { offering_id }) =>
      tellStreams(ctx, [EVERYBODY], 'offering', offering_id),
  },
};
