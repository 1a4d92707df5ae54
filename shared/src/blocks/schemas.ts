import * as z from 'zod';
import { hex64, idOf, isoTime, plainText } from '../fields.ts';

/** Renters that one provider may have blocked at a time. */
export const MAX_BLOCKED = 1_000;
const HANDLE_MAX = 64;

export const renterParams = z.object({ handle: plainText(HANDLE_MAX) });

export const blockedRenter = z.object({
  id: idOf('account'),
  handle: z.string(),
  display_name: z.string(),
  /** The key that the account is known by. */
  key: hex64,
  blocked_at: isoTime,
});
export type BlockedRenter = z.input<typeof blockedRenter>;
