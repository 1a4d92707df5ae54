import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import { seenBy, type AccountActor, type Seen } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type WebhookRow = Schema['webhooks'];
export type DeliveryRow = Schema['webhook_deliveries'];
export type AttemptRow = Schema['webhook_attempts'];

const SORT = 'latest';
/** Deliveries that one sweep erases. */
const MAX_ERASED = 500;

const visibleTo = (db: Db, actor: AccountActor) =>
  db.selectFrom('webhooks as w').where('w.account_id', '=', actor.acting_for);

export const listWebhooks = (db: Db, actor: AccountActor): Promise<WebhookRow[]> =>
  visibleTo(db, actor).orderBy('w.created_at').orderBy('w.id').selectAll('w').execute();

export async function findWebhook(
  db: Db,
  actor: AccountActor,
  id: string,
): Promise<Seen<WebhookRow> | null> {
  const row = await visibleTo(db, actor).where('w.id', '=', id).selectAll('w').executeTakeFirst();
  return row === undefined ? null : seenBy(actor, row);
}

export async function insertWebhook(tx: Tx, row: WebhookRow): Promise<void> {
  await tx.insertInto('webhooks').values(row).execute();
}

export async function saveWebhook(
  tx: Tx,
  id: string,
  change: Partial<Omit<WebhookRow, 'id' | 'account_id'>>,
): Promise<void> {
  await tx.updateTable('webhooks').set(change).where('id', '=', id).execute();
}

export async function deleteWebhook(tx: Tx, { id }: Seen<WebhookRow>): Promise<void> {
  await tx.deleteFrom('webhooks').where('id', '=', id).execute();
}

const selectEnabled = compileOnce((db, given: Slots<{ account_id: string }>) =>
  db
    .selectFrom('webhooks')
    .where('account_id', '=', given.account_id)
    .where('disabled_at', 'is', null)
    .select(['id', 'account_id', 'types']),
);

/** Where events of two accounts are sent, which may be one. */
export async function listAnyEnabled(db: Db, one: string, other: string) {
  const found = await Promise.all(
    [...new Set([one, other])].map((account_id) => selectEnabled(db, { account_id })),
  );
  return found.flatMap(({ rows }) => rows);
}

/**
 * The next place behind all deliveries to a webhook, which nobody else gets or changes until the
 * transaction ends; null where it is disabled or gone.
 */
export async function takePlace(tx: Tx, id: string): Promise<WebhookRow | null> {
  const row = await tx
    .updateTable('webhooks')
    .set({ last_place: sql<number>`last_place + 1` })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Has nobody else change a webhook until the transaction ends. */
export async function holdAnyWebhook(tx: Tx, id: string): Promise<WebhookRow | null> {
  const row = await tx
    .updateTable('webhooks')
    .set((eb) => ({ last_place: eb.ref('last_place') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function insertDelivery(tx: Tx, row: DeliveryRow): Promise<void> {
  await tx.insertInto('webhook_deliveries').values(row).execute();
}

export async function findAnyDelivery(db: Db, id: string): Promise<DeliveryRow | null> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .where('id', '=', id)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function findAnyWebhook(db: Db, id: string): Promise<WebhookRow | null> {
  const row = await db.selectFrom('webhooks').where('id', '=', id).selectAll().executeTakeFirst();
  return row ?? null;
}

/** The first that waits. */
export async function findAnyWaiting(db: Db, webhook_id: string): Promise<string | null> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .where('webhook_id', '=', webhook_id)
    .where('state', '=', 'waiting')
    .orderBy('place')
    .limit(1)
    .select('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function saveDelivery(
  tx: Tx,
  id: string,
  change: Pick<DeliveryRow, 'tries' | 'again_at'> & Partial<DeliveryRow>,
): Promise<void> {
  await tx.updateTable('webhook_deliveries').set(change).where('id', '=', id).execute();
}

export async function dropWaiting(tx: Tx, webhook_id: string, at: string): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ state: 'dropped', ended_at: at, again_at: null })
    .where('webhook_id', '=', webhook_id)
    .where('state', '=', 'waiting')
    .execute();
}

export async function insertAttempt(tx: Tx, row: AttemptRow): Promise<void> {
  await tx.insertInto('webhook_attempts').values(row).execute();
}

const ofWebhook = (db: Db, { id }: Seen<WebhookRow>) =>
  db.selectFrom('webhook_deliveries').where('webhook_id', '=', id);

export async function listDeliveries(
  db: Db,
  webhook: Seen<WebhookRow>,
  ask: { cursor: string | undefined; limit: number; state: string | undefined },
) {
  let query = ofWebhook(db, webhook)
    .selectAll()
    .orderBy('place', 'desc')
    .limit(ask.limit + 1);
  if (ask.state !== undefined) query = query.where('state', '=', ask.state);
  const key = readCursor(SORT, ['integer'], ask.cursor);
  if (key) query = query.where(sql<SqlBool>`place < ${key[0]}`);
  const rows = await query.execute();
  return pageFrom(
    rows,
    ask.limit,
    SORT,
    ({ place }) => [place],
    (row) => row,
  );
}

export async function findDelivery(
  db: Db,
  webhook: Seen<WebhookRow>,
  id: string,
): Promise<DeliveryRow | null> {
  const row = await ofWebhook(db, webhook).where('id', '=', id).selectAll().executeTakeFirst();
  return row ?? null;
}

export const listAnyAttempts = (db: Db, delivery_id: string): Promise<AttemptRow[]> =>
  db
    .selectFrom('webhook_attempts')
    .where('delivery_id', '=', delivery_id)
    .orderBy('number')
    .selectAll()
    .execute();

export type Which =
  { ids: readonly string[] } | { since: string; until: string; states: readonly string[] };

/** Those of some that have ended, in their order. */
export function listEnded(
  db: Db,
  webhook: Seen<WebhookRow>,
  which: Which,
  limit: number,
): Promise<DeliveryRow[]> {
  const ended = ofWebhook(db, webhook).where('ended_at', 'is not', null);
  const chosen =
    'ids' in which
      ? ended.where('id', 'in', which.ids)
      : ended
          .where('created_at', '>=', which.since)
          .where('created_at', '<', which.until)
          .where('state', 'in', which.states);
  return chosen.orderBy('place').limit(limit).selectAll().execute();
}

export const findAnyOldDeliveries = (db: Db, before: string) =>
  db
    .selectFrom('webhook_deliveries')
    .where('ended_at', '<', before)
    .limit(MAX_ERASED)
    .select('id')
    .execute();

export async function eraseDeliveries(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('webhook_deliveries').where('id', 'in', ids).execute();
}
