import { concatBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { canonical, sha256Hex } from '../canonical.ts';
import { hex64, isoTime } from '../fields.ts';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { signingInput } from './prefixed.ts';

export const MAX_SEQ = 1_000_000;
export const MAX_ACTION_CHARS = 40;
export const MAX_RECORD_CHARS = 65_536;
const SALT_BYTES = 16;
const SALT_PATTERN = /^[0-9a-f]{32}$/;

/** What a statement says; whether canonical JSON can hold it shows when it is written or hashed. */
const record = z.record(z.string(), z.unknown());

/** An object that canonical JSON can hold, so that signing and hashing it never throws. */
export const signedRecord = record.refine((value) => {
  try {
    return canonical(value).length <= MAX_RECORD_CHARS;
  } catch {
    return false;
  }
}, `Must be plain JSON of at most ${MAX_RECORD_CHARS} characters`);

/** A name that later things may add to: a kind of subject, an action, a role. */
const openWord = z
  .string()
  .regex(/^[a-z_]+$/)
  .max(MAX_ACTION_CHARS);

/** Live, or a sandbox whose contracts and money are nobody's; the two never mix. */
export const modes = ['live', 'sandbox'] as const;
export type Mode = (typeof modes)[number];

const position = {
  seq: z.int().min(0).max(MAX_SEQ),
  prev: hex64.nullable(),
  action: openWord,
  by: hex64,
  at: isoTime,
  private_digest: hex64.nullable(),
};
const v2 = {
  subject_kind: openWord,
  subject_id: hex64.nullable(),
  mode: z.enum(modes),
  role: openWord,
  ...position,
};
const v1 = {
  contract_id: hex64.nullable(),
  role: z.enum(['renter', 'provider', 'system']),
  ...position,
};

/**
 * What an actor signs when it moves a subject, such as a contract. `prev` is null at seq 0 and only
 * there, as is the `subject_id` of a subject that is named after its first statement. Nothing may
 * be added: what a statement carries is in `data`.
 */
export const statementSchema = z.strictObject({ ...v2, data: signedRecord });
export type Statement = z.infer<typeof statementSchema>;

/** As statements were until 2026: of contracts alone, and without a mode. */
const statementV1Schema = z.strictObject({ ...v1, data: record });
export type StatementV1 = z.infer<typeof statementV1Schema>;

/** A statement of either version, for reading logs: `hashOf` throws where it is not plain JSON. */
export const anyStatementSchema = z.union([
  z.strictObject({ ...v2, data: record }),
  statementV1Schema,
]);
export type AnyStatement = z.infer<typeof anyStatementSchema>;

export const versionOf = (statement: AnyStatement): 1 | 2 => ('subject_kind' in statement ? 2 : 1);

/** The kind, id and mode of what a statement moves; a v1 statement is of a live contract. */
export const subjectOf = (statement: AnyStatement) =>
  'subject_kind' in statement
    ? { kind: statement.subject_kind, id: statement.subject_id, mode: statement.mode }
    : { kind: 'contract', id: statement.contract_id, mode: 'live' as const };

/** The personal part of an entry, kept beside its statement so that it can be erased. */
export const privatePartSchema = z.strictObject({
  salt: z.string().regex(SALT_PATTERN, 'Must be a salt of 32 hexadecimal characters'),
  part: signedRecord,
});
export type PrivatePart = z.infer<typeof privatePartSchema>;

/** The text an actor signs for a statement. Throws a TypeError for what JSON cannot carry. */
export const signingInputOf = (statement: AnyStatement): string =>
  signingInput('statement', statement, versionOf(statement));

/**
 * SHA-256 of the signing input, 64 hex characters; the next statement's `prev`. A contract's id is
 * that of its first statement.
 */
export const hashOf = (statement: AnyStatement): string => sha256Hex(signingInputOf(statement));

/** SHA-256 of the salt's bytes and the canonical JSON of the private part, 64 hex characters. */
export const privateDigest = ({ salt, part }: PrivatePart): string =>
  sha256Hex(concatBytes(fromHex(salt), utf8(canonical(part))));

/** A new salt of 16 random bytes, 32 hex characters. */
export const makeSalt = (): string => toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
