import * as z from 'zod';
import { contactKinds } from '../accounts/contacts.ts';
import { contactSchema, publishedKey } from '../accounts/schemas.ts';
import {
  hostAddress,
  hostKeyFingerprint,
  portNumber,
  sshPublicKey,
  userName,
} from '../connection-fields.ts';
import {
  amountSchema,
  hex64,
  idOf,
  isoTime,
  pageOf,
  pageQuery,
  paragraphText,
  plainText,
  shownText,
  signatureHex,
  signedAmount,
} from '../fields.ts';
import { icpMark } from '../icp/statements.ts';
import { currencies } from '../money.ts';
import { termsSchema } from '../offerings/schemas.ts';
import { envelopeSchema } from '../signing/seal.ts';
import { privatePartSchema, statementSchema } from '../signing/statement.ts';
import { contractActions, contractRoles, contractStateNames } from './machine.ts';
import { refundRules } from '../price.ts';

export const contractState = z.enum(contractStateNames);

export const MEMO_MAX = 1_000;
export const REASON_MAX = 500;
export const MESSAGE_MAX = 2_000;
export const INSTRUCTIONS_MAX = 4_000;
export const MAX_LOG_ENTRIES = 2_000;
/** Of a log and of its deliveries, what comes with the contract: the newest. */
export const ENTRIES_SHOWN = 25;
export const DETAILS_SHOWN = 3;
/** How long after the end the credentials, and the personal parts, are kept. */
export const CREDENTIALS_KEPT_DAYS = 7;
export const PRIVATE_PARTS_KEPT_DAYS = 90;

const contractId = hex64;

/** Personal parts: they stay out of the statement, which carries only their salted digest. */
export const requestPart = z.strictObject({
  ssh_public_key: sshPublicKey.nullable(),
  contact: contactSchema.nullable(),
  memo: paragraphText(MEMO_MAX),
});
export const reasonPart = z.strictObject({ reason: paragraphText(REASON_MAX) });
export const messagePart = z.strictObject({
  text: paragraphText(MESSAGE_MAX).min(1, 'Write something first'),
});
export const detailsPart = z.strictObject({
  address: hostAddress,
  port: portNumber,
  username: userName,
  host_key_fingerprint: hostKeyFingerprint.nullable(),
  instructions: paragraphText(INSTRUCTIONS_MAX),
});
export type DetailsPart = z.output<typeof detailsPart>;

export const privateParts = {
  request: requestPart,
  reject: reasonPart,
  cancel: reasonPart,
  fail: reasonPart,
  mark_provisioned: detailsPart,
  rotate_credentials: detailsPart,
  message: messagePart,
} as const satisfies Partial<Record<(typeof contractActions)[number], z.ZodType>>;

/** A signed move. The signature is the session's own key's over the statement's signing input. */
export const signedMove = z.object({
  statement: statementSchema,
  signature: signatureHex,
  private: privatePartSchema.optional(),
  envelope: envelopeSchema.optional(),
});
export type SignedMove = z.output<typeof signedMove>;

/** A request's personal part as it was signed, or as it came from the chain. */
const requestView = z.object({
  ssh_public_key: z.string().nullable(),
  contact: z.object({ kind: z.enum(contactKinds), value: z.string() }).nullable(),
  memo: z.string(),
});

/** Where the contract stands after a move: enough to sign the next one. */
export const headView = z.object({
  contract_id: contractId,
  state: contractState,
  version: z.number().int(),
  seq: z.number().int(),
  hash: hex64,
  /** What its last statement is dated; the next one is no earlier. */
  at: isoTime,
  state_at: isoTime,
});
export type HeadView = z.input<typeof headView>;

export const partyView = z.object({
  id: idOf('account'),
  handle: z.string(),
  display_name: shownText,
  /** The account key that the contract names. */
  key: hex64,
  /** What credentials are sealed to, and the account key that published it by its signature. */
  encryption_key: publishedKey,
  encryption_signed_by: publishedKey,
});

