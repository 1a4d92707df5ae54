import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { sha256Hex } from '@berth/shared/canonical';
import { counted } from '@berth/shared/count';
import { mailboxOf, maskAddress } from '@berth/shared/mail/address';
import {
  CONFIRM_HOURS,
  type confirmedView,
  type endingView,
  type Ending,
  type mailAddressInput,
  type mailSettings,
  type MailView,
} from '@berth/shared/mail/schemas';
import {
  isAlwaysTold,
  noticeCategories,
  noticeCategoryNames,
  noticeTable,
  fillWords,
  type NoticeCategory,
  type NoticeKind,
} from '@berth/shared/notices/kinds';
import { problem } from '@berth/shared/problems';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { addHours, DAY_MS, isoAt } from '@berth/shared/time';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { wantEffect } from '../../db/effects.ts';
import { emit } from '../../db/outbox.ts';
import { listServiceKeys } from '../../db/service-keys.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { MailContent } from '../../lib/mail-content.ts';
import type { Topics } from '../../lib/topics.ts';
import { getAnyAccount, holdAccount } from '../accounts/index.ts';
import { choiceOf, endMail } from '../notices/index.ts';
import {
  countAnySent,
  findAnyByToken,
  findAnyMail,
  insertSent,
  saveMail,
  SENDING,
  type MailRow,
} from './repo.ts';

type Reads = Pick<ReadCtx, 'db' | 'config'>;
type Writes = Pick<WriteCtx, 'tx' | 'clock' | 'config' | 'serviceKey'>;
type Settings = z.output<typeof mailSettings>;

/** Links that an account may ask for in a day, and that one mailbox is sent by all accounts. */
const MAX_LINKS_PER_ACCOUNT = 6;
const MAX_LINKS_PER_MAILBOX = 3;
const SALT_BYTES = 16;
const NEW_DAILY_HOUR = 8;
const CONFIRM = 'confirm';
const ACCOUNT_PAGE = '/dashboard/account';

const noneYet = (account_id: string, time_zone: string): MailRow => ({
  ...{ account_id, time_zone, daily_hour: NEW_DAILY_HOUR },
  ...{ address: null, verified_at: null, stopped_at: null, stopped_said: null },
  ...{ pending: null, token_hash: null, token_salt: null, token_expires_at: null },
  ...{ quiet_from: null, quiet_until: null, gather_at: null },
});

export async function viewMail({ db, config }: Reads, { person }: AccountActor): Promise<MailView> {
  const row = (await findAnyMail(db, person)) ?? noneYet(person, 'UTC');
  const { address, pending, stopped_at, stopped_said, token_expires_at } = row;
  const { quiet_from: from, quiet_until: until, time_zone, daily_hour } = row;
  return {
    is_sent: config.mail !== null,
    address,
    stopped: stopped_at === null ? null : { at: stopped_at, said: stopped_said ?? '' },
    pending:
      pending === null || token_expires_at === null
        ? null
        : { address: pending, expires_at: token_expires_at },
    settings: {
      ...{ time_zone, daily_hour },
      quiet: from === null || until === null ? null : { from, until },
    },
  };
}

/** The secret in a link: whoever has the database alone cannot make it. */
export const confirmToken = (
  { serviceKey }: Pick<WriteCtx, 'serviceKey'>,
  account_id: string,
  address: string,
  salt: string,
): string => {
  const text = `berth/mail-address/v1\n${account_id}\n${address}\n${salt}`;
  return sha256Hex(serviceKey.sign(Buffer.from(text)));
};

/**
 * Keeps an address that waits to be confirmed, and sends it a link. The answer is the same whoever
 * has the address already; one that was sent enough links is sent none.
 */
