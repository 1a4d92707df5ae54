import { counted } from '@berth/shared/count';
import { maskAddress } from '@berth/shared/mail/address';
import { isAlwaysTold, noticeTable } from '@berth/shared/notices/kinds';
import { DAY_MS, HOUR_MS, isoAt, MINUTE_MS } from '@berth/shared/time';
import type { AnyEffect, Deps, DueWork, EffectAsk, PortCtx, WriteCtx } from '../../context.ts';
import { NEVER } from '../../db/due-work.ts';
import { isCrowded } from '../../db/effects.ts';
import type { Known, Outcome, PayloadOf, ReplyOf } from '../../lib/effects.ts';
import type { MailContent } from '../../lib/mail-content.ts';
import type { Topics } from '../../lib/topics.ts';
import { renderMail } from '../../mail/template.ts';
import { isQuiet, nextDaily, quietEnd } from '../../mail/times.ts';
import { choiceOf, findAnyTold, notify } from '../notices/index.ts';
import {
  countAnySent,
  countAnyWaiting,
  dropPending,
  eraseAnySent,
  findAnyMail,
  GATHERING,
  insertWaiting,
  listAnyToGather,
  SENDING,
  stopAddress,
  takeWaiting,
  type MailRow,
} from './repo.ts';
import { confirmToken, emitMail, endingToken, sendMail } from './service.ts';

/** Mails that an account is sent in an hour and in a day; what is more is gathered into one. */
export const MAX_AN_HOUR = 12;
const MAX_A_DAY = 60;
/** While so many mails wait for a server, what else there is to say is gathered. */
const MAX_QUEUE = 5_000;
/** Notices that wait for one account; of more only the site tells. */
const MAX_WAITING = 200;
/** Of what is gathered, the latest are written out. */
const MAX_ITEMS = 20;
const TIME_LIMIT_MS = 2 * MINUTE_MS;
/** What could not be sent for so long is news no more. */
const KEEP_TRYING_MS = 2 * DAY_MS;
/** What may have been taken is sent once more after five minutes and after an hour, and no more. */
const SENT_AGAIN_MS = 90 * MINUTE_MS;
const MAX_UNKNOWN = 3;
const KEEP_SENT_MS = 30 * DAY_MS;

type Payload = PayloadOf<typeof SENDING>;
type Reply = ReplyOf<typeof SENDING>;
type Told = NonNullable<Awaited<ReturnType<typeof findAnyTold>>>;

/** Where mail of an account goes now; null where none does. */
async function receiverOf(db: WriteCtx['tx'], account_id: string) {
  const row = await findAnyMail(db, account_id);
  if (row?.address == null || row.stopped_at !== null) return null;
  return { ...row, address: row.address };
}

/** Takes `notices.made`: mails it now, with others later, or not at all, as its reader chose. */
export async function tellByMail(
  ctx: WriteCtx,
  { notice_id }: Topics['notices.made'],
): Promise<readonly string[]> {
  const { tx, clock, config } = ctx;
  if (config.mail === null) return [];
  const told = await findAnyTold(tx, notice_id);
  const to = told && (await receiverOf(tx, told.account_id));
  if (told === null || to === null) return [];
  const later = await waitsUntil(ctx, told, to);
  if (later === NEVER) return [];
  const most = isSecurity(told) ? 2 * MAX_WAITING : MAX_WAITING;
  if (later === null) await sendMail(ctx, to, to.address, contentOf(told));
  else if ((await countAnyWaiting(tx, to.account_id)) < most) {
    const waits_since = clock.now();
    await insertWaiting(tx, { notice_id, account_id: to.account_id, waits_since }, later);
  }
  return [];
}

/** Until when a notice waits to be mailed: null for not at all, `NEVER` where it is not mailed. */
async function waitsUntil(
  { tx, clock }: WriteCtx,
  { account_id, kind }: Told,
  to: MailRow,
): Promise<string | null> {
  const { category } = noticeTable[kind];
  const now_ms = clock.nowMs();
  const { mail } = await choiceOf(tx, account_id, category);
  if (mail === 'off') return NEVER;
  if (mail === 'daily') return nextDaily(to, now_ms);
  const is_security = isAlwaysTold(category);
  if (!is_security && isQuiet(to, now_ms)) return quietEnd(to, now_ms);
  // What strangers can make happen holds up nothing about security: of that each kind counts alone.
  const about = is_security ? kind : undefined;
  const count = (since_ms: number) => countAnySent(tx, { account_id }, isoAt(since_ms), about);
  const is_flood =
    (await count(now_ms - HOUR_MS)) >= MAX_AN_HOUR || (await count(now_ms - DAY_MS)) >= MAX_A_DAY;
  if (!is_flood && (is_security || !(await isCrowded(tx, SENDING, MAX_QUEUE)))) return null;
  const later_ms = now_ms + HOUR_MS;
  return !is_security && isQuiet(to, later_ms) ? quietEnd(to, later_ms) : isoAt(later_ms);
}

const isSecurity = ({ kind }: Told): boolean => isAlwaysTold(noticeTable[kind].category);

const contentOf = ({ kind, title, text, facts, link }: Told): MailContent => {
  const { category, button } = noticeTable[kind];
  return {
    ...{ kind, title, text, facts, items: [] },
    button: { label: button, path: link },
    ends: isAlwaysTold(category) ? null : category,
  };
};

