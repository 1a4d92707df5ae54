/**
 * Work that takes the processor for more than 50 ms is done in a thread: one for each kind of
 * work, one piece at a time, started when it is first asked and anew after a crash.
 */
import { parentPort, Worker } from 'node:worker_threads';
import { isProblem, problem, type ProblemDocument } from '@berth/shared/problems';
import type { AccountActor } from './actor.ts';

/** What never ends is ended; what is asked is bounded so that it ends in seconds. */
const MAX_WORK_MS = 120_000;
/** How many pieces may wait for their turn, and how many of one account. */
const MAX_WAITING = 20;
const MAX_WAITING_EACH = 4;
/** More than any file needs that is taken; beyond it the thread ends, and nothing else. */
const MAX_HEAP_MB = 512;

type Said = { value: unknown } | { problem: ProblemDocument | null; error: unknown };

type Asker = Pick<AccountActor, 'acting_for'>;

/** The work of the thread in `file`. Throws its problems, and `service.busy` for too many. */
export function makeThread<Ask, Answer>(file: URL): (asker: Asker, ask: Ask) => Promise<Answer> {
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const waiting: string[] = [];
  const start = () => {
    const begun = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    begun.unref();
    begun.once('exit', () => {
      if (worker === begun) worker = null;
    });
    return begun;
  };
  return async ({ acting_for: who }, ask) => {
    const own = waiting.filter((one) => one === who);
    if (waiting.length >= MAX_WAITING || own.length >= MAX_WAITING_EACH) {
      throw problem('service.busy');
    }
    waiting.push(who);
    const turn = last.then(() => askOne<Answer>((worker ??= start()), ask));
    last = turn.catch(() => undefined);
    return turn.finally(() => {
      waiting.splice(waiting.indexOf(who), 1);
    });
  };
}

function askOne<Answer>(worker: Worker, ask: unknown): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onEnd = () => {
    reject(problem('request.too_large', 'This takes longer to read than is allowed; send less.'));
  };
  const timer = setTimeout(() => void worker.terminate(), MAX_WORK_MS);
  worker.once('exit', onEnd).once('error', onEnd);
  worker.once('message', (said: Said) => {
    if ('value' in said) resolve(said.value as Answer);
    else reject(said.problem === null ? said.error : again(said.problem));
  });
  worker.postMessage(ask);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.removeAllListeners('message').off('exit', onEnd).off('error', onEnd);
  });
}

/** What a thread's file calls: answers each ask of the other side. */
export function answerAsks<Ask>(work: (ask: Ask) => unknown): void {
  parentPort?.on('message', (ask: Ask) => {
    parentPort?.postMessage(said(work, ask));
  });
}

function said<Ask>(work: (ask: Ask) => unknown, ask: Ask): Said {
  try {
    return { value: work(ask) };
  } catch (error) {
    return { problem: isProblem(error) ? error.problem : null, error };
  }
}

/** A problem as it was thrown in the thread. */
export function again(document: ProblemDocument): Error {
  const { code, detail, type: _, title: _title, status: _status, ...extra } = document;
  return problem(code, detail, extra);
}
