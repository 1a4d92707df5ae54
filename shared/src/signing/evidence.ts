import * as z from 'zod';
import { hex64, signatureHex } from '../fields.ts';
import { authorityOf, authoritySchema } from './authority.ts';
import {
  MAX_ORIGIN_CHARS,
  signedDelegationSchema,
  signedKeyLinkSchema,
  type SignedKeyLink,
} from './delegation.ts';
import { keyEventSchema, type KeyEventOf } from './key-events.ts';
import { signedServiceKeySchema } from './service-key.ts';
import { anyStatementSchema, privatePartSchema } from './statement.ts';

/** Entries of a log that are read at all; a contract's own log stays far below it. */
export const MAX_EVIDENCE_ENTRIES = 10_000;

const signed = {
  statement: anyStatementSchema,
  signature: signatureHex,
  /** The key that made the signature: `by` itself, or one with its leave. */
  key: hex64,
  /** Null where there is none or it was erased; the statement keeps its digest. */
  private: privatePartSchema.nullable(),
};
const entrySchema = z.strictObject({ ...signed, authority: authoritySchema });
export type EvidenceEntry = z.infer<typeof entrySchema>;

const entryV1Schema = z
  .strictObject({ ...signed, delegation: signedDelegationSchema.nullable() })
  .transform(({ delegation, ...rest }) => ({ ...rest, authority: authorityOf(delegation) }));

const common = {
  /** The origin that every delegation is for. */
  audience: z.string().max(MAX_ORIGIN_CHARS),
  /** The terms as shown, which the request names by hash. */
  terms: z.record(z.string(), z.unknown()),
};
const v2 = {
  format: z.literal('berth/evidence/v2'),
  subject_kind: z.literal('contract'),
  subject_id: hex64,
  ...common,
  /** What the parties signed about those of their keys that the log needs, in the order taken. */
  key_events: z.array(keyEventSchema),
  /** The keys that the service has signed with, the first one first. */
  service_keys: z.array(signedServiceKeySchema).min(1),
};

/** A contract log with all that is needed to verify it offline. */
export const evidenceSchema = z.strictObject({ ...v2, entries: z.array(entrySchema).min(1) });
export type Evidence = z.infer<typeof evidenceSchema>;

/** Entries are read one by one, so that a long log does not stand still. */
const entries = z.array(z.unknown()).min(1).max(MAX_EVIDENCE_ENTRIES);

/** A key link as an event of its account. */
const linkEvent = ({ link: said, ...signatures }: SignedKeyLink): KeyEventOf<'link'> => ({
  kind: 'link',
  said,
  ...signatures,
});

const fileV1Schema = z
  .strictObject({
    format: z.literal('berth/evidence/v1'),
    contract_id: hex64,
    ...common,
    key_links: z.array(signedKeyLinkSchema),
    service_key: hex64,
    entries,
  })
  .transform(({ contract_id, service_key, key_links, ...rest }) => ({
    ...rest,
    subject_kind: 'contract' as const,
    subject_id: contract_id,
    key_events: key_links.map(linkEvent),
    /** One key, of which the file says nothing more. */
    service_keys: null,
    service_key,
  }));

/** A file of either version, its entries not read yet. */
const fileSchema = z.discriminatedUnion('format', [
  z.strictObject({ ...v2, entries }),
  fileV1Schema,
]);
export type EvidenceFile = z.infer<typeof fileSchema>;

export type Reading<T> = { ok: true; value: T } | { ok: false; reason: string };

function read<T>(schema: z.ZodType<T>, input: unknown): Reading<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') || 'It'}: ${issue?.message ?? ''}.` };
}

export const readFile = (input: unknown): Reading<EvidenceFile> => read(fileSchema, input);

export const readEntry = (file: EvidenceFile, input: unknown): Reading<EvidenceEntry> =>
  read(file.format === 'berth/evidence/v1' ? entryV1Schema : entrySchema, input);
