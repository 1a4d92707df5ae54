import type * as z from 'zod';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import { HOUR_MS, isoAt } from '@berth/shared/time';
import { readsOf, TEST_EVENT, type EventType } from '@berth/shared/webhooks/events';
import { MAX_QUEUED, MAX_REPLAYED, MAX_WAITING, MAX_WEBHOOKS } from '@berth/shared/webhooks/limits';
import type {
  deliveryDetails,
  deliveryView,
  replayInput,
  secretRotation,
  webhookChange,
  WebhookEvent,
  webhookInput,
  webhookMade,
  webhookView,
} from '@berth/shared/webhooks/schemas';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { lockAccount } from '../../db/accounts.ts';
import { wantEffect } from '../../db/effects.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import { requirePermission, type AccountActor, type Seen } from '../../lib/actor.ts';
import type { Topics } from '../../lib/topics.ts';
import { refusalOfWebhook } from '../../lib/webhook-address.ts';
import { publicKeyOf } from '../../lib/webhook-signing.ts';
import {
  deleteWebhook,
  dropWaiting,
  findAnyDelivery,
  findAnyWaiting,
  findDelivery,
  findWebhook,
  holdAnyWebhook,
  insertAttempt,
  insertDelivery,
  insertWebhook,
  listAnyAttempts,
  listDeliveries,
  listEnded,
  listWebhooks,
  saveDelivery,
  saveWebhook,
  takePlace,
  type AttemptRow,
  type DeliveryRow,
  type WebhookRow,
} from './repo.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;
type View = z.output<typeof webhookView>;
type Made = z.output<typeof webhookMade>;
type Keys = Pick<WriteCtx, 'serviceKey' | 'webhookKey'>;

/**
 * A delivery that took longer than this makes its webhook a slow one, until one does not. So is one
 * whose address nobody has seen answer: else ever new ones that hang would have all quick slots.
 */
const SLOW_MS = 2_000;
const GONE = 410;

/** Whether a webhook took an event: any 2xx says so. */
export const isTaken = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300;
/** Whether it asks for nothing more. */
export const isGone = (status: number | null): boolean => status === GONE;

const viewOf = ({ serviceKey }: Pick<Keys, 'serviceKey'>, row: WebhookRow): View => ({
  id: row.id,
  url: row.url,
  description: row.description,
  types: JSON.parse(row.types) as string[],
  created_at: row.created_at,
  disabled:
    row.disabled_at === null
      ? null
      : { at: row.disabled_at, by: row.disabled_by as NonNullable<View['disabled']>['by'] },
  failing_since: row.failing_since,
  old_secret_until: row.old_secret_until,
  public_key: publicKeyOf(serviceKey),
});

const madeOf = (ctx: Keys, row: WebhookRow): Made => ({
  webhook: viewOf(ctx, row),
  secret: ctx.webhookKey.secretOf(row.id, row.secret_number),
});

export async function listOwn(ctx: ReadCtx, actor: AccountActor): Promise<{ items: View[] }> {
  return { items: (await listWebhooks(ctx.db, actor)).map((row) => viewOf(ctx, row)) };
}

/** The same, which nobody else changes until the transaction ends. */
async function holdOwn(tx: WriteCtx['tx'], actor: AccountActor, id: string) {
  await holdAnyWebhook(tx, (await getOwn(tx, actor, id)).id);
  return getOwn(tx, actor, id);
}

/** Throws `request.not_found` for another's. */
async function getOwn(db: ReadCtx['db'], actor: AccountActor, id: string) {
  const row = await findWebhook(db, actor, id);
  if (row === null) throw problem('request.not_found');
  return row;
}

export const viewOwn = async (ctx: ReadCtx, actor: AccountActor, id: string): Promise<View> =>
  viewOf(ctx, await getOwn(ctx.db, actor, id));

