import * as z from 'zod';
import { isHostKeyFingerprint } from '../connection.ts';
import { lineText } from '../fields.ts';

export const MAX_SECRET_FIELDS = 20;
export const MAX_SECRET_LABEL = 60;
export const MAX_SECRET_VALUE = 8_000;
export const MAX_SECRET_NOTE = 4_000;

/** What a provider seals, once it is opened: labelled secrets, and free text beside them. */
export const credentialsSchema = z.strictObject({
  fields: z
    .array(
      z.strictObject({
        label: lineText(1, MAX_SECRET_LABEL),
        value: z.string().min(1, 'Fill this in').max(MAX_SECRET_VALUE),
      }),
    )
    .max(MAX_SECRET_FIELDS),
  note: z.string().max(MAX_SECRET_NOTE),
  /** The fingerprint of the renter's SSH key, where that opens it: then no secret is needed. */
  ssh_key: z.string().refine(isHostKeyFingerprint).exactOptional(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** The text that is sealed. */
export const writeCredentials = (credentials: Credentials): string => JSON.stringify(credentials);

/** Reads an opened text; any other text than ours is a note as it stands. */
export function readCredentials(text: string): Credentials {
  try {
    const read = credentialsSchema.safeParse(JSON.parse(text));
    if (read.success) return read.data;
  } catch {
    // Not JSON: a provider's own tool may seal plain text.
  }
  return { fields: [], note: text };
}
