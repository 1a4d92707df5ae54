import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { problem, type ProblemDocument } from '@berth/shared/problems';
import type { Clock } from '../lib/clock.ts';
import { again } from '../lib/thread.ts';
import type {
  CompleteAsk,
  EnteredAsk,
  FacetsAsk,
  IndexStats,
  PositionAsk,
  SearchAsk,
  SearchIndex,
} from './index-port.ts';

/** How long who asks waits for an index that is still being built. */
const WAIT_MS = 2_000;
const RESTART_AFTER_MS = 1_000;

type Ask =
  | { name: 'search'; ask: SearchAsk }
  | { name: 'facets'; ask: FacetsAsk }
  | { name: 'entered'; ask: EnteredAsk }
  | { name: 'complete'; ask: CompleteAsk }
  | { name: 'position'; ask: PositionAsk }
  | { name: 'featured'; ask: Parameters<SearchIndex['featured']>[0] }
  | { name: 'refresh'; ask: readonly string[] }
  | { name: 'stats'; ask: null };

/** What the thread is asked, and what it says. */
export type Asked = Ask & { id: number; now_ms: number };
export type Said =
  | { ready: { offerings: number; built_in_ms: number } }
  | { failed: unknown; message: string }
  | { id: number; value: unknown }
  | { id: number; problem: ProblemDocument | null; error: unknown };

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

interface Running {
  worker: Worker;
  ready: Promise<void>;
  waiting: Map<number, Waiting>;
}

export interface ThreadOptions {
  /** What `openDatabase` takes: a file, or a PostgreSQL address. */
  where: string;
  clock: Clock;
  log: Logger;
}

/** The index in a thread of its own; it starts when it is first asked, and again after a crash. */
export function openIndexThread(options: ThreadOptions): SearchIndex {
  const { clock } = options;
  let running: Running | null = null;
  let asked = 0;
  let closed = false;
  const start = (): Running => {
    const begun = startWorker(options, () => {
      if (running === begun) running = null;
      // Whoever asks begins it anew; without anybody it does so by itself, to be ready.
      if (!closed) setTimeout(() => !closed && (running ??= start()), RESTART_AFTER_MS).unref();
    });
    return begun;
  };
  const send = async <T>(ask: Ask): Promise<T> => {
    if (closed) throw problem('service.busy', 'The service is stopping.');
    const { worker, ready, waiting } = (running ??= start());
    await inTime(ready);
    const id = (asked += 1);
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...ask, id, now_ms: clock.nowMs() } satisfies Asked);
    });
  };
  return {
    search: (ask) => send({ name: 'search', ask }),
    facets: (ask) => send({ name: 'facets', ask }),
    entered: (ask) => send({ name: 'entered', ask }),
    complete: (ask) => send({ name: 'complete', ask }),
    position: (ask) => send({ name: 'position', ask }),
    featured: (ask) => send({ name: 'featured', ask }),
    refresh: (ids) => send({ name: 'refresh', ask: ids }),
    stats: () => send<IndexStats>({ name: 'stats', ask: null }),
    async close() {
      const ending = running;
      closed = true;
      await ending?.worker.terminate();
    },
  };
}

/** Throws `service.busy` where the index is not built within WAIT_MS. */
async function inTime(ready: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(problem('service.busy', 'The search is being readied; try again shortly.'));
    }, WAIT_MS);
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
}

function startWorker({ where, log }: ThreadOptions, onEnd: () => void): Running {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { where } });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  const begun = Promise.withResolvers<undefined>();
  // Who waits for it is told; where nobody does, the log is enough.
  begun.promise.catch(() => undefined);
  worker.on('message', (said: Said) => {
    if ('ready' in said) {
      log.info(said.ready, 'the search index is built');
      begun.resolve(undefined);
    } else if ('failed' in said) {
      log.warn({ err: said.failed }, said.message);
    } else {
      settle(waiting, said);
    }
  });
  worker.on('error', (error) => {
    log.error({ err: error }, 'the search index broke; it is built anew');
  });
  worker.on('exit', () => {
    const gone = problem('service.busy', 'The search is being readied; try again shortly.');
    begun.reject(gone);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
    onEnd();
  });
  return { worker, ready: begun.promise, waiting };
}

function settle(waiting: Map<number, Waiting>, said: Extract<Said, { id: number }>): void {
  const asker = waiting.get(said.id);
  waiting.delete(said.id);
  if ('value' in said) asker?.resolve(said.value as never);
  else asker?.reject(said.problem === null ? said.error : again(said.problem));
}
