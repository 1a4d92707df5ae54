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

/** An object that canonical JSON can hold, so that signing and hashing it never throws. */
export const signedRecord = z.record(z.string(), z.unknown()).refine((record) => {
  try {
    return canonical(record).length <= MAX_RECORD_CHARS;
  } catch {
    return false;
  }
}, `Must be plain JSON of at most ${MAX_RECORD_CHARS} characters`);

/**
 * What an actor signs when it moves a contract. `contract_id` and `prev` are null at seq 0 and only
 * there. Nothing may be added: what a statement carries is in `data`.
 */
export const statementSchema = z.strictObject({
  contract_id: hex64.nullable(),
  seq: z.int().min(0).max(MAX_SEQ),
  prev: hex64.nullable(),
  action: z
    .string()
    .regex(/^[a-z_]+$/)
    .max(MAX_ACTION_CHARS),
  by: hex64,
  role: z.enum(['renter', 'provider', 'system']),
  at: isoTime,
  data: signedRecord,
  private_digest: hex64.nullable(),
});
export type Statement = z.infer<typeof statementSchema>;

/** The personal part of an entry, kept beside its statement so that it can be erased. */
export const privatePartSchema = z.strictObject({
  salt: z.string().regex(SALT_PATTERN, 'Must be a salt of 32 hexadecimal characters'),
  part: signedRecord,
});
export type PrivatePart = z.infer<typeof privatePartSchema>;

/** The text an actor signs for a statement. */
export const signingInputOf = (statement: Statement): string =>
  signingInput('statement', statement);

/** SHA-256 of the signing input, 64 hex characters; the next statement's `prev`. */
export const hashOf = (statement: Statement): string => sha256Hex(signingInputOf(statement));

/** A contract's id: the hash of its first statement, whose `contract_id` is null. */
export const contractIdOf = (first: Statement): string => hashOf({ ...first, contract_id: null });

/** SHA-256 of the salt's bytes and the canonical JSON of the private part, 64 hex characters. */
export const privateDigest = ({ salt, part }: PrivatePart): string =>
  sha256Hex(concatBytes(fromHex(salt), utf8(canonical(part))));

/** A new salt of 16 random bytes, 32 hex characters. */
export const makeSalt = (): string => toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
