/** Files that are whole or not there, and still there after the power fails. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

const OWNER_ALONE = 0o600;
const FOLDER_MODE = 0o700;

export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
}

export function listFolder(folder: string, ending: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(ending));
}

/** Throws where the disk is full; what stood there before then stands there still. */
export function writeWhole(folder: string, name: string, value: unknown): void {
  const draft = join(folder, `${randomUUID()}.draft`);
  try {
    const opened = openSync(draft, 'wx', OWNER_ALONE);
    try {
      const text = Buffer.from(JSON.stringify(value));
      for (let at = 0; at < text.length;) at += writeSync(opened, text, at);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(draft, join(folder, name));
  } catch (error) {
    rmSync(draft, { force: true });
    const { message } = error as Error;
    throw new Error(`The disk does not take it, so nothing is done: ${message}`, { cause: error });
  }
  syncFolder(folder);
}

export function removeFile(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  syncFolder(folder);
}

/** Null where there is none. Throws where it is no JSON. */
export function readWhole(folder: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    // Without the parser's message, which quotes what it reads.
    throw new Error(`${join(folder, name)} cannot be read; a person has to look at it.`, {
      cause: error,
    });
  }
}

/** A name is as lasting as the folder that it stands in. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
