/**
 * Carries the log of a SQLite file over into the file, in a thread of its own: it writes pages all
 * over the file and waits for the disk, a tenth of a second at a time, with nobody else stopped.
 * The thread keeps the planner's statistics too, as the tables grow.
 */
import { Worker } from 'node:worker_threads';

export interface CheckpointFault {
  /** SQLite's own, such as SQLITE_FULL; empty where it is none of SQLite's. */
  code: string;
  message: string;
}

/** Ends by itself, with a fault, where the thread breaks: commits carry the log over then. */
export function startCheckpoints(file: string, onFault: (fault: CheckpointFault) => void) {
  const worker = new Worker(new URL('checkpoints-thread.ts', import.meta.url), {
    workerData: { file },
  });
  worker.unref();
  worker.on('message', onFault);
  worker.on('error', (error: Error) => onFault({ code: '', message: error.message }));
  return {
    async stop(): Promise<void> {
      await worker.terminate();
    },
  };
}