/** Mails what has waited for an account: one as it is, several as a list. */
export const gathering: DueWork = {
  kind: GATHERING,
  list: listAnyToGather,
  async run(ctx, account_id) {
    const to = await findAnyMail(ctx.tx, account_id);
    if (to?.gather_at == null || to.gather_at > ctx.clock.now()) return;
    const ids = await takeWaiting(ctx.tx, account_id);
    if (to.address === null || to.stopped_at !== null) return;
    const told: Told[] = [];
    for (const id of ids.toReversed()) {
      const one = await findAnyTold(ctx.tx, id);
      if (one !== null && (await isMailed(ctx, one))) told.push(one);
    }
    // What is about security first, and of each the latest.
    const [security = [], rest = []] = [true, false].map((one) =>
      told.filter((each) => isSecurity(each) === one),
    );
    const shown = [...security, ...rest].slice(0, MAX_ITEMS);
    const [first] = shown;
    if (first === undefined) return;
    const content = told.length === 1 ? contentOf(first) : gatheredContent(shown, told.length);
    await sendMail(ctx, to, to.address, content);
  },
};

/** Whoever has ended mail of a kind is sent none of it that waited either. */
const isMailed = async ({ tx }: WriteCtx, { account_id, kind }: Told): Promise<boolean> =>
  (await choiceOf(tx, account_id, noticeTable[kind].category)).mail !== 'off';

/** Several notices in one mail, of `count` in all. */
export function gatheredContent(told: readonly Told[], count: number): MailContent {
  const more = count - told.length;
  const rest = more > 0 ? ` The site has ${more.toLocaleString('en')} more.` : '';
  const first = told[0]?.title ?? '';
  return {
    kind: 'gathered',
    title: `${counted(count, 'notice')}: ${first}`,
    text: `What happened since the last mail, the latest first.${rest}`,
    facts: [],
    items: told.map(({ title, link, created_at }) => ({ title, path: link, at: created_at })),
    button: { label: 'Open your notices', path: '/dashboard/notices' },
    ends: 'all',
  };
}

/** Takes `account.mail`. */
export async function tellOfAddress(
  ctx: WriteCtx,
  { account_id, what, ...names }: Topics['account.mail'],
): Promise<readonly string[]> {
  await notify(ctx, { account_id, kind: `mail.${what}`, names, link: '/dashboard/account' });
  return [account_id];
}

/** What the port is given: rendered at the last moment, so that no link's secret is kept. */
async function call(
  ctx: PortCtx,
  { id, payload, signal }: EffectAsk<Payload>,
): Promise<Outcome<Reply>> {
  const { ports, config, clock } = ctx;
  const over = (said: string): Outcome<Reply> => ({
    outcome: 'done',
    reply: { result: 'given_up', said },
  });
  if (ports.mail === null) return over('No server of mail is set.');
  if (clock.nowMs() > Date.parse(payload.wanted_at) + KEEP_TRYING_MS) return over('It is too old.');
  const { result, said } = await ports.mail.send(
    { id, to: payload.to, at: payload.wanted_at, ...rendered(ctx, payload, config.public_origin) },
    signal,
  );
  if (result === 'later') return { outcome: 'failed', reason: said };
  if (result === 'unknown') return { outcome: 'unknown', reason: said };
  return { outcome: 'done', reply: { result, said } };
}

/** A mail as it is sent, with the links that are made for its reader. */
export function rendered(
  ctx: Pick<PortCtx, 'serviceKey'>,
  {
    account_id,
    to,
    time_zone,
    content: given,
    salt,
  }: Pick<Payload, 'account_id' | 'to' | 'time_zone' | 'content' | 'salt'>,
  origin: string,
) {
  // JSON has it as it was given: a table of types says so.
  const content = structuredClone(given) as MailContent;
  if (salt !== null && content.button !== null) {
    content.button.path += `#${confirmToken(ctx, account_id, to, salt)}`;
  }
  const token = content.ends === null ? null : endingToken(ctx, account_id, content.ends);
  const page = token === null ? null : `${origin}/mail/end?token=${token}`;
  return {
    ...renderMail(content, { origin, time_zone, unsubscribe_url: page }),
    unsubscribe_url: token === null ? null : `${origin}/api/v1/mail/endings/${token}`,
  };
}

/** Nobody can tell whether a server took it: it is sent again, but not for long. */
async function sendAgain(ctx: PortCtx, ask: EffectAsk<Payload>): Promise<Outcome<Reply>> {
  const since_ms = ctx.clock.nowMs() - Date.parse(ask.called_at ?? ask.payload.wanted_at);
  if (ask.attempts >= MAX_UNKNOWN && since_ms > SENT_AGAIN_MS) {
    const said = 'It may have arrived; the server did not say.';
    return { outcome: 'done', reply: { result: 'given_up', said } };
  }
  return call(ctx, ask);
}

/** An address that takes no mail is sent no more, and its account is told on the site. */
async function settle(
  ctx: WriteCtx,
  { account_id, to }: Payload,
  outcome: Known<Reply>,
): Promise<void> {
  if (outcome.outcome !== 'done' || outcome.reply.result !== 'bounced') return;
  const { said } = outcome.reply;
  const is_stopped = await stopAddress(ctx.tx, account_id, to, { at: ctx.clock.now(), said });
  const is_dropped = await dropPending(ctx.tx, account_id, to);
  if (!is_stopped && !is_dropped) return;
  await emitMail(ctx, { account_id, what: 'stopped', address: '', before: maskAddress(to), said });
}

export const sending: AnyEffect = {
  kind: SENDING,
  time_limit_ms: TIME_LIMIT_MS,
  call,
  ask: sendAgain,
  onOutcome: (ctx, { payload }, outcome) => settle(ctx, payload, outcome),
};

export const eraseOldSent = ({ db, database, clock }: Deps): Promise<number> =>
  eraseAnySent(db, (work) => database.write(work), isoAt(clock.nowMs() - KEEP_SENT_MS));
