import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { CheckpointFault } from './checkpoints.ts';
import { analyzeGrown } from './statistics.ts';

/** Little is left to carry over after so short a while, and an idle file costs nothing. */
const EVERY_MS = 200;
/** How often it looks whether a table has outgrown what the planner knows; nearly always none. */
const ANALYZE_EVERY_MS = 60_000;

const port = parentPort;
if (port === null) throw new Error('checkpoints-thread.ts runs in a worker thread');

const { file } = workerData as { file: string };
const connection = new Sqlite(file, { fileMustExist: true });
connection.pragma('synchronous = FULL');

let analyzed_ms = performance.now();

for (;;) {
  try {
    // It waits for nobody: what a reader still needs is carried over the next time.
    connection.pragma('wal_checkpoint(PASSIVE)');
    if (performance.now() - analyzed_ms > ANALYZE_EVERY_MS) {
      analyzed_ms = performance.now();
      analyzeGrown(connection);
    }
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    port.postMessage({ code, message } satisfies CheckpointFault);
  }
  await wait(EVERY_MS);
}
