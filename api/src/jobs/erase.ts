import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Deps, Sweeper } from '../context.ts';

/** How long what the foundation stores is kept. */
const KEEP_IDEMPOTENCY_MS = DAY_MS;
const KEEP_DELIVERED_MS = 7 * DAY_MS;
const KEEP_STREAM_EVENTS_MS = 2 * DAY_MS;
/** Rows of one table that one sweep erases. */
const MAX_ERASED = 500;

const before = ({ clock }: Pick<Deps, 'clock'>, keep_ms: number) => isoAt(clock.nowMs() - keep_ms);

async function eraseIdempotencyKeys(deps: Deps): Promise<number> {
  const old = await deps.db
    .selectFrom('idempotency_keys')
    .select(['account_id', 'idempotency_key'])
    .where('created_at', '<', before(deps, KEEP_IDEMPOTENCY_MS))
    .limit(MAX_ERASED)
    .execute();
  if (old.length === 0) return 0;
  await deps.database.write(async (tx) => {
    for (const { account_id, idempotency_key } of old) {
      await tx
        .deleteFrom('idempotency_keys')
        .where('account_id', '=', account_id)
        .where('idempotency_key', '=', idempotency_key)
        .execute();
    }
  });
  return old.length;
}

async function eraseDelivered(deps: Deps): Promise<number> {
  const oldest = await deps.db
    .selectFrom('outbox')
    .select(['id', 'delivered_at'])
    .orderBy('id')
    .limit(MAX_ERASED)
    .execute();
  const limit = before(deps, KEEP_DELIVERED_MS);
  const old = oldest.filter(({ delivered_at }) => delivered_at !== null && delivered_at < limit);
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await deps.database.write((tx) => tx.deleteFrom('outbox').where('id', 'in', ids).execute());
  return old.length;
}

async function eraseStreamEvents(deps: Deps): Promise<number> {
  const old = await deps.db
    .selectFrom('stream_events')
    .select('id')
    .where('created_at', '<', before(deps, KEEP_STREAM_EVENTS_MS))
    .limit(MAX_ERASED)
    .execute();
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await deps.database.write((tx) =>
    tx.deleteFrom('stream_events').where('id', 'in', ids).execute(),
  );
  return old.length;
}

export const erasers: readonly Sweeper[] = [
  eraseIdempotencyKeys,
  eraseDelivered,
  eraseStreamEvents,
];
