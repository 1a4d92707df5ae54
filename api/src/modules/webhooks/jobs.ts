import {
  contractMachine,
  type ContractAction,
  type ContractRole,
} from '@berth/shared/contracts/machine';
import { findRow } from '@berth/shared/machine';
import { DAY_MS, isoAt, SECOND_MS } from '@berth/shared/time';
import type { EventType } from '@berth/shared/webhooks/events';
import { DELIVERIES_KEPT_DAYS, MAX_TRIES } from '@berth/shared/webhooks/limits';
import type { WebhookEvent } from '@berth/shared/webhooks/schemas';
import type { AnyEffect, Deps, EffectAsk, PortCtx, WriteCtx } from '../../context.ts';
import type { Outcome, PayloadOf, ReplyOf } from '../../lib/effects.ts';
import type { Topics } from '../../lib/topics.ts';
import { signedHeaders } from '../../lib/webhook-signing.ts';
import { findAnyOffering } from '../catalogue/index.ts';
import { findAnyContract, getAnyNews } from '../contracts/index.ts';
import { findAnyTold, notify } from '../notices/index.ts';
import {
  eraseDeliveries,
  findAnyDelivery,
  findAnyOldDeliveries,
  findAnyWebhook,
  listAnyEnabled,
  type WebhookRow,
} from './repo.ts';
import { enqueue, isGone, isTaken, keepFailed, keepLast } from './service.ts';

type Kind = 'webhook.deliver' | 'webhook.deliver_slow';
type Payload = PayloadOf<Kind>;
type Reply = ReplyOf<Kind>;

/** Longer than the port takes by itself. */
const TIME_LIMIT_MS = 30 * SECOND_MS;

const pageOf = (webhook_id: string): string => `/dashboard/webhooks/${webhook_id}`;

type Listener = Pick<WebhookRow, 'id' | 'account_id' | 'types'>;

const wants = ({ types }: Listener, type: EventType): boolean =>
  (JSON.parse(types) as string[]).includes(type);

const addressOf = ({ config }: Pick<WriteCtx, 'config'>, path: string): string =>
  `${config.public_origin}/api/v1${path}`;

type Entry = Awaited<ReturnType<typeof getAnyNews>> & { contract_id: string; seq: number };

/** The entry that there is news of, after the one that it followed at once, which had none. */
async function listTold(
  { tx }: WriteCtx,
  { contract_id, seq }: Topics['contract.moved'],
): Promise<Entry[]> {
  const find = async (at: number) => ({
    ...{ contract_id, seq: at },
    ...(await getAnyNews(tx, contract_id, at)),
  });
  const entry = await find(seq);
  const before = seq === 0 ? null : await find(seq - 1);
  const isOne = before !== null && findRow(contractMachine, before)?.then === entry.action;
  return isOne ? [before, entry] : [entry];
}

/** Tells the webhooks of both parties of a new entry. */
export async function tellOfEntry(
  ctx: WriteCtx,
  news: Topics['contract.moved'],
): Promise<readonly string[]> {
  const contract = await findAnyContract(ctx.tx, news.contract_id);
  if (contract === null) return [];
  const { renter_id, provider_id } = contract;
  const listening = await listAnyEnabled(ctx.tx, renter_id, provider_id);
  if (listening.length === 0) return [];
  for (const entry of await listTold(ctx, news)) {
    for (const one of listening) {
      const event = eventOf(ctx, entry, one.account_id === renter_id ? 'renter' : 'provider');
      if (wants(one, event.type)) await enqueue(ctx, one.id, event);
    }
  }
  return [];
}

const eventOf = (ctx: WriteCtx, entry: Entry, side: 'renter' | 'provider') => {
  const { contract_id, seq, to_state: state, role, at: timestamp } = entry;
  const action = entry.action as ContractAction;
  const url = addressOf(ctx, `/contracts/${contract_id}`);
  const by = role as ContractRole;
  return {
    type: `contract.${action}` as const,
    timestamp,
    data: { contract_id, seq, action, state, by, side, url },
  };
};

/** Tells the webhooks of its provider that an offering changed. */
export async function tellOfOffering(
  ctx: WriteCtx,
  { offering_id, at: timestamp }: Topics['offering.changed'],
): Promise<readonly string[]> {
  const offering = await findAnyOffering(ctx.tx, offering_id);
  if (!offering) return [];
  const { provider_id } = offering;
  const listening = await listAnyEnabled(ctx.tx, provider_id, provider_id);
  const event: WebhookEvent = {
    type: 'offering.changed',
    timestamp,
    data: { offering_id, url: addressOf(ctx, `/me/offerings/${offering_id}`) },
  };
  for (const one of listening) {
    if (wants(one, 'offering.changed')) await enqueue(ctx, one.id, event);
  }
  return [];
}

