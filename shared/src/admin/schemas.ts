import * as z from 'zod';
import { isoTime, pageOf, shownText } from '../fields.ts';

/** What an admin, or the command on the machine, can do that is logged. */
export const adminActs = ['grant', 'revoke', 'icp_run'] as const;
export type AdminAct = (typeof adminActs)[number];

/** Who did what to what, newest first. */
export const adminLogReply = pageOf(
  z.object({
    id: z.number().int(),
    at: isoTime,
    act: z.enum(adminActs),
    /** Null for the command on the machine. */
    by: z.object({ handle: z.string(), display_name: shownText }).nullable(),
    /** The handle of who was made an admin or is none any more; the chain that was asked for. */
    subject: z.string(),
  }),
);
export type AdminLogReply = z.input<typeof adminLogReply>;
