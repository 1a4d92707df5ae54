import * as z from 'zod';
import { MAX_HOURS } from '../price.ts';
import { hex64, idOf, signatureHex } from '../fields.ts';
import { currencies } from '../money.ts';

/** A signed payload of more bytes is kept with the chain's entries, but in no contract's log. */
export const MAX_PAYLOAD_BYTES = 32_768;
const MAX_BASE64_CHARS = Math.ceil(MAX_PAYLOAD_BYTES / 3) * 4;

/** Where an entry stands on the chain, and what it holds that its author signed. */
const icpEntry = {
  block_offset: z.int().min(0),
  block_hash: hex64,
  /** The entry's place in its block, from 0. */
  entry: z.int().min(0),
  /** Base64 of the signed bytes. */
  payload: z.base64().max(MAX_BASE64_CHARS),
  /** Ed25519ph, context `decent-cloud`. */
  signature: signatureHex,
};

const wholeE9s = z.string().regex(/^(0|[1-9]\d{0,18})$/, 'Must be whole e9s as decimal text');

/** A contract's first entry: the renter's request on the chain, whose hash is the contract's id. */
export const importRequestData = z.strictObject({
  ...icpEntry,
  offering_id: idOf('offering'),
  terms_hash: hex64,
  renter: hex64,
  provider: hex64,
  hours: z.int().min(1).max(MAX_HOURS),
  total_e9s: wholeE9s,
  currency: z.enum(currencies),
});
export type ImportRequestData = z.output<typeof importRequestData>;

/** The provider's answer on the chain. */
export const importReplyData = z.strictObject({
  ...icpEntry,
  accepted: z.boolean(),
  refund_e9s: wholeE9s.optional(),
});
export type ImportReplyData = z.output<typeof importReplyData>;

/** Where something was on the chain; the contract's view and the offering's show it as a mark. */
export const icpMark = z.object({
  block_offset: z.number().int(),
  block_hash: hex64,
  entry: z.number().int(),
});
export type IcpMark = z.input<typeof icpMark>;
