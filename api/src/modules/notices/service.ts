import { makeId } from '@berth/shared/ids';
import type { noticeKinds, NoticeView, StreamTopic } from '@berth/shared/notices/schemas';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import { insertStreamEvents } from '../../db/stream-events.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { countUnread, insertNotice, listNotices, markRead } from './repo.ts';

interface Ask {
  unread?: '1' | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export async function listOwnNotices({ db }: Pick<ReadCtx, 'db'>, actor: AccountActor, ask: Ask) {
  const [{ items, next_cursor }, unread] = await Promise.all([
    listNotices(db, actor, {
      only_unread: ask.unread === '1',
      cursor: ask.cursor,
      limit: pageSize(ask.limit),
    }),
    countUnread(db, actor),
  ]);
  const view = (row: (typeof items)[number]): NoticeView => ({
    id: row.id,
    kind: row.kind as NoticeView['kind'],
    title: row.title,
    link: row.link,
    created_at: row.created_at,
    read_at: row.read_at,
  });
  return { items: items.map(view), next_cursor, unread };
}

/** Marks notices as read and tells the account's other browsers. */
export async function readNotices(
  ctx: WriteCtx,
  actor: AccountActor,
  ask: { ids: string[] } | { all: true },
): Promise<{ unread: number }> {
  const at = ctx.clock.now();
  await markRead(ctx.tx, actor, 'ids' in ask ? ask.ids : null, at);
  await emit(ctx.tx, 'notices.read', { account_id: actor.acting_for }, at);
  return { unread: await countUnread(ctx.tx, actor) };
}

interface Notice {
  account_id: string;
  kind: (typeof noticeKinds)[number];
  title: string;
  link: string;
  contract_id: string | null;
  seq: number | null;
}

/**
 * Writes a notice, once for each entry of a log, and the stream event that rings the bell; only the
 * consumers of the outbox call it, which answer the account as one to wake.
 */
export async function notify(ctx: WriteCtx, notice: Notice): Promise<void> {
  const created_at = ctx.clock.now();
  await insertNotice(ctx.tx, { ...notice, id: makeId('notice'), created_at });
  await tellStreams(ctx, [notice.account_id], 'notice', '');
}

/** Writes stream events, in commit order as the worker is the only writer; answers whom to wake. */
export async function tellStreams(
  ctx: WriteCtx,
  account_ids: readonly string[],
  topic: StreamTopic,
  subject_id: string,
): Promise<readonly string[]> {
  const created_at = ctx.clock.now();
  const told = [...new Set(account_ids)];
  await insertStreamEvents(
    ctx.tx,
    told.map((account_id) => ({ account_id, topic, subject_id, created_at })),
  );
  return told;
}
