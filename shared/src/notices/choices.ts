import * as z from 'zod';
import { noticeCategories, noticeCategoryNames, type NoticeCategory } from './kinds.ts';

/** How somebody is mailed what is of one category. */
export const mailWays = ['now', 'daily', 'off'] as const;
export type MailWay = (typeof mailWays)[number];

const noticeChoice = z.strictObject({
  category: z.enum(noticeCategoryNames),
  /** Whether the bell rings; without it a notice is listed, and read already. */
  bell: z.boolean(),
  mail: z.enum(mailWays),
});
export type NoticeChoice = z.output<typeof noticeChoice>;

/** How the account is told, by category. */
export const noticeChoices = z.strictObject({
  choices: z.array(noticeChoice).max(noticeCategoryNames.length),
});

/** How somebody who has not chosen is told. */
export const defaultChoice = (category: NoticeCategory): NoticeChoice => ({
  category,
  bell: true,
  mail: noticeCategories[category].mail,
});
