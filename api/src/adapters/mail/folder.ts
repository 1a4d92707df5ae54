import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailPort } from '../../ports/mail.ts';
import { messageOf, type Sender } from './message.ts';

const OWNER_ONLY = { folder: 0o700, file: 0o600 };
const DRAFT_BYTES = 6;

/** Mail as `.eml` files in a folder, for whoever has no server: a repeat is the same file. */
export const makeFolderMail = (folder: string, from: Sender): MailPort => ({
  async send(mail, signal) {
    const message = await messageOf(mail, from);
    signal.throwIfAborted();
    try {
      await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
      // Whole or not at all, so that no reader sees half of one.
      const draft = join(folder, `.${randomBytes(DRAFT_BYTES).toString('hex')}`);
      await writeFile(draft, message, { mode: OWNER_ONLY.file });
      await rename(draft, join(folder, `${mail.id}.eml`));
      return { result: 'sent', said: 'in the folder' };
    } catch (error) {
      return { result: 'later', said: (error as Error).message };
    }
  },
});
