import * as z from 'zod';
import { isoTime, pageOf, plainText, shownText } from '../fields.ts';

/** What an admin, or the command on the machine, can do that is logged. */
export const adminActs = ['grant', 'revoke', 'icp_run', 'run_again', 'transfer'] as const;
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

/** Which thing of which kind of work, such as `contract.move` and a contract's id. */
export const workThing = z.object({
  kind: plainText(WORK_KIND_MAX),
  subject_id: plainText(SUBJECT_ID_MAX),
});

const count = z.number().int();

/** What is done in the background, and what of it fails. */
export const workReply = z.object({
  /** The latest failure first: the first of `failing_count`. */
  failing: z.array(
    workThing.extend({
      /** How often in a row it failed. */
      attempts: count,
      last_error: z.string(),
      failed_at: isoTime,
      /** When it is tried again; null where it was given up. */
      not_before: isoTime.nullable(),
    }),
  ),
  failing_count: count,
  /** What is asked of the outside and is not over, by kind and state. */
  effects: z.array(
    z.object({
      kind: z.string(),
      waiting: count,
      called: count,
      answered: count,
      given_up: count,
    }),
  ),
  /** What follows from commits, and how many rows of the outbox each has before it. */
  consumers: z.array(z.object({ name: z.string(), behind: count })),
});
export type WorkReply = z.input<typeof workReply>;