function refuseUrl({ config }: Pick<WriteCtx, 'config'>, url: string): void {
  const message = refusalOfWebhook(url, config.webhook_loopback);
  if (message === null) return;
  throw problem('request.invalid', message, { errors: [{ pointer: '/url', message }] });
}

/** Who may not read it has it sent nowhere. Throws `session.scope` and `token.permission`. */
function requireReads(actor: AccountActor, types: readonly EventType[]): void {
  for (const one of new Set(types.map(readsOf))) requirePermission(actor, one);
}

/** Tells every device where events go from now on, so that no thief listens unseen. */
const tellOf = (
  { tx, clock }: Writes,
  { id: webhook_id, account_id }: Pick<WebhookRow, 'id' | 'account_id'>,
  url: string,
  what: Topics['webhook.set']['what'],
): Promise<void> =>
  emit(tx, 'webhook.set', { account_id, webhook_id, host: new URL(url).host, what }, clock.now());

/**
 * Throws `request.invalid` for an address that nothing is sent to, `account.too_many`, and what
 * `requireReads` does.
 */
export async function createWebhook(
  ctx: WriteCtx,
  actor: AccountActor,
  { url, description, types }: z.output<typeof webhookInput>,
): Promise<Made> {
  const { tx, clock } = ctx;
  refuseUrl(ctx, url);
  requireReads(actor, types);
  await lockAccount(tx, actor);
  if ((await listWebhooks(tx, actor)).length >= MAX_WEBHOOKS) {
    throw problem('account.too_many', `Remove one first: there are ${MAX_WEBHOOKS} already.`);
  }
  const row: WebhookRow = {
    id: makeId('webhook'),
    account_id: actor.acting_for,
    ...{ url, description },
    types: JSON.stringify([...new Set(types)]),
    secret_number: 1,
    is_slow: 1,
    last_place: 0,
    created_at: clock.now(),
    ...{ old_secret_until: null, failing_since: null, current_id: null },
    ...{ disabled_at: null, disabled_by: null },
  };
  await insertWebhook(tx, row);
  await tellOf(ctx, row, url, 'made');
  return madeOf(ctx, row);
}

/** Throws as `createWebhook` does, where it is told of more or elsewhere. */
export async function changeWebhook(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  { url, description, types, enabled }: z.output<typeof webhookChange>,
): Promise<View> {
  const { tx } = ctx;
  if (url !== undefined) refuseUrl(ctx, url);
  const row = await holdOwn(tx, actor, id);
  const isMoved = url !== undefined && url !== row.url;
  if (isMoved || types) requireReads(actor, types ?? (JSON.parse(row.types) as EventType[]));
  if (isMoved) await tellOf(ctx, row, url, 'moved');
  await saveWebhook(tx, id, {
    url: url ?? row.url,
    ...(isMoved && { is_slow: 1 }),
    description: description ?? row.description,
    ...(types && { types: JSON.stringify([...new Set(types)]) }),
    ...(enabled === true && { disabled_at: null, disabled_by: null, failing_since: null }),
  });
  if (enabled === false && row.disabled_at === null) await disable(ctx, row, 'owner');
  return viewOf(ctx, await getOwn(tx, actor, id));
}

export async function removeWebhook({ tx }: Writes, actor: AccountActor, id: string) {
  await deleteWebhook(tx, await getOwn(tx, actor, id));
}

/** A new secret; that before signs too for the overlap, so that receivers may change theirs. */
export async function rotateSecret(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  { overlap_hours }: z.output<typeof secretRotation>,
): Promise<Made> {
  const { tx, clock } = ctx;
  const row = await holdOwn(tx, actor, id);
  await saveWebhook(tx, id, {
    secret_number: row.secret_number + 1,
    old_secret_until: overlap_hours === 0 ? null : isoAt(clock.nowMs() + overlap_hours * HOUR_MS),
  });
  return madeOf(ctx, await getOwn(tx, actor, id));
}

const isDisabled = () => problem('webhook.disabled', 'Enable it first.');

