/** Who works on something, among agents that share a folder. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { listFolder, readWhole, removeFile, writeWhole } from './disk.ts';
import { isAlive, markOf, type Mark } from './process.ts';

/** After so long without a sign its holder has lost it, whatever became of it. */
const LEASE_MS = 60_000;
const SIGNS_A_LEASE = 4;
const TRIES = 5;
const STEP_BACK_MS = 100;

interface Held {
  host: string;
  process: Mark;
  until_ms: number;
}

export interface Lock {
  /** Throws where it is lost: then another may work on it, and nothing more is to be done here. */
  check(): void;
  release(): void;
}

/** A lock that died with its process is free at once, one on another host when it expires. */
function isHeld(folder: string, file: string): boolean {
  const held = readOrNull(folder, file);
  if (held === null || held.until_ms < Date.now()) return false;
  return held.host !== hostname() || isAlive(held.process);
}

function readOrNull(folder: string, file: string): Held | null {
  try {
    return readWhole(folder, file) as Held | null;
  } catch {
    return null;
  }
}

/** Null where another holds it. Two that ask at once step back from each other, and ask again. */
export async function takeLock(folder: string, name: string): Promise<Lock | null> {
  for (let tries = 1; ; tries += 1) {
    const lock = tryLock(folder, name);
    if (lock !== null || tries === TRIES) return lock;
    await pause(Math.random() * STEP_BACK_MS);
  }
}

/**
 * Each asker writes a file of its own, and has the lock if nobody
 * else's stands there after that: of two at once the later one sees the earlier, or both step back.
 */
function tryLock(folder: string, name: string): Lock | null {
  const ending = `.${name}.lock`;
  const own = `${randomUUID()}${ending}`;
  let until_ms = 0;
  const sign = () => {
    const next_ms = Date.now() + LEASE_MS;
    writeWhole(folder, own, { host: hostname(), process: markOf(process.pid), until_ms: next_ms });
    until_ms = next_ms;
  };
  const others = () => listFolder(folder, ending).filter((file) => file !== own);
  sign();
  if (others().some((file) => isHeld(folder, file))) {
    removeFile(folder, own);
    return null;
  }
  for (const file of others()) removeFile(folder, file);
  // Whoever takes over removes the file, and does so only after its time.
  const isMine = (early_ms = 0) =>
    until_ms - early_ms > Date.now() && listFolder(folder, own).length === 1;
  const timer = setInterval(() => {
    try {
      if (isMine(LEASE_MS / SIGNS_A_LEASE)) sign();
    } catch {
      // It is lost when it expires, if no later sign can be written.
    }
  }, LEASE_MS / SIGNS_A_LEASE);
  return {
    check() {
      if (isMine()) return;
      throw new Error('Another agent may have taken over, so nothing more is done here.');
    },
    release() {
      clearInterval(timer);
      removeFile(folder, own);
    },
  };
}
