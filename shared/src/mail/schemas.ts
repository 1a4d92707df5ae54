import * as z from 'zod';
import { idOf, isoTime, shownText } from '../fields.ts';
import { noticeCategoryNames, noticeKinds } from '../notices/kinds.ts';
import { ADDRESS_MESSAGE, readAddress } from './address.ts';

/** A link that confirms an address is good for so long. */
export const CONFIRM_HOURS = 24;
const LAST_HOUR = 23;
const ZONE_MAX = 64;
const ADDRESS_TEXT_MAX = 300;

const addressText = z
  .string()
  .max(ADDRESS_TEXT_MAX, ADDRESS_MESSAGE)
  .transform((text, context) => {
    const address = readAddress(text);
    if (address === null) context.addIssue({ code: 'custom', message: ADDRESS_MESSAGE });
    return address ?? '';
  });

const hour = z.int().min(0).max(LAST_HOUR);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const timeZone = z
  .string()
  .max(ZONE_MAX)
  .regex(/^[A-Za-z0-9/_+-]+$/, 'A time zone looks like Europe/Amsterdam')
  .refine(isTimeZone, 'No time zone of that name is known');

export const mailAddressInput = z.strictObject({
  address: addressText,
  /** Of the browser that gives it: mail shows times in it. */
  time_zone: timeZone,
});

export const mailSettings = z.strictObject({
  time_zone: timeZone,
  /** Between these hours, in that zone, nothing is mailed but what is about security. */
  quiet: z.strictObject({ from: hour, until: hour }).nullable(),
  /** The hour at which what is gathered for the day is mailed. */
  daily_hour: hour,
});
export type MailSettings = z.output<typeof mailSettings>;

export const mailView = z.object({
  /** Whether this Berth sends mail at all. */
  is_sent: z.boolean(),
  /** Where mail goes; confirmed by its owner. */
  address: shownText.nullable(),
  /** Why nothing is sent to it now, in its server's words; null where mail goes to it. */
  stopped: z.object({ at: isoTime, said: shownText }).nullable(),
  /** What waits for its owner to follow the link. */
  pending: z.object({ address: shownText, expires_at: isoTime }).nullable(),
  settings: mailSettings,
});
export type MailView = z.input<typeof mailView>;

const TOKEN = /^[0-9a-f]{64}$/;
export const confirmInput = z.strictObject({
  token: z.string().regex(TOKEN, 'Open the link as it stands in the mail'),
});
/** Whose address was confirmed, for whoever has its mailbox. */
export const confirmedView = z.object({ address: shownText });

/** Every mail that there is, by what it tells of. */
export const mailKinds = [...noticeKinds, 'gathered', 'confirm'] as const;

/** What one press ends: a category, or all mail that can be ended. */
export const endings = ['all', ...noticeCategoryNames] as const;
export type Ending = (typeof endings)[number];

/** A mail alone, as a page: in the light or the dark, or its text. */
export const mailLooks = ['light', 'dark', 'text'] as const;
export const lookQuery = z.object({ look: z.enum(mailLooks) });

/** What was mailed to an account, newest first; of a demo, where it is read on the site. */
export const sentList = z.object({
  items: z.array(z.object({ id: idOf('effect'), to: shownText, subject: shownText, at: isoTime })),
});

const ENDING_TOKEN = /^acc_[0-9a-z]{20}\.[a-z]{1,20}\.[\w-]{86}$/;
export const endingParams = z.object({ token: z.string().regex(ENDING_TOKEN) });
export const endingView = z.object({
  ends: z.enum(endings),
  /** What is ended, in words. */
  label: z.string(),
  /** Whether it has been already. */
  is_ended: z.boolean(),
});
