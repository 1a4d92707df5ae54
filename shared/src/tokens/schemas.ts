import * as z from 'zod';
import { permissions, tokenPermissions } from '../access.ts';
import { idOf, isoTime, lineText, shownText } from '../fields.ts';
import { MAX_OVERLAP_HOURS, MAX_TOKEN_DAYS, TOKEN_NAME_MAX } from './limits.ts';

const days = z.number().int().min(1).max(MAX_TOKEN_DAYS);

export const tokenInput = z.strictObject({
  name: lineText(1, TOKEN_NAME_MAX),
  permissions: z
    .array(z.enum(tokenPermissions))
    .min(1, 'Choose what it may do')
    .max(tokenPermissions.length),
  /** How long it works. */
  days,
});
export type TokenInput = z.output<typeof tokenInput>;

export const tokenRotation = z.strictObject({
  /** How long the new secret works. */
  days,
  /** How long the secret before works on, though never beyond its own end. */
  overlap_hours: z.number().int().min(0).max(MAX_OVERLAP_HOURS),
});

const secretView = z.object({
  /** The beginning of it, by which a person knows it. */
  shown: z.string(),
  created_at: isoTime,
  expires_at: isoTime,
  last_used_at: isoTime.nullable(),
  /** Where from: an IPv4 address, or the network of an IPv6 address. */
  last_network: z.string().nullable(),
});

export const tokenView = z.object({
  id: idOf('token'),
  name: shownText,
  permissions: z.array(z.enum(permissions)),
  created_at: isoTime,
  revoked_at: isoTime.nullable(),
  /** The newest first; a second one is that before the last rotation. */
  secrets: z.array(secretView),
});
export type TokenView = z.input<typeof tokenView>;

/** The one answer that has the token itself. */
export const tokenMade = z.object({ token: tokenView, secret: z.string() });

export const currentToken = z.object({
  id: idOf('token'),
  account_id: idOf('account'),
  handle: z.string(),
  display_name: shownText,
  permissions: z.array(z.enum(permissions)),
  expires_at: isoTime,
});
