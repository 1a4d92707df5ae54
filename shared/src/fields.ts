import { counted } from './count.ts';
import * as z from 'zod';
import { idPattern, type IdKind } from './ids.ts';
import { cleanText, refusalOf, refusalOfLines } from './letters.ts';
import { isOwnName } from './lookalike.ts';

/** Schemas of single fields that several domains share. */
export const hex64 = z.string().regex(/^[0-9a-f]{64}$/, 'Must be 64 hexadecimal characters');
export const signatureHex = z
  .string()
  .regex(/^[0-9a-f]{128}$/, 'Must be an Ed25519 signature, 128 hexadecimal characters');
export const isoTime = z.iso.datetime({ precision: 3 });

/** Digits of the longest amount: whatever is added up or spread over a month is shorter. */
const AMOUNT_DIGITS = 30;
const SIGNED_AMOUNT = new RegExp(`^(0|-?[1-9]\\d{0,${AMOUNT_DIGITS - 1}})$`);
const AMOUNT = new RegExp(`^(0|[1-9]\\d{0,${AMOUNT_DIGITS - 1}})$`);

/** An amount in JSON: decimal text of whole e9s, `"2500000000"` for 2.50; never negative. */
export const amountSchema = z.codec(z.string().regex(AMOUNT), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});

/** The same where it may be less than nothing: a change, or what is left. */
export const signedAmount = z.codec(z.string().regex(SIGNED_AMOUNT), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});

export const idOf = (kind: IdKind) =>
  z.string().regex(idPattern(kind), `Must be an id of this kind`);

type Context = z.core.$RefinementCtx;
const refuseBy = (refusal: (text: string) => string | null) => (text: string, context: Context) => {
  const message = refusal(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
};

/** One line of text, trimmed, of letters that can be seen. */
export const lineText = (least: number, most: number) =>
  z
    .string()
    .trim()
    .min(least, least === 1 ? 'Fill this in' : `At least ${counted(least, 'character')}`)
    .max(most, `At most ${counted(most, 'character')}`)
    .superRefine(refuseBy(refusalOf));

/** Text of several lines, trimmed, of letters that can be seen, tabs and line breaks. */
export const paragraphText = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${counted(most, 'character')}`)
    .superRefine(refuseBy(refusalOfLines));

/** Text as it is typed, not trimmed, that something else reads: a search, a key. */
export const plainText = (most: number) =>
  z
    .string()
    .max(most, `At most ${counted(most, 'character')}`)
    .superRefine(refuseBy(refusalOfLines));

/** What people call themselves: one line that is not the service's own name. */
export const nameText = (most: number) =>
  lineText(1, most).refine((name) => !isOwnName(name), 'That is the name of the service itself');

/**
 * Text in a reply. What was kept before a rule, or came from elsewhere, is shown without the
 * letters that nobody can see; signed texts are answered as they were signed.
 */
export const shownText = z.string().overwrite(cleanText);

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
