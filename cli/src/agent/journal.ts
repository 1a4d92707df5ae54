/** What this agent has taken on, on disk before it is done: what a restart goes on from. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from './driver.ts';
import { listFolder, makeFolder, readWhole, removeFile, writeWhole } from './disk.ts';
import type { Mark } from './process.ts';

/**
 * `claimed`: taken, nothing is created. `creating`: a machine may be there. `created`: it is, and
 * its delivery waits to be posted. `posted`: the renter has it. `failing`: given up. `ending`: it
 * has to go; the note goes when it is seen gone.
 */
export type Phase = 'claimed' | 'creating' | 'created' | 'posted' | 'failing' | 'ending';

export interface Note {
  contract_id: string;
  offering_id: string;
  /** By which rule it was taken; its units are counted by this. */
  rule: string;
  driver: string;
  phase: Phase;
  /** How often a machine was tried. */
  attempts: number;
  /** The driver's process that may still run. */
  run: Mark | null;
  /** Until it is posted, and no longer: it has the renter's secrets. */
  delivery: Delivery | null;
}

export interface Journal {
  readonly folder: string;
  read(contract_id: string): Note | null;
  write(note: Note): void;
  remove(contract_id: string): void;
  has(contract_id: string): boolean;
  /** Those that cannot be read are left out. */
  notes(): Note[];
}

const ENDING = '.json';

export function openJournal(folder: string): Journal {
  makeFolder(folder);
  const nameOf = (contract_id: string) => `${contract_id}${ENDING}`;
  const read = (contract_id: string) => readWhole(folder, nameOf(contract_id)) as Note | null;
  const ids = () => listFolder(folder, ENDING).map((name) => name.slice(0, -ENDING.length));
  return {
    folder,
    read,
    write: (note) => writeWhole(folder, nameOf(note.contract_id), note),
    remove: (contract_id) => removeFile(folder, nameOf(contract_id)),
    has: (contract_id) => existsSync(join(folder, nameOf(contract_id))),
    notes: () =>
      ids().flatMap((id) => {
        try {
          return read(id) ?? [];
        } catch {
          return [];
        }
      }),
  };
}