/** Sends a test event behind what waits. Throws `webhook.disabled` and `webhook.full`. */
export async function testWebhook(ctx: WriteCtx, actor: AccountActor, id: string) {
  const webhook = await holdOwn(ctx.tx, actor, id);
  await requirePlaces(ctx, webhook, 1);
  const { id: webhook_id } = webhook;
  const event = { type: TEST_EVENT, timestamp: ctx.clock.now(), data: { webhook_id } } as const;
  const row = await enqueue(ctx, webhook_id, event);
  if (row === null) throw isDisabled();
  return deliveryOf(row);
}

const deliveryOf = (row: DeliveryRow): z.output<typeof deliveryView> => ({
  id: row.id,
  message_id: row.message_id,
  type: row.type,
  state: row.state as z.output<typeof deliveryView>['state'],
  tries: row.tries,
  created_at: row.created_at,
  ended_at: row.ended_at,
  again_at: row.again_at,
});

export async function listOwnDeliveries(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  id: string,
  ask: { cursor?: string | undefined; limit?: number | undefined; state?: string | undefined },
) {
  const webhook = await getOwn(db, actor, id);
  const { cursor, limit, state } = ask;
  const page = await listDeliveries(db, webhook, { cursor, limit: pageSize(limit), state });
  return { ...page, items: page.items.map(deliveryOf) };
}

export async function viewDelivery(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { webhook_id, delivery_id }: { webhook_id: string; delivery_id: string },
): Promise<z.output<typeof deliveryDetails>> {
  const row = await findDelivery(db, await getOwn(db, actor, webhook_id), delivery_id);
  if (row === null) throw problem('request.not_found');
  const attempts = await listAnyAttempts(db, row.id);
  return { ...deliveryOf(row), body: row.body, attempts };
}

/**
 * Sends again what has ended, behind what waits and in its order. Throws `webhook.disabled`, and
 * `webhook.full` where too much waits already.
 */
export async function replay(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  which: z.output<typeof replayInput>,
): Promise<{ replayed: number }> {
  const webhook: Seen<WebhookRow> = await holdOwn(ctx.tx, actor, id);
  if (webhook.disabled_at !== null) throw isDisabled();
  const ended = await listEnded(ctx.tx, webhook, which, MAX_REPLAYED);
  await requirePlaces(ctx, webhook, ended.length);
  for (const { type, body, message_id } of ended) {
    await put(ctx, webhook.id, { type, body, message_id });
  }
  return { replayed: ended.length };
}

/** Puts an event behind all that is sent to a webhook; null where that is disabled. */
export const enqueue = (
  ctx: Writes,
  webhook_id: string,
  event: WebhookEvent,
): Promise<DeliveryRow | null> =>
  put(ctx, webhook_id, {
    type: event.type,
    body: JSON.stringify(event),
    message_id: makeId('message'),
  });

async function put(
  ctx: Writes,
  webhook_id: string,
  message: Pick<DeliveryRow, 'type' | 'body' | 'message_id'>,
): Promise<DeliveryRow | null> {
  const webhook = await takePlace(ctx.tx, webhook_id);
  if (webhook === null) return null;
  const row: DeliveryRow = {
    ...message,
    id: makeId('delivery'),
    webhook_id,
    place: webhook.last_place,
    state: 'waiting',
    tries: 0,
    created_at: ctx.clock.now(),
    ended_at: null,
    again_at: null,
  };
  await insertDelivery(ctx.tx, row);
  if (webhook.current_id === null) await begin(ctx, webhook, row.id);
  else await refuseMore(ctx, webhook);
  return row;
}

/** About how many wait behind that which is under way. */
async function countBehind({ tx }: Pick<Writes, 'tx'>, { current_id, last_place }: WebhookRow) {
  const current = current_id === null ? null : await findAnyDelivery(tx, current_id);
  return last_place - (current?.place ?? last_place);
}

