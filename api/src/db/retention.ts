import type { Database } from './database.ts';

/** Each erases up to `limit` rows from before an ISO time, oldest first where it matters. */
export async function eraseIdempotencyKeys(
  database: Database,
  before: string,
  limit: number,
): Promise<number> {
  const old = await database.read
    .selectFrom('idempotency_keys')
    .select(['principal', 'acting_for', 'idempotency_key'])
    .where('created_at', '<', before)
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  await database.write(async (tx) => {
    for (const { principal, acting_for, idempotency_key } of old) {
      await tx
        .deleteFrom('idempotency_keys')
        .where('principal', '=', principal)
        .where('acting_for', '=', acting_for)
        .where('idempotency_key', '=', idempotency_key)
        .execute();
    }
  });
  return old.length;
}

/** What a consumer has not passed stays, whatever its age. */
export async function eraseNews(
  database: Database,
  before: string,
  limit: number,
): Promise<number> {
  const oldest = await database.read
    .selectFrom('outbox')
    .select(['id', 'created_at'])
    .where('position', '<=', (eb) =>
      eb.selectFrom('projections').select((on) => on.fn.min('position').as('position')),
    )
    .orderBy('position')
    .limit(limit)
    .execute();
  const old = oldest.filter(({ created_at }) => created_at < before);
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await database.write((tx) => tx.deleteFrom('outbox').where('id', 'in', ids).execute());
  return old.length;
}

export async function eraseStreamEvents(
  database: Database,
  before: string,
  limit: number,
): Promise<number> {
  const oldest = await database.read
    .selectFrom('stream_events')
    .select(['id', 'created_at'])
    .orderBy('id')
    .limit(limit)
    .execute();
  const old = oldest.filter(({ created_at }) => created_at < before);
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await database.write((tx) => tx.deleteFrom('stream_events').where('id', 'in', ids).execute());
  return old.length;
}

/** What is not over stays, whatever its age. */
export async function eraseEffects(
  database: Database,
  before: string,
  limit: number,
): Promise<number> {
  const old = await database.read
    .selectFrom('effects')
    .select('id')
    .where('ended_at', '<', before)
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await database.write((tx) => tx.deleteFrom('effects').where('id', 'in', ids).execute());
  return old.length;
}

/** The windows of rate limits that were over before then. */
export async function eraseRateWindows(
  database: Database,
  before: string,
  limit: number,
): Promise<number> {
  const old = await database.read
    .selectFrom('rate_windows')
    .select(['policy', 'who'])
    .where('ends_at', '<=', before)
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  await database.write(async (tx) => {
    for (const { policy, who } of old) {
      await tx
        .deleteFrom('rate_windows')
        .where('policy', '=', policy)
        .where('who', '=', who)
        .where('ends_at', '<=', before)
        .execute();
    }
  });
  return old.length;
}
