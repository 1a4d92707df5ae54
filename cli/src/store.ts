import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { LoggedIn, SessionStore } from '@berth/sdk';
import { stop } from './exits.ts';

const OWNER_ALONE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

/** What this machine keeps of who is signed in. */
export interface Store extends SessionStore {
  readonly file: string;
  find(): LoggedIn | null;
  keep(one: LoggedIn): void;
  forget(): void;
}

/** The file below a folder of settings, which its owner alone can read. */
export function openStore(config_home: string): Store {
  const file = join(config_home, 'berth', 'device.json');

  function find(): LoggedIn | null {
    const text = readOwn(file);
    try {
      return text === null ? null : (JSON.parse(text) as LoggedIn);
    } catch {
      // Without the parser's message, which quotes what it reads.
      throw stop('signed_out', `${file} is damaged. Sign in anew.`);
    }
  }

  function keep(one: LoggedIn): void {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    chmodSync(folder, FOLDER_MODE);
    // Whole or not at all, where several commands run too; no link that lies there is followed.
    const draft = `${file}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify(one, null, 2), { mode: OWNER_ALONE, flag: 'wx' });
    renameSync(draft, file);
  }

  return {
    file,
    find,
    keep,
    forget: () => rmSync(file, { force: true }),
    load: () => find()?.session ?? null,
    save(session) {
      const present = find();
      if (present !== null && session !== null) keep({ ...present, session });
    },
  };
}

/** The text of a file of this person's that nobody else can read; what is checked is read. */
function readOwn(file: string): string | null {
  let opened: number;
  try {
    opened = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { mode, uid } = fstatSync(opened);
    if ((mode & OTHERS) !== 0) {
      throw stop('signed_out', `Others can read ${file}. Run chmod 600 on it, or sign in anew.`);
    }
    if (process.getuid !== undefined && process.getuid() !== uid) {
      throw stop('signed_out', `${file} is another's. Remove it, or sign in anew.`);
    }
    return readFileSync(opened, 'utf8');
  } finally {
    closeSync(opened);
  }
}
