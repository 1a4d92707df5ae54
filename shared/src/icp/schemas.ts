import * as z from 'zod';
import { hex64, isoTime, lineText, pageOf, pageQuery } from '../fields.ts';

/** A 64-bit amount of the chain, exactly: it may be beyond what a contract can hold. */
const icpAmount = z.string().regex(/^(0|[1-9]\d{0,19})$/);
const whole = z.number().int();
/** Entries with a longer label are listed, but cannot be asked for by it. */
const MAX_LABEL_CHARS = 200;
/** A block has fewer; the database's column holds no more. */
const MAX_PLACE = 2_147_483_647;

export const transferView = z.object({
  tx_hash: hex64,
  at: isoTime,
  block_offset: whole,
  /** Seen from the provider. */
  direction: z.enum(['in', 'out']),
  /** The other party's principal; empty where the chain's token was made or burnt. */
  other: z.string(),
  amount_e9s: icpAmount,
  fee_e9s: icpAmount.nullable(),
});
export type TransferView = z.input<typeof transferView>;

/** What the chain says of a provider's keys, with a page of their transfers, newest first. */
export const providerIcpView = pageOf(transferView).extend({
  /** When its key was registered as a provider's; null where it never was. */
  registered_at: isoTime.nullable(),
  /** The sum of its changes. */
  reputation: z.string().regex(/^-?\d+$/),
  check_ins: whole,
  /** Days in a row, UTC, up to the last check-in. */
  streak_days: whole,
  last_check_in_at: isoTime.nullable(),
});
export type ProviderIcpView = z.input<typeof providerIcpView>;
export const providerIcpQuery = z.object(pageQuery);

export const runOutcomes = [
  'running',
  'done',
  'stopped',
  'killed',
  'fork',
  'broken_block',
  'unreachable',
  'failed',
] as const;

export const runView = z.object({
  id: z.string(),
  source: z.string(),
  started_at: isoTime,
  ended_at: isoTime.nullable(),
  /** Up to where it has read. */
  position: whole,
  blocks: whole,
  entries: whole,
  refused: whole,
  bytes: whole,
  outcome: z.enum(runOutcomes),
  /** What went wrong, in a sentence. */
  detail: z.string().nullable(),
});
export type RunView = z.input<typeof runView>;

/** How the import of the chain stands. */
export const adminIcpView = z.object({
  /** The canister that is followed; null where none is set. */
  canister: z.string().nullable(),
  /** The chain's end as it was last seen; null before. */
  tip: z
    .object({
      position: whole.nullable(),
      blocks: whole.nullable(),
      block_hash: z.string().nullable(),
      block_at: isoTime.nullable(),
      seen_at: isoTime,
    })
    .nullable(),
  /** Up to where it is imported; null before the first block. */
  cursor: z
    .object({
      position: whole,
      blocks: whole,
      entries: whole,
      block_hash: hex64,
      block_at: isoTime,
    })
    .nullable(),
  /** Bytes between the two; null where either is not known. */
  lag_bytes: whole.nullable(),
  running: z.boolean(),
  /** When somebody asked for a run that has not begun. */
  asked_at: isoTime.nullable(),
  /** The last ones, newest first. */
  runs: z.array(runView),
  /** By label, in the order of their names. */
  counts: z.array(z.object({ label: z.string(), applied: whole, kept: whole, refused: whole })),
});
export type AdminIcpView = z.input<typeof adminIcpView>;

export const entryStatuses = ['applied', 'kept', 'refused'] as const;

export const icpEntriesQuery = z.object({
  status: z.enum(entryStatuses).optional(),
  label: lineText(1, MAX_LABEL_CHARS).optional(),
  ...pageQuery,
});

const icpEntryView = z.object({
  block_offset: whole,
  block_hash: hex64,
  /** Its place in the block, from 0. */
  entry: whole,
  at: isoTime,
  label: z.string(),
  op: z.enum(['upsert', 'delete']),
  /** Hex. */
  key: z.string(),
  status: z.enum(entryStatuses),
  reason: z.string().nullable(),
});
export type IcpEntryView = z.input<typeof icpEntryView>;

/** Entries as they stand on the chain, newest first, with what came of them here. */
export const icpEntriesReply = pageOf(icpEntryView);
export type IcpEntriesReply = z.input<typeof icpEntriesReply>;

export const icpEntryParams = z.object({
  block_offset: z.coerce.number().int().min(0),
  entry: z.coerce.number().int().min(0).max(MAX_PLACE),
});
/** One entry with its value, hex, as it stands on the chain. */
export const icpEntryReply = icpEntryView.extend({ value: z.string() });

export const icpRunReply = z.object({ asked_at: isoTime });
