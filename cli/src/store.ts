import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    if (mode === undefined) return null;
    if ((mode & OTHERS) !== 0) {
      throw stop('signed_out', `Others can read ${file}. Run chmod 600 on it, or sign in anew.`);
    }
    return JSON.parse(readFileSync(file, 'utf8')) as LoggedIn;
  }

  function keep(one: LoggedIn): void {
    mkdirSync(dirname(file), { recursive: true, mode: FOLDER_MODE });
    // Whole or not at all, also where several commands run.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(one, null, 2), { mode: OWNER_ALONE });
    chmodSync(draft, OWNER_ALONE);
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
