import * as z from 'zod';
import { idOf, isoTime, shownText } from '../fields.ts';
import { noticeKinds } from './kinds.ts';

export const noticeView = z.object({
  id: idOf('notice'),
  kind: z.enum(noticeKinds),
  title: shownText,
  /** A path on the website. */
  link: z.string(),
  created_at: isoTime,
  read_at: isoTime.nullable(),
});
export type NoticeView = z.input<typeof noticeView>;

export const MAX_READ_AT_ONCE = 100;

/** What the stream tells: only that something changed, so that it carries nothing private. */
export const streamTopics = ['contract', 'notice', 'offering', 'payment', 'reset'] as const;
export type StreamTopic = (typeof streamTopics)[number];
