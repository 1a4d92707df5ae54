import * as z from 'zod';

/** Days that statistics tell of, today the last. */
export const STATISTICS_DAYS = 30;
/** How long the views of a day are kept. */
export const VIEWS_KEPT_DAYS = 90;

const count = z.number().int();
const counts = {
  /** Visitors other than the provider, each once in half an hour. */
  views: count,
  /** Accounts that saved it then and still have it saved. */
  saves: count,
  requests: count,
  /** Of the requests of that day. */
  accepted: count,
};

export const statisticsReply = z.object({
  /** UTC, the earliest first; a day without anything is there too. */
  days: z.array(z.object({ day: z.iso.date(), ...counts })),
  totals: z.object({
    ...counts,
    /** Requests that the provider, or its rule, accepted or rejected. */
    answered: count,
    /** From request to answer; null without an answer. */
    median_response_s: count.nullable(),
  }),
});
export type Statistics = z.output<typeof statisticsReply>;
