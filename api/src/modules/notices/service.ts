import { makeId } from '@berth/shared/ids';
import { fillWords, noticeTable, type NoticeKind } from '@berth/shared/notices/kinds';
import type { NoticeView, StreamTopic } from '@berth/shared/notices/schemas';
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

/** A line of what a notice is about: text, or an ISO time that is shown in the reader's zone. */
export type NoticeFact = { label: string } & ({ text: string } | { at: string });

interface Notice {
  account_id: string;
  kind: NoticeKind;
  /** What the table's words have in braces. */
  names: Record<string, string>;
  link: string;
  facts?: readonly NoticeFact[];
  /** Which party of a contract is told, where both are. */
  side?: 'renter' | 'provider';
  /** The entry of a contract's log that it tells of. */
  entry?: { contract_id: string; seq: number | null };
}

/**
 * Writes a notice, once for each entry of a log, and the stream event that rings the bell; only the
 * consumers of the outbox call it, which answer the account as one to wake.
 */
export async function notify(ctx: WriteCtx, notice: Notice): Promise<void> {
  const { account_id, kind, names, link, facts = [], side, entry } = notice;
  const row = noticeTable[kind];
  const text = (side === 'provider' && row.text_for_provider) || row.text;
  await insertNotice(ctx.tx, {
    ...{ account_id, kind, link },
    id: makeId('notice'),
    title: fillWords(row.title, names),
    text: fillWords(text, names),
    facts: JSON.stringify(facts),
    contract_id: entry?.contract_id ?? null,
    seq: entry?.seq ?? null,
    created_at: ctx.clock.now(),
  });
  await tellStreams(ctx, [account_id], 'notice', '');
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