export const moveView = z.object({
  action: z.enum(contractActions),
  label: z.string(),
  tone: z.enum(['primary', 'plain', 'danger']),
  /** From when on it can be made; null where it can be now. */
  possible_at: isoTime.nullable(),
  /**
   * For a move that ends the contract: what is paid back if it is made now, and the rule in words.
   */
  refund: z
    .object({ rule: z.enum(refundRules), refund_e9s: amountSchema, words: z.string() })
    .nullable(),
});
export type MoveView = z.input<typeof moveView>;

export const entryView = z.object({
  seq: z.number().int(),
  action: z.enum(contractActions),
  from_state: contractState.nullable(),
  to_state: contractState,
  role: z.enum(contractRoles),
  by_name: shownText,
  key: hex64,
  at: isoTime,
  memo: shownText,
  hash: hex64,
  /** The personal part, or null where there is none, it was erased or the reader may not see it. */
  private: z.record(z.string(), z.unknown()).nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type EntryView = z.input<typeof entryView>;

export const detailsView = z.object({
  seq: z.number().int(),
  /** Where to connect; null for a renter who has not signed for opening them, and once erased. */
  address: z.string().nullable(),
  port: z.number().int().nullable(),
  username: z.string().nullable(),
  host_key_fingerprint: z.string().nullable(),
  instructions: z.string().nullable(),
  envelope: envelopeSchema.nullable(),
  envelope_digest: hex64,
  provider_key: hex64,
  recipient_key: hex64,
  created_at: isoTime,
  /** When the renter signed for opening them. */
  opened_at: isoTime.nullable(),
  erased_at: isoTime.nullable(),
});
export type DetailsView = z.input<typeof detailsView>;

const summaryFields = {
  contract_id: contractId,
  offering_id: idOf('offering'),
  state: contractState,
  /** The reader's own side. */
  role: z.enum(['renter', 'provider']),
  title: shownText,
  /** What the renter chose, where the terms leave it open; else null. */
  operating_system: shownText.nullable(),
  hours: z.number().int(),
  total_e9s: amountSchema,
  refund_e9s: amountSchema.nullable(),
  currency: z.enum(currencies),
  requested_at: isoTime,
  state_at: isoTime,
  /** When the present state ends by itself, by the system's move. */
  due_at: isoTime.nullable(),
  active_at: isoTime.nullable(),
  ends_at: isoTime.nullable(),
  ended_at: isoTime.nullable(),
  /** Whose turn it is; null when nobody needs to do anything. */
  waits_on: z.enum(['renter', 'provider']).nullable(),
};

export const contractItem = z.object({
  ...summaryFields,
  /** It came from the chain. */
  on_chain: z.boolean(),
  other: z.object({ handle: z.string(), display_name: shownText, key: hex64 }),
});
export type ContractItem = z.input<typeof contractItem>;

export const contractView = z.object({
  ...summaryFields,
  /** The same as it was signed. */
  operating_system: z.string().nullable(),
  version: z.number().int(),
  /** When its paid clock stood still, the earliest first; the last may last. */
  pauses: z.array(z.object({ from: isoTime, to: isoTime.nullable() })),
  head: headView.pick({ seq: true, hash: true, at: true }),
  terms: termsSchema,
  terms_hash: hex64,
  renter: partyView,
  provider: partyView,
  request: requestView.nullable(),
  /** Where its request stands on the chain that it was imported from. */
  chain: icpMark.nullable(),
  /** What happens next, in a sentence for the reader. */
  next: z.string(),
  moves: z.array(moveView),
  /** The newest deliveries of credentials, the last one first, of so many. */
  details: z.array(detailsView),
  details_count: z.number().int(),
  extension: z
    .object({
      seq: z.number().int(),
      hash: hex64,
      by_role: z.enum(['renter', 'provider']),
      hours: z.number().int(),
      extra_e9s: amountSchema,
    })
    .nullable(),
  /** The entry that made the contract. */
  first_entry: entryView,
  /** The newest entries of the log in their order, and the cursor of those before them. */
  entries: z.array(entryView),
  earlier_cursor: z.string().nullable(),
  entry_count: z.number().int(),
});
export type ContractView = z.input<typeof contractView>;

/** Entries of a log, the newest first. */
export const entryPage = pageOf(entryView);
/** Deliveries of credentials, the newest first. */
export const detailsPage = pageOf(detailsView);

export const contractSorts = ['newest', 'due'] as const;

export const contractListQuery = z.object({
  role: z.enum(['renter', 'provider']),
  state: z
    .preprocess((v) => (typeof v === 'string' ? [v] : v), z.array(contractState).max(20))
    .optional(),
  /** `mine`: only what waits on the reader. */
  waits_on: z.enum(['mine']).optional(),
  offering_id: idOf('offering').optional(),
  /** The other party's handle. */
  other: plainText(64).optional(),
  q: plainText(200).optional(),
  /** `due` puts what waits on the reader first, nearest deadline first. */
  sort: z.enum(contractSorts).optional(),
  ...pageQuery,
});

export const amountsByCurrency = z.array(
  z.object({ currency: z.enum(currencies), amount_e9s: amountSchema }),
);

export const contractListReply = pageOf(contractItem).extend({
  /** How many of the reader's contracts in this role are in each state, whatever the filter. */
  counts: z.partialRecord(contractState, z.number().int()),
  waiting: z.number().int(),
  /** Worth of the hours used so far and of ended contracts, and the rest of what was agreed. */
  so_far: amountsByCurrency,
  to_come: amountsByCurrency,
});
export type ContractListReply = z.input<typeof contractListReply>;

/** Renters that are named of those with several requests waiting, the most first. */
export const MAX_ASKERS = 5;

export const askersReply = z.object({
  items: z.array(
    z.object({
      handle: z.string(),
      display_name: z.string(),
      key: hex64,
      /** Requests of this renter that wait for the reader's answer. */
      waiting: z.number().int(),
    }),
  ),
});
export type Asker = z.input<typeof askersReply>['items'][number];

/** Everything the dashboard's first page shows. */
export const dashboardView = z.object({
  waiting: z.array(contractItem),
  running: z.array(contractItem),
  /** As a renter: what running contracts cost an hour, what was committed in the last 30 days. */
  hourly: amountsByCurrency,
  committed_30_days: amountsByCurrency,
  /** As a provider: earned by hours used so far and by ended contracts, and still to come. */
  earned: amountsByCurrency,
  to_come: amountsByCurrency,
  counts: z.object({
    renter: z.partialRecord(contractState, z.number().int()),
    provider: z.partialRecord(contractState, z.number().int()),
    /** How many contracts wait on the reader, on each side; `waiting` lists the first of them. */
    waiting: z.object({ renter: z.number().int(), provider: z.number().int() }),
    listed_offerings: z.number().int(),
  }),
});
export type DashboardView = z.input<typeof dashboardView>;

/** Days that a provider's overview tells of, today the last. */
export const PROVIDER_DAYS = 90;

export const providerDaysReply = z.object({
  /** UTC, the earliest first; a day without anything is there too. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      /**
       * Worth of the hours that began on it by the contracts' terms, with setup fees, less what an
       * end on it gave back of the days before. It is what was agreed, not what was paid.
       */
      earned: z.array(z.object({ currency: z.enum(currencies), amount_e9s: signedAmount })),
      /** For how long contracts ran, and how long all units together could have been rented. */
      rented_s: z.number().int(),
      offered_s: z.number().int(),
      /** Units of offerings that were listed or paused at its end, rented ones too. */
      units: z.number().int(),
    }),
  ),
});
export type ProviderDays = z.input<typeof providerDaysReply>;

export { evidenceSchema as evidenceView } from '../signing/evidence.ts';