export async function giveAddress(
  ctx: Writes,
  actor: AccountActor,
  { address, time_zone }: z.output<typeof mailAddressInput>,
): Promise<MailView> {
  const { tx, clock } = ctx;
  if (ctx.config.mail === null) throw problem('mail.off', 'Nothing can be confirmed here.');
  const account_id = actor.person;
  const now = clock.now();
  await holdAccount(tx, account_id, now);
  const since = isoAt(clock.nowMs() - DAY_MS);
  if ((await countAnySent(tx, { account_id }, since, CONFIRM)) >= MAX_LINKS_PER_ACCOUNT) {
    const detail = `An account is sent ${MAX_LINKS_PER_ACCOUNT} of them a day. Try again tomorrow.`;
    throw problem('mail.too_many', detail);
  }
  const salt = randomBytes(SALT_BYTES).toString('hex');
  const before = (await findAnyMail(tx, account_id)) ?? noneYet(account_id, time_zone);
  const row: MailRow = {
    ...before,
    pending: address,
    token_hash: sha256Hex(confirmToken(ctx, account_id, address, salt)),
    token_salt: salt,
    token_expires_at: addHours(now, CONFIRM_HOURS),
  };
  await saveMail(tx, row);
  const mailbox = { address: mailboxOf(address) };
  if ((await countAnySent(tx, mailbox, since, CONFIRM)) < MAX_LINKS_PER_MAILBOX) {
    const { handle } = await getAnyAccount(tx, account_id);
    await sendMail(ctx, row, address, confirmContent(CONFIRM_HOURS, handle), salt);
  } else {
    await insertSent(tx, { id: `none ${salt}`, account_id, address: '', about: CONFIRM, at: now });
  }
  return viewMail({ db: tx, config: ctx.config }, actor);
}

/** It says whose account it is: who reads it may have another one, and press for a stranger's. */
export const confirmContent = (hours: number, handle: string): MailContent => ({
  kind: CONFIRM,
  title: 'Confirm your mail address',
  text:
    'If the account below is yours, follow the link and press the button there. ' +
    `It works once, for ${counted(hours, 'hour')}.`,
  facts: [{ label: 'Account', text: `@${handle}` }],
  ...{ items: [], ends: null },
  button: { label: 'Confirm this address', path: '/mail/confirm' },
});

/** Wants a mail in this transaction, and counts it for its mailbox. */
export async function sendMail(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  { account_id, time_zone }: Pick<MailRow, 'account_id' | 'time_zone'>,
  to: string,
  content: MailContent,
  salt: string | null = null,
): Promise<void> {
  const at = clock.now();
  const payload = { account_id, to, time_zone, content, salt, wanted_at: at };
  const id = await wantEffect(tx, SENDING, payload, at);
  await insertSent(tx, { id, account_id, address: mailboxOf(to), about: content.kind, at });
}

/**
 * Takes the token of a link, once: from then on mail goes to the address that it was sent to. The
 * address before is told there, as its owner may not be who changed it.
 */
export async function confirmAddress(
  ctx: Writes,
  token: string,
): Promise<z.output<typeof confirmedView>> {
  const { tx, clock } = ctx;
  const now = clock.now();
  const found = await findAnyByToken(tx, sha256Hex(token));
  if (found !== undefined) await holdAccount(tx, found.account_id, now);
  const row = await findAnyByToken(tx, sha256Hex(token));
  if (row?.pending == null || (row.token_expires_at ?? '') <= now) {
    throw problem('mail.link_over', 'Ask for a new link on your account’s page.');
  }
  const { pending: address, address: before } = row;
  await saveMail(tx, {
    ...row,
    ...{ address, verified_at: now, stopped_at: null, stopped_said: null },
    ...{ pending: null, token_hash: null, token_salt: null, token_expires_at: null },
  });
  if (before === address) return { address };
  await tellOf(ctx, row, before === null ? 'added' : 'changed', address);
  return { address };
}

/** Takes the address out, and tells whoever reads it. */
export async function removeAddress(ctx: Writes, actor: AccountActor): Promise<MailView> {
  const { tx, clock, config } = ctx;
  await holdAccount(tx, actor.person, clock.now());
  const row = await findAnyMail(tx, actor.person);
  if (row !== null) {
    const { account_id, time_zone, quiet_from, quiet_until, daily_hour } = row;
    const settings = { quiet_from, quiet_until, daily_hour };
    await saveMail(tx, { ...noneYet(account_id, time_zone), ...settings });
    if (row.address !== null) await tellOf(ctx, row, 'removed', '');
  }
  return viewMail({ db: tx, config }, actor);
}

