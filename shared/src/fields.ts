import * as z from 'zod';
import { idPattern, type IdKind } from './ids.ts';

/** Schemas of single fields that several domains share. */
export const hex64 = z.string().regex(/^[0-9a-f]{64}$/, 'Must be 64 hexadecimal characters');
export const signatureHex = z
  .string()
  .regex(/^[0-9a-f]{128}$/, 'Must be an Ed25519 signature, 128 hexadecimal characters');
export const isoTime = z.iso.datetime({ precision: 3 });

/** An amount in JSON: decimal text of whole e9s, `"2500000000"` for 2.50; never negative. */
export const amountSchema = z.codec(z.string().regex(/^(0|[1-9]\d{0,18})$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});

export const idOf = (kind: IdKind) =>
  z.string().regex(idPattern(kind), `Must be an id of this kind`);

/** One line of text without control characters, trimmed. */
export const lineText = (least: number, most: number) =>
  z
    .string()
    .trim()
    .min(least, least === 1 ? 'Fill this in' : `At least ${least} characters`)
    .max(most, `At most ${most} characters`)
    .regex(/^[^\p{Cc}\p{Cs}\p{Co}\p{Cn}]*$/u, 'One line without control characters');

/** Text of several lines, trimmed; tabs and line breaks are the only control characters. */
export const paragraphText = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters`)
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]*$/u, 'No control characters');

export const PAGE_SIZE = 25;
export const MAX_PAGE_SIZE = 100;
const MAX_CURSOR_LENGTH = 500;

/** Keyset paging: the cursor is opaque and belongs to the same filters and sort. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).optional(),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });
