import * as z from 'zod';
import { hex64, isoTime, pageOf, shownText } from '../fields.ts';
import { offeringActions, offeringRoles, offeringStateNames } from './machine.ts';

/** An entry of an offering's log, which is chained but not signed. */
export const historyEntry = z.object({
  seq: z.number().int(),
  action: z.enum(offeringActions),
  /** Null for the one that made it. */
  from_state: z.enum(offeringStateNames).nullable(),
  to_state: z.enum(offeringStateNames),
  role: z.enum(offeringRoles),
  by_name: shownText,
  at: isoTime,
  /** What brought it about, where that was not a press of its own: a file, a change of many. */
  memo: shownText,
  /** The fields that it changed: what contracts took from the stock meanwhile is none of them. */
  changed: z.array(z.string()),
  hash: hex64,
});
export type HistoryEntry = z.input<typeof historyEntry>;

/** An offering's log, the newest entry first. */
export const historyPage = pageOf(historyEntry);
export type HistoryPage = z.input<typeof historyPage>;