/** What its owner asks for waits only where there is room. Throws `webhook.full`. */
async function requirePlaces(ctx: Writes, webhook: WebhookRow, more: number): Promise<void> {
  if ((await countBehind(ctx, webhook)) + more <= MAX_WAITING) return;
  throw problem('webhook.full', 'Ask for it again once what waits has been sent.');
}

/** What fails, or takes its time, does not gather events without an end. */
async function refuseMore(ctx: Writes, webhook: WebhookRow): Promise<void> {
  const most = webhook.failing_since === null ? MAX_QUEUED : MAX_WAITING;
  if ((await countBehind(ctx, webhook)) > most) await disable(ctx, webhook, 'full');
}

async function begin(
  { tx, clock }: Writes,
  { id, is_slow }: Pick<WebhookRow, 'id' | 'is_slow'>,
  delivery_id: string,
): Promise<void> {
  await saveWebhook(tx, id, { current_id: delivery_id });
  const kind = is_slow === 1 ? 'webhook.deliver_slow' : 'webhook.deliver';
  await wantEffect(tx, kind, { delivery_id }, clock.now());
}

/** Sends nothing more; what waits is dropped, and can be replayed. Tells who has not done it. */
async function disable(
  { tx, clock }: Writes,
  { id, account_id, url }: WebhookRow,
  by: NonNullable<View['disabled']>['by'],
): Promise<void> {
  const at = clock.now();
  await saveWebhook(tx, id, { disabled_at: at, disabled_by: by, current_id: null });
  await dropWaiting(tx, id, at);
  if (by === 'owner') return;
  const { host } = new URL(url);
  await emit(tx, 'webhook.disabled', { account_id, webhook_id: id, host, by }, at);
}

export type Tried = Omit<AttemptRow, 'delivery_id' | 'number'>;

/** The delivery that is under way and its webhook, held; null where it is not wanted any more. */
async function holdCurrent({ tx }: Writes, delivery_id: string) {
  const found = await findAnyDelivery(tx, delivery_id);
  const webhook = found && (await holdAnyWebhook(tx, found.webhook_id));
  const delivery = webhook && (await findAnyDelivery(tx, delivery_id));
  return delivery && webhook.current_id === delivery_id ? { delivery, webhook } : null;
}

async function keepTry({ tx }: Writes, { id: delivery_id, tries }: DeliveryRow, tried: Tried) {
  await insertAttempt(tx, { ...tried, delivery_id, number: tries + 1 });
  return tries + 1;
}

/** Keeps a try after which there is another. */
export async function keepFailed(
  ctx: Writes,
  delivery_id: string,
  tried: Tried,
  again_at: string | null,
): Promise<void> {
  const held = await holdCurrent(ctx, delivery_id);
  if (held === null) return;
  const tries = await keepTry(ctx, held.delivery, tried);
  await saveDelivery(ctx.tx, delivery_id, { tries, again_at });
  const failing_since = held.webhook.failing_since ?? ctx.clock.now();
  await saveWebhook(ctx.tx, held.webhook.id, { failing_since, is_slow: 1 });
}

/** Keeps the last try of a delivery, and begins the one behind it. */
export async function keepLast(ctx: Writes, delivery_id: string, tried: Tried): Promise<void> {
  const { tx, clock } = ctx;
  const held = await holdCurrent(ctx, delivery_id);
  if (held === null) return;
  const { webhook } = held;
  const tries = await keepTry(ctx, held.delivery, tried);
  const state = isTaken(tried.status) ? 'delivered' : 'undelivered';
  await saveDelivery(tx, delivery_id, { tries, state, again_at: null, ended_at: clock.now() });
  if (state === 'undelivered') {
    return disable(ctx, webhook, isGone(tried.status) ? 'gone' : 'failing');
  }
  const is_slow = tried.ms > SLOW_MS ? 1 : 0;
  await saveWebhook(tx, webhook.id, { failing_since: null, is_slow, current_id: null });
  const next = await findAnyWaiting(tx, webhook.id);
  if (next !== null) await begin(ctx, { id: webhook.id, is_slow }, next);
}
