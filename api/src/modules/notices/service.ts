import { makeId } from '@berth/shared/ids';
import {
  defaultChoice,
  type NoticeChoice,
  type noticeChoices,
} from '@berth/shared/notices/choices';
import {
  fillWords,
  isAlwaysTold,
  noticeCategoryNames,
  noticeTable,
  type NoticeCategory,
  type NoticeKind,
} from '@berth/shared/notices/kinds';
import type { NoticeView, StreamTopic } from '@berth/shared/notices/schemas';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import { insertStreamEvents } from '../../db/stream-events.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { MailFact as NoticeFact } from '../../lib/mail-content.ts';
import {
  countUnread,
  findAnyNotice,
  insertNotice,
  listAnyChoices,
  listNotices,
  markRead,
  saveChoice,
} from './repo.ts';

export type { NoticeFact };

interface ToldNotice {
  id: string;
  account_id: string;
  kind: NoticeKind;
  title: string;
  text: string;
  facts: NoticeFact[];
  link: string;
  created_at: string;
}

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
  const now = ctx.clock.now();
  const id = makeId('notice');
  const rings = (await choiceOf(ctx.tx, account_id, row.category)).bell;
  const is_new = await insertNotice(ctx.tx, {
    ...{ id, account_id, kind, link },
    title: fillWords(row.title, names),
    text: fillWords(text, names),
    facts: JSON.stringify(facts),
    contract_id: entry?.contract_id ?? null,
    seq: entry?.seq ?? null,
    created_at: now,
    read_at: rings ? null : now,
  });
  if (is_new) await emit(ctx.tx, 'notices.made', { notice_id: id }, now);
  await tellStreams(ctx, [account_id], 'notice', '');
}

/** How the account is told, category by category; what nobody can choose is as it is for all. */
export async function viewChoices(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
): Promise<z.output<typeof noticeChoices>> {
  const chosen = await listAnyChoices(db, actor.acting_for);
  return { choices: noticeCategoryNames.map((category) => choiceIn(chosen, category)) };
}

export async function saveChoices(
  { tx }: Pick<WriteCtx, 'tx'>,
  actor: AccountActor,
  { choices }: z.output<typeof noticeChoices>,
): Promise<z.output<typeof noticeChoices>> {
  for (const choice of choices) await choose(tx, actor.acting_for, choice);
  return viewChoices({ db: tx }, actor);
}

/** Keeps one choice, unless its category is always told. */
async function choose(tx: WriteCtx['tx'], account_id: string, choice: NoticeChoice): Promise<void> {
  const { category, bell, mail } = choice;
  if (isAlwaysTold(category)) return;
  await saveChoice(tx, { account_id, category, bell: bell ? 1 : 0, mail });
}

/** Ends mail of these categories, as one who presses a link in a mail wants. */
export async function endMail(
  tx: WriteCtx['tx'],
  account_id: string,
  categories: readonly NoticeCategory[],
): Promise<void> {
  const chosen = await listAnyChoices(tx, account_id);
  for (const category of categories) {
    await choose(tx, account_id, { ...choiceIn(chosen, category), mail: 'off' });
  }
}

/** How an account is told of one category. */
export const choiceOf = async (
  db: ReadCtx['db'],
  account_id: string,
  category: NoticeCategory,
): Promise<NoticeChoice> => choiceIn(await listAnyChoices(db, account_id), category);

function choiceIn(
  chosen: Awaited<ReturnType<typeof listAnyChoices>>,
  category: NoticeCategory,
): NoticeChoice {
  const row = chosen.find((one) => one.category === category);
  if (row === undefined || isAlwaysTold(category)) return defaultChoice(category);
  return { category, bell: row.bell === 1, mail: row.mail as NoticeChoice['mail'] };
}

/** A notice with all that another channel says of it; null once it is erased. */
export async function findAnyTold(db: ReadCtx['db'], id: string): Promise<ToldNotice | null> {
  const row = await findAnyNotice(db, id);
  if (row === undefined) return null;
  return { ...row, kind: row.kind as NoticeKind, facts: JSON.parse(row.facts) as NoticeFact[] };
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
