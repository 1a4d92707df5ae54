import * as z from 'zod';
import { isHostKeyFingerprint, isUserName, MAX_PORT } from './connection.ts';
import { isHost } from './net-address.ts';
import { MAX_SSH_KEY_CHARS, readSshPublicKey } from './ssh-key.ts';

export const userName = z
  .string()
  .trim()
  .min(1, 'Fill this in')
  .refine(isUserName, 'At most 32 letters, digits and . _ - of which a letter or digit is first');

/** A host name in ASCII or an IP address, without a port. */
export const hostAddress = z
  .string()
  .trim()
  .min(1, 'Where the renter connects to')
  .refine(isHost, 'A host name such as node7.example.net, or an IP address');

export const portNumber = z.number().int().min(1).max(MAX_PORT);

export const hostKeyFingerprint = z
  .string()
  .trim()
  .refine(
    isHostKeyFingerprint,
    'It looks like SHA256: and 43 characters, as ssh-keygen -l prints it',
  );

/** An SSH public key, written anew as "type base64" without a comment. */
export const sshPublicKey = z
  .string()
  .max(MAX_SSH_KEY_CHARS)
  .transform((text, context) => {
    const read = readSshPublicKey(text);
    if (read.ok) return read.key.public_key;
    context.addIssue({ code: 'custom', message: read.sentence });
    return z.NEVER;
  });
