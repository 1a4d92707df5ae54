import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { CheckpointFault } from './checkpoints.ts';

/** Little is left to carry over after so short a while, and an idle file costs nothing. */
const EVERY_MS = 200;

const port = parentPort;
if (port === null) throw new Error('checkpoints-thread.ts runs in a worker thread');

const { file } = workerData as { file: string };
const connection = new Sqlite(file, { fileMustExist: true });
connection.pragma('synchronous = FULL');

for (;;) {
  try {
    // It waits for nobody: what a reader still needs is carried over the next time.
    connection.pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    port.postMessage({ code, message } satisfies CheckpointFault);
  }
  await wait(EVERY_MS);
}
