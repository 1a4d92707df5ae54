import type * as z from 'zod';
import {
  CONFIRM_HOURS,
  type mailKinds,
  type mailLooks,
  type sentList,
} from '@berth/shared/mail/schemas';
import { fillWords, isAlwaysTold, noticeTable, type NoticeKind } from '@berth/shared/notices/kinds';
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type { ReadCtx } from '../../context.ts';
import type { PayloadOf } from '../../lib/effects.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { MailContent } from '../../lib/mail-content.ts';
import { confirmContent, gatheredContent, listSent, rendered } from '../mail/index.ts';

type Ctx = Pick<ReadCtx, 'db' | 'config' | 'clock' | 'serviceKey'>;
type Look = (typeof mailLooks)[number];
type Mail = Pick<PayloadOf<'mail.send'>, 'account_id' | 'to' | 'time_zone' | 'content' | 'salt'>;

const DARK = '@media (prefers-color-scheme:dark)';
const TEXT_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One form of a mail as a page: the dark one without asking the screen, the text as it is. */
function inLook(ctx: Ctx, mail: Mail, look: Look): string {
  const { text, html } = rendered(ctx, mail, ctx.config.public_origin);
  if (look !== 'text') {
    // In a frame its links open beside the page.
    return html
      .replace('<head>', '<head><base target="_blank">')
      .replace(DARK, look === 'dark' ? '@media all' : '@media not all');
  }
  const escaped = text.replace(/[&<>]/g, (sign) => TEXT_ESCAPES[sign] ?? '');
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Text</title>' +
    `<pre style="white-space:pre-wrap;font:14px/1.5 monospace;margin:16px">${escaped}</pre></html>`
  );
}

/** Names that a preview is filled with. */
const NAMES = {
  ...{ renter: 'Ada Lovelace', provider: 'Harbour Compute', who: 'Harbour Compute' },
  ...{ title: 'GPU server in Rotterdam', when: 'in a day: extend it, or save what you need' },
  ...{ amount: '€482.40', label: 'Paper in the safe', device: 'Firefox on Linux' },
  ...{ news: 'GPU server in Rotterdam now costs €0.67 an hour, was €0.72' },
  ...{ address: 'a•••@example.org', before: 'b•••@example.org', said: '550 No such mailbox' },
};
const HOUR = 1;
const DAY_HOURS = 24;

/** A mail of a kind with made-up names, by the table alone. */
function sampleOf(kind: NoticeKind, now: string): MailContent {
  const { category, title, text, button } = noticeTable[kind];
  const is_contract = kind.startsWith('contract.');
  return {
    kind,
    title: fillWords(title, NAMES),
    text: fillWords(text, NAMES),
    facts: is_contract
      ? [
          { label: 'Offering', text: NAMES.title },
          { label: 'Provider', text: NAMES.provider },
          { label: 'Paid time', text: '720 hours' },
          { label: 'Total', text: NAMES.amount },
          { label: 'Ends', at: addHours(now, DAY_HOURS) },
        ]
      : [],
    items: [],
    button: { label: button, path: '/dashboard' },
    ends: isAlwaysTold(category) ? null : category,
  };
}

const GATHERED = ['contract.requested', 'contract.message', 'money.paid_in'] as const;

function contentOf(kind: (typeof mailKinds)[number], now: string): MailContent {
  if (kind === 'confirm') return confirmContent(CONFIRM_HOURS, 'ada');
  if (kind !== 'gathered') return sampleOf(kind, now);
  const told = GATHERED.map((one, nth) => ({
    ...sampleOf(one, now),
    ...{ id: one, kind: one, account_id: '', link: '/dashboard' },
    created_at: addHours(now, -HOUR * nth),
  }));
  return gatheredContent(told, told.length);
}

export async function showPreview(
  ctx: Ctx,
  kind: (typeof mailKinds)[number],
  look: Look,
): Promise<string> {
  const content = contentOf(kind, ctx.clock.now());
  const place = { account_id: 'preview', to: 'you@example.org', time_zone: 'UTC', salt: null };
  return inLook(ctx, { ...place, content }, look);
}

/**
 * Where mail leaves the machine, it is read where it arrives: a link in it that confirms an address
 * is its reader's alone.
 */
function refuseReal({ config }: Pick<Ctx, 'config'>): void {
  if (!config.demo || config.mail?.smtp_url != null) throw problem('request.not_found');
}

export async function listOwnSent(
  ctx: Ctx,
  actor: AccountActor,
): Promise<z.output<typeof sentList>> {
  refuseReal(ctx);
  const rows = await listSent(ctx.db, actor);
  return {
    items: rows.map(({ id, at, payload }) => {
      const { to, content } = JSON.parse(payload) as Mail;
      return { id, to, at, subject: content.title };
    }),
  };
}

export async function showOwnSent(
  ctx: Ctx,
  actor: AccountActor,
  id: string,
  look: Look,
): Promise<string> {
  refuseReal(ctx);
  const row = (await listSent(ctx.db, actor)).find((one) => one.id === id);
  if (row === undefined) throw problem('request.not_found');
  return inLook(ctx, JSON.parse(row.payload) as Mail, look);
}