/** Tells an account's webhooks of a notice that it got. */
export async function tellOfNotice(
  ctx: WriteCtx,
  { notice_id }: Topics['notices.made'],
): Promise<readonly string[]> {
  const notice = await findAnyTold(ctx.tx, notice_id);
  if (notice === null) return [];
  const { account_id, kind, title, link, created_at: timestamp } = notice;
  const listening = await listAnyEnabled(ctx.tx, account_id, account_id);
  const data = { notice_id, kind, title, link, url: addressOf(ctx, '/notices') };
  for (const one of listening) {
    // It is told nothing of itself: that is for who looks after it.
    if (wants(one, 'notice.made') && link !== pageOf(one.id)) {
      await enqueue(ctx, one.id, { type: 'notice.made', timestamp, data });
    }
  }
  return [];
}

/** Tells the owner of a webhook that was disabled by what it answered. */
export async function tellOfDisabled(
  ctx: WriteCtx,
  { account_id, webhook_id, host, by }: Topics['webhook.disabled'],
): Promise<readonly string[]> {
  const link = pageOf(webhook_id);
  await notify(ctx, { account_id, kind: `webhook.${by}`, names: { label: host }, link });
  return [account_id];
}

/** Tells the owner of a webhook where its events are sent from now on. */
export async function tellOfSet(
  ctx: WriteCtx,
  { account_id, webhook_id, host, what }: Topics['webhook.set'],
): Promise<readonly string[]> {
  const link = pageOf(webhook_id);
  await notify(ctx, { account_id, kind: `webhook.${what}`, names: { label: host }, link });
  return [account_id];
}

/** One try. What it is answered ends it where that is 2xx, 410 or the answer to the last try. */
async function deliver(
  ctx: PortCtx,
  { payload, signal }: EffectAsk<Payload>,
): Promise<Outcome<Reply>> {
  const delivery = await findAnyDelivery(ctx.db, payload.delivery_id);
  const webhook = delivery && (await findAnyWebhook(ctx.db, delivery.webhook_id));
  if (delivery?.state !== 'waiting' || webhook?.disabled_at !== null) {
    return { outcome: 'refused', reason: 'It is not wanted any more.' };
  }
  const { message_id, body, tries } = delivery;
  const { id, url, secret_number, old_secret_until } = webhook;
  const at = ctx.clock.now();
  const isOverlap = old_secret_until !== null && old_secret_until > at;
  const numbers = isOverlap ? [secret_number, secret_number - 1] : [secret_number];
  const secrets = numbers.map((number) => ctx.webhookKey.secretOf(id, number));
  const at_s = Math.floor(ctx.clock.nowMs() / SECOND_MS);
  const headers = signedHeaders({ message_id, at_s, body }, secrets, ctx.serviceKey);
  const answer = await ctx.ports.webhooks.post({ url, headers, body }, signal);
  const reply = { at, url, ...answer };
  const { status, text } = answer;
  if (isTaken(status) || isGone(status) || tries + 1 >= MAX_TRIES)
    return { outcome: 'done', reply };
  return { outcome: 'failed', reason: status === null ? text : `It answered ${status}.`, reply };
}

const NEVER_CALLED = { url: '', ms: 0, status: null };

const deliveringBy = <K extends Kind>(kind: K) => ({
  kind,
  pace: 'webhook' as const,
  time_limit_ms: TIME_LIMIT_MS,
  call: deliver,
  onOutcome: async (
    ctx: WriteCtx,
    { payload }: { payload: Payload },
    outcome: { outcome: 'done'; reply: Reply } | { outcome: 'refused' },
  ) => {
    if (outcome.outcome === 'done') await keepLast(ctx, payload.delivery_id, outcome.reply);
  },
  onFailure: (
    ctx: WriteCtx,
    { payload }: { payload: Payload },
    failure: { reason: string; reply: Reply | null; again_at: string | null },
  ) => {
    const { reason: text, reply, again_at } = failure;
    const tried = reply ?? { ...NEVER_CALLED, at: ctx.clock.now(), text };
    return keepFailed(ctx, payload.delivery_id, tried, again_at);
  },
});

export const deliveries: readonly AnyEffect[] = [
  deliveringBy('webhook.deliver'),
  deliveringBy('webhook.deliver_slow'),
];

export async function eraseOldDeliveries(deps: Deps): Promise<number> {
  const before = isoAt(deps.clock.nowMs() - DELIVERIES_KEPT_DAYS * DAY_MS);
  const old = (await findAnyOldDeliveries(deps.db, before)).map(({ id }) => id);
  if (old.length > 0) await deps.database.write((tx) => eraseDeliveries(tx, old));
  return old.length;
}
