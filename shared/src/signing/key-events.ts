import * as z from 'zod';
import { sha256Hex } from '../canonical.ts';
import { hex64, isoTime, signatureHex } from '../fields.ts';
import {
  checkDelegation,
  delegationText,
  keyLinkSchema,
  keyLinkText,
  MAX_ACCOUNT_ID_CHARS,
  signedDelegationSchema,
} from './delegation.ts';
import { encryptionKeyText } from './keys.ts';
import { signingInput } from './prefixed.ts';

const accountId = z.string().regex(/^\w+$/).max(MAX_ACCOUNT_ID_CHARS);

/** A further key joins an account; a key of the account and the new key both sign. */
export const linkEvent = z.strictObject({
  kind: z.literal('link'),
  said: keyLinkSchema,
  /** By `said.by`, the key that vouches. */
  signature: signatureHex,
  /** By `said.key`, the key that joins. */
  key_signature: signatureHex,
});

/** A key leaves its account, by the signature of an account key itself, never of a device. */
export const removalEvent = z.strictObject({
  kind: z.literal('removal'),
  said: z.strictObject({ account_id: accountId, key: hex64, by: hex64, at: isoTime }),
  signature: signatureHex,
});

/** A removed key comes back, by its own signature. */
export const restorationEvent = z.strictObject({
  kind: z.literal('restoration'),
  said: z.strictObject({ account_id: accountId, key: hex64, at: isoTime }),
  signature: signatureHex,
});

/** A device key is out for good; signed by `key`: `by` itself, or a device of it. */
export const revocationEvent = z.strictObject({
  kind: z.literal('revocation'),
  said: z.strictObject({ account_id: accountId, device_key: hex64, by: hex64, at: isoTime }),
  signature: signatureHex,
  key: hex64,
  delegation: signedDelegationSchema.nullable(),
});

/** From now on others seal to this X25519 key. */
export const encryptionKeyEvent = z.strictObject({
  kind: z.literal('encryption_key'),
  said: z.strictObject({ account_id: accountId, encryption_key: hex64, by: hex64, at: isoTime }),
  signature: signatureHex,
});

/**
 * The encryption key that an account is made with. It is signed before the account has an id, so
 * account and signer stand beside what is signed; it counts before every other.
 */
export const firstEncryptionKeyEvent = z.strictObject({
  kind: z.literal('first_encryption_key'),
  account_id: accountId,
  by: hex64,
  said: z.strictObject({ encryption_key: hex64 }),
  signature: signatureHex,
});

/** One shape for each kind of event. */
export const keyEventSchemas = {
  link: linkEvent,
  removal: removalEvent,
  restoration: restorationEvent,
  revocation: revocationEvent,
  encryption_key: encryptionKeyEvent,
  first_encryption_key: firstEncryptionKeyEvent,
} as const;

/** Everything about an account's keys that somebody signed, in the order it was taken. */
export const keyEventSchema = z.discriminatedUnion('kind', [
  keyEventSchemas.link,
  keyEventSchemas.removal,
  keyEventSchemas.restoration,
  keyEventSchemas.revocation,
  keyEventSchemas.encryption_key,
  keyEventSchemas.first_encryption_key,
]);
export type KeyEvent = z.infer<typeof keyEventSchema>;
export type KeyEventKind = KeyEvent['kind'];
export type KeyEventOf<K extends KeyEventKind> = Extract<KeyEvent, { kind: K }>;

const texts: { readonly [K in KeyEventKind]: (said: KeyEventOf<K>['said']) => string } = {
  link: keyLinkText,
  removal: (said) => signingInput('key-removal', said),
  restoration: (said) => signingInput('key-restoration', said),
  revocation: (said) => signingInput('device-revocation', said),
  encryption_key: (said) => signingInput('encryption-key', said, 2),
  first_encryption_key: ({ encryption_key }) => encryptionKeyText(encryption_key),
};

/** The text that is signed for an event of this kind. */
export const keyEventText = <K extends KeyEventKind>(kind: K, said: KeyEventOf<K>['said']) =>
  texts[kind](said);

/** SHA-256 of the signed text and of who signed it, 64 hex characters: an event counts once. */
export const keyEventId = (event: KeyEvent): string =>
  sha256Hex(`${signerOf(event)}\n${keyEventText(event.kind, event.said)}`);

export const accountOf = (event: KeyEvent): string =>
  event.kind === 'first_encryption_key' ? event.account_id : event.said.account_id;

/** The account key that speaks. */
export function signerOf(event: KeyEvent): string {
  if (event.kind === 'first_encryption_key') return event.by;
  return event.kind === 'restoration' ? event.said.key : event.said.by;
}

/** When it was signed, in epoch milliseconds; before all times where none was signed. */
export const signedAtMs = (event: KeyEvent): number =>
  event.kind === 'first_encryption_key' ? -Infinity : Date.parse(event.said.at);

export interface SignedText {
  key: string;
  text: string;
  signature: string;
}

/** Every signature that an event needs. Each must verify; what it means is `foldKeyEvents`'. */
export function signaturesOf(event: KeyEvent): SignedText[] {
  const text = keyEventText(event.kind, event.said);
  const key = event.kind === 'revocation' ? event.key : signerOf(event);
  const own = { key, text, signature: event.signature };
  if (event.kind === 'link') {
    return [own, { key: event.said.key, text, signature: event.key_signature }];
  }
  if (event.kind !== 'revocation' || event.delegation === null) return [own];
  const { delegation, signature } = event.delegation;
  return [own, { key: event.said.by, text: delegationText(delegation), signature }];
}

/**
 * What is wrong with who signed an event, the signatures apart: a device needs its account key's
 * leave for this origin, and for another device the leave to change the account. Null where nothing
 * is.
 */
export function problemOfSigner(event: KeyEvent, audience: string): string | null {
  if (event.kind !== 'revocation') return null;
  const { said, key, delegation } = event;
  if (key === said.by) {
    return delegation === null ? null : 'It carries a delegation that it does not need';
  }
  if (delegation?.delegation.account_key !== said.by) {
    return 'The key that signed it has no delegation';
  }
  const ask = { audience, at: said.at, device_key: key };
  const scope = said.device_key === key ? {} : { scope: 'account' as const };
  const problem = checkDelegation(delegation.delegation, { ...ask, ...scope });
  return problem === null ? null : `The delegation does not cover it (${problem})`;
}
