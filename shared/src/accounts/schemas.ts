import * as z from 'zod';
import { scopes } from '../access.ts';
import {
  hex64,
  idOf,
  isoTime,
  lineText,
  nameText,
  paragraphText,
  plainText,
  shownText,
  signatureHex,
} from '../fields.ts';
import { agentLeave, signedDelegationSchema } from '../signing/delegation.ts';
import { keyEventSchema, keyEventSchemas } from '../signing/key-events.ts';
import { MAX_SSH_KEY_CHARS } from '../ssh-key.ts';
import { contactKinds, contactRules } from './contacts.ts';

/** Keys that an account has, counting the removed ones that can still come back. */
export const MAX_ACCOUNT_KEYS = 10;
/** Links and encryption keys that an account may sign in all; removing is always open. */
export const MAX_KEY_EVENTS = 1_000;
export const MAX_SSH_KEYS = 20;
export const MAX_CONTACTS = 12;
const HANDLE_MIN = 3;
export const HANDLE_MAX = 32;
export const NAME_MAX = 60;
const LABEL_MAX = 60;
export const ABOUT_MAX = 500;
const CONTACT_MAX = 200;
const NONCE_PATTERN = /^[0-9a-f]{32}$/;

export const handleSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(HANDLE_MIN, `At least ${HANDLE_MIN} characters`)
  .max(HANDLE_MAX, `At most ${HANDLE_MAX} characters`)
  .regex(
    /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
    'Letters, digits and single hyphens, not at the ends',
  );
export const displayNameSchema = nameText(NAME_MAX);
export const labelSchema = lineText(1, LABEL_MAX);

export const contactSchema = z
  .object({ kind: z.enum(contactKinds), value: lineText(1, CONTACT_MAX) })
  .superRefine(({ kind, value }, context) => {
    if (!contactRules[kind].pattern.test(value)) {
      context.addIssue({ code: 'custom', path: ['value'], message: contactRules[kind].message });
    }
  });

/** What others seal to; null while the account is unclaimed. */
export const publishedKey = hex64.nullable();

/** An account as anybody may see it. `key` is its first key; `principal` the same on the IC. */
export const accountView = z.object({
  id: idOf('account'),
  handle: z.string(),
  display_name: shownText,
  about: shownText,
  key: hex64,
  principal: z.string(),
  encryption_key: publishedKey,
  created_at: isoTime,
});
export type AccountView = z.input<typeof accountView>;

export const meView = z.object({
  account: accountView,
  session: z.object({
    id: idOf('session'),
    expires_at: isoTime,
    scopes: z.array(z.enum(scopes)),
    key: hex64,
  }),
  unread_notices: z.number().int(),
  is_provider: z.boolean(),
  is_admin: z.boolean(),
});
export type MeView = z.input<typeof meView>;

export const keyView = z.object({
  key: hex64,
  principal: z.string(),
  label: shownText,
  added_at: isoTime,
  /** New credentials for this account are sealed to this key's phrase. */
  is_sealed_to: z.boolean(),
  /** Null while it is a key of the account; a removed one is listed while it can come back. */
  removed_at: isoTime.nullable(),
  returns_until: isoTime.nullable(),
});
export const contactView = z.object({
  id: idOf('contact'),
  kind: z.enum(contactKinds),
  value: shownText,
});
export const sshKeyView = z.object({
  id: idOf('ssh_key'),
  label: shownText,
  type: z.string(),
  public_key: z.string(),
  fingerprint: z.string(),
  created_at: isoTime,
});
export const deviceView = z.object({
  id: hex64,
  label: shownText,
  device_key: hex64,
  account_key: hex64,
  scopes: z.array(z.enum(scopes)),
  /** Null for a device, which is not confined further. */
  agent: agentLeave.nullable(),
  issued_at: isoTime,
  expires_at: isoTime,
  is_this: z.boolean(),
});
export const sessionView = z.object({
  id: idOf('session'),
  device_label: shownText,
  user_agent: shownText,
  created_at: isoTime,
  expires_at: isoTime,
  is_this: z.boolean(),
});

/** Everything the account page shows, in one answer. */
export const profileView = z.object({
  account: accountView,
  version: z.number().int(),
  keys: z.array(keyView),
  contacts: z.array(contactView),
  ssh_keys: z.array(sshKeyView),
  devices: z.array(deviceView),
  sessions: z.array(sessionView),
});
export type ProfileView = z.input<typeof profileView>;

export const profileChange = z.object({
  version: z.number().int(),
  display_name: displayNameSchema,
  about: paragraphText(ABOUT_MAX),
});

export const sshKeyInput = z.object({
  label: labelSchema,
  public_key: plainText(MAX_SSH_KEY_CHARS).min(1, 'Paste a public key'),
});

export const nonceSchema = z.string().regex(NONCE_PATTERN, 'Must be a challenge’s nonce');

/** The account key publishes the key that others seal to. */
export const encryptionKeyInput = z.object({ public_key: hex64, signature: signatureHex });

/** `cookie` for browsers (HttpOnly), `bearer` puts the token in the reply for agents. */
export const transports = ['cookie', 'bearer'] as const;
export type Transport = (typeof transports)[number];

export const signUpInput = z.object({
  handle: handleSchema,
  display_name: displayNameSchema.optional(),
  key: hex64,
  nonce: nonceSchema,
  signature: signatureHex,
  encryption: encryptionKeyInput,
  delegation: signedDelegationSchema,
  transport: z.enum(transports),
});

/** `key` is the account key with a new delegation, or a device key that already has one. */
export const signInInput = z.object({
  key: hex64,
  nonce: nonceSchema,
  signature: signatureHex,
  delegation: signedDelegationSchema.optional(),
  transport: z.enum(transports),
});

export const signedInView = z.object({
  account: accountView,
  session_id: idOf('session'),
  expires_at: isoTime,
  token: z.string().nullable(),
});

export const challengeView = z.object({
  nonce: nonceSchema,
  text: z.string(),
  expires_at: isoTime,
});

/** A further account key: the link is signed by a key of the account and by the new key. */
export const accountKeyInput = z.object({ label: labelSchema, event: keyEventSchemas.link });

/**
 * `encryption` is published where the account would else be left without an encryption key, as when
 * the key goes that had published it.
 */
const encryption = keyEventSchemas.encryption_key.optional();
export const keyRemovalInput = z.object({ event: keyEventSchemas.removal, encryption });
export const keyRestorationInput = z.object({ event: keyEventSchemas.restoration, encryption });
export const encryptionKeyChange = z.object({ event: keyEventSchemas.encryption_key });
export const deviceRevocationInput = z.object({ event: keyEventSchemas.revocation });
export const keyEventsView = z.object({ events: z.array(keyEventSchema) });

/** What anybody sees on a provider's page. */
export const providerView = z.object({
  account: accountView,
  listed_offerings: z.number().int(),
  contracts: z.object({
    completed: z.number().int(),
    active: z.number().int(),
    cancelled_by_provider: z.number().int(),
    failed: z.number().int(),
    expired: z.number().int(),
  }),
  /** What a search ranks the provider by. */
  record: z.object({
    /** Different renters with a completed contract. */
    renters: z.number().int(),
    /** Contracts that ended, and those that it neither failed, cancelled nor let expire. */
    ended: z.number().int(),
    kept: z.number().int(),
    /** Of its last 100 answers to requests; null before the first. */
    median_response_s: z.number().int().nullable(),
  }),
});
