import * as z from 'zod';
import { MAX_HOURS } from '../price.ts';
import { hex64, idOf, isoTime } from '../fields.ts';
import { signingInput } from './prefixed.ts';

/**
 * A rule that the provider signs; the system accepts under it and names it in the contract's log.
 */
export const autoAcceptRule = z.strictObject({
  offering_id: idOf('offering'),
  provider_key: hex64,
  max_hours: z
    .int()
    .min(1)
    .max(MAX_HOURS, `At most ${MAX_HOURS.toLocaleString('en')}`),
  at: isoTime,
  expires_at: isoTime,
});
export type AutoAcceptRule = z.output<typeof autoAcceptRule>;

/** The text that the provider signs for a rule. */
export const autoAcceptText = (rule: AutoAcceptRule): string => signingInput('auto-accept', rule);
