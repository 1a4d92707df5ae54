import * as z from 'zod';
import { isoTime, pageOf, plainText, shownText } from '../fields.ts';

/** What an admin, or the command on the machine, can do that is logged. */
export const adminActs = ['grant', 'revoke', 'icp_run', 'run_again'] as const;
export type AdminAct = (typeof adminActs)[number];

/** Who did what to what, newest first. */
export const adminLogReply = pageOf(
  z.object({
    id: z.number().int(),
    at: isoTime,
    act: z.enum(adminActs),
    /** Null for the command on the machine. */
    by: z.object({ handle: z.string(), display_name: shownText }).nullable(),
    /** The handle of who was made an admin or is none any more, the canister, or the work. */
    subject: z.string(),
  }),
);
export type AdminLogReply = z.input<typeof adminLogReply>;

const WORK_KIND_MAX = 60;
const SUBJECT_ID_MAX = 100;

/** Which thing of which kind of due work, such as `contract.move` and a contract's id. */
export const dueThing = z.object({
  kind: plainText(WORK_KIND_MAX),
  subject_id: plainText(SUBJECT_ID_MAX),
});

/** What fell due and failed, the latest failure first: the first of `count`. */
export const failingWorkReply = z.object({
  items: z.array(
    dueThing.extend({
      /** How often in a row it failed. */
      attempts: z.number().int(),
      last_error: z.string(),
      failed_at: isoTime,
      /** When it is tried again. */
      not_before: isoTime,
    }),
  ),
  count: z.number().int(),
});
export type FailingWorkReply = z.input<typeof failingWorkReply>;