/** Puts it into the news, and mails the address of before where it still takes mail. */
async function tellOf(
  ctx: Pick<WriteCtx, 'tx' | 'clock'>,
  row: MailRow,
  what: 'added' | 'changed' | 'removed',
  address: string,
): Promise<void> {
  const before = row.address === null ? '' : maskAddress(row.address);
  const names = { address: address === '' ? '' : maskAddress(address), before, said: '' };
  await emitMail(ctx, { account_id: row.account_id, what, ...names });
  if (row.address === null || row.stopped_at !== null) return;
  await sendMail(ctx, row, row.address, contentOf(`mail.${what}`, names));
}

export const emitMail = (
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  news: Topics['account.mail'],
): Promise<void> => emit(tx, 'account.mail', news, clock.now());

/** What a mail of a kind says by its row of the table alone. */
const contentOf = (kind: NoticeKind, names: Record<string, string>): MailContent => {
  const { title, text, button } = noticeTable[kind];
  return {
    kind,
    title: fillWords(title, names),
    text: fillWords(text, names),
    ...{ facts: [], items: [], ends: null },
    button: { label: button, path: ACCOUNT_PAGE },
  };
};

export async function setHours(
  { tx, clock, config }: Writes,
  actor: AccountActor,
  { time_zone, quiet, daily_hour }: Settings,
): Promise<MailView> {
  await holdAccount(tx, actor.person, clock.now());
  const row = (await findAnyMail(tx, actor.person)) ?? noneYet(actor.person, time_zone);
  const { from: quiet_from = null, until: quiet_until = null } = quiet ?? {};
  await saveMail(tx, { ...row, time_zone, quiet_from, quiet_until, daily_hour });
  return viewMail({ db: tx, config }, actor);
}

const endingText = (account_id: string, ends: Ending): string =>
  `berth/mail-ending/v1\n${account_id}\n${ends}`;

/** The token by which mail of one kind is ended: signed, so that nothing need be kept of it. */
export const endingToken = (
  { serviceKey }: Pick<WriteCtx, 'serviceKey'>,
  account_id: string,
  ends: Ending,
): string => {
  const signature = Buffer.from(serviceKey.sign(Buffer.from(endingText(account_id, ends))), 'hex');
  return `${account_id}.${ends}.${signature.toString('base64url')}`;
};

type Ends = Pick<ReadCtx, 'db' | 'serviceKey'>;

/** Whose mail of what a token ends. It outlives a change of the service's key, as mail is kept. */
async function readEnding(
  { db, serviceKey }: Ends,
  token: string,
): Promise<{ account_id: string; ends: Ending }> {
  const [account_id = '', name = '', signed = ''] = token.split('.');
  const ends = name as Ending;
  const signature = Buffer.from(signed, 'base64url').toString('hex');
  const text = endingText(account_id, ends);
  const keys = await listServiceKeys(db, serviceKey);
  if (!keys.some(({ record }) => verifyEd25519Node(record.key, text, signature))) {
    throw problem('request.not_found');
  }
  return { account_id, ends };
}

/** The categories that an ending ends. */
const endedBy = (ends: Ending): NoticeCategory[] =>
  noticeCategoryNames.filter((one) => !isAlwaysTold(one) && (ends === 'all' || ends === one));

export async function viewEnding(ctx: Ends, token: string): Promise<z.output<typeof endingView>> {
  const { account_id, ends } = await readEnding(ctx, token);
  const choices = await Promise.all(endedBy(ends).map((one) => choiceOf(ctx.db, account_id, one)));
  return {
    ends,
    label: ends === 'all' ? 'Everything but security' : noticeCategories[ends].label,
    is_ended: choices.every(({ mail }) => mail === 'off'),
  };
}

export async function endByToken(
  { tx, serviceKey }: Pick<WriteCtx, 'tx' | 'serviceKey'>,
  token: string,
): Promise<void> {
  const { account_id, ends } = await readEnding({ db: tx, serviceKey }, token);
  await endMail(tx, account_id, endedBy(ends));
}
