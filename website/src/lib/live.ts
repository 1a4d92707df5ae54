import { notices } from '@berth/shared/notices/endpoints';
import { addressOf } from '@berth/shared/endpoint';
import type { StreamTopic } from '@berth/shared/notices/schemas';
import { invalidate } from '$app/navigation';

type Listener = (subject_id: string) => void;

/** What a `load` says it `depends` on, so that it runs again when the stream tells of a change. */
const dependencies: Record<Exclude<StreamTopic, 'reset'>, string> = {
  contract: 'live:contracts',
  notice: 'live:notices',
  offering: 'live:offerings',
  payment: 'live:payments',
};
type Topic = keyof typeof dependencies;
const topics = Object.keys(dependencies) as Topic[];

const SETTLE_MS = 40;
const RETRY_MS = 5_000;

const listeners = new Map<string, Set<Listener>>(topics.map((topic) => [topic, new Set()]));
const stale = new Set<string>();
let settling: ReturnType<typeof setTimeout> | undefined;

/**
 * Runs `fn` with the subject's id at every event of a topic, until the returned function is called.
 * Most pages need only `depends('live:contracts')`, or `depends('live:contract/' + id)` for one.
 */
export function onLive(topic: Topic, fn: Listener): () => void {
  listeners.get(topic)?.add(fn);
  return () => listeners.get(topic)?.delete(fn);
}

type FromStream =
  /** Something changed. */
  | { topic: Topic; subject_id: string }
  /** Anything may have changed: the stream begins, or cannot say what was missed. */
  | 'reset';

/** What the windows of one browser tell each other. */
type News =
  | FromStream
  /** A window opens: is there a stream? It may have missed something while it was loaded. */
  | { hello: string }
  /** There is, for the window that asked. */
  | { here: string };

/**
 * Follows the stream; the returned function stops it. Without a session it is the public one, of
 * offerings alone: a page that shows some follows it, as in
 * `$effect(() => (data.me ? undefined : followStream('publicStream')))`.
 *
 * A browser opens six connections to a host, so its windows share one: whichever has the lock reads
 * the stream and tells the others, and where it is closed the next takes its place.
 */
export function followStream(name: 'stream' | 'publicStream' = 'stream'): () => void {
  const own = String(crypto.getRandomValues(new Uint32Array(2)));
  const channel = new BroadcastChannel(`berth ${name}`);
  const stopped = new AbortController();
  const { signal } = stopped;
  let stopReading: (() => void) | undefined;
  let isRead = false;

  channel.onmessage = ({ data: news }: MessageEvent<News>) => {
    if (news === 'reset') refreshAllLive();
    else if ('topic' in news) take(news);
    else if ('here' in news && news.here === own) refreshAllLive();
    else if ('hello' in news && isRead) channel.postMessage({ here: news.hello } satisfies News);
  };

  function lead(): Promise<void> {
    // The lock may be given in the moment in which this window stops.
    if (signal.aborted) return Promise.resolve();
    const tell = (news: FromStream) => {
      channel.postMessage(news);
      if (news === 'reset') refreshAllLive();
      else take(news);
    };
    stopReading = readStream(name, (news) => {
      isRead = true;
      tell(news);
    });
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  channel.postMessage({ hello: own } satisfies News);
  // Only where the connection is secure has a browser locks; elsewhere each window reads its own.
  const locks = (navigator as Partial<Navigator>).locks;
  // Who stops while it waits for the lock wants it no longer.
  if (locks) locks.request(`berth ${name}`, { signal }, lead).catch(() => undefined);
  else void lead();

  return () => {
    stopped.abort();
    stopReading?.();
    channel.close();
  };
}

/** Reads the stream itself, and goes on after a break, until the returned function is called. */
function readStream(name: 'stream' | 'publicStream', tell: (news: FromStream) => void): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open() {
    let isFirstOpen = true;
    const opened = new EventSource(addressOf(notices[name]));
    source = opened;
    opened.onopen = () => {
      // The browser resumes its own reconnections by Last-Event-ID. Before the first opening the
      // pages may have missed something between being rendered and this.
      if (isFirstOpen) tell('reset');
      isFirstOpen = false;
    };
    opened.onerror = () => {
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    };
    for (const topic of topics) {
      opened.addEventListener(topic, ({ data }: MessageEvent<string>) => {
        const { subject_id } = JSON.parse(data) as { subject_id: string };
        tell({ topic, subject_id });
      });
    }
    opened.addEventListener('reset', () => tell('reset'));
  }

  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}

function take({ topic, subject_id }: Exclude<FromStream, 'reset'>): void {
  stale.add(dependencies[topic]);
  stale.add(`live:${topic}/${subject_id}`);
  settling ??= setTimeout(settle, SETTLE_MS);
  for (const fn of listeners.get(topic) ?? []) fn(subject_id);
}

/** Events come in bursts, one commit telling several things; the page loads once for them all. */
function settle(): void {
  settling = undefined;
  // A window that nobody looks at waits until somebody does.
  if (document.hidden) {
    document.addEventListener('visibilitychange', settle, { once: true });
    return;
  }
  const changed = new Set(stale);
  stale.clear();
  void invalidate((url) => changed.has(url.href));
}

function refreshAllLive(): void {
  void invalidate((url) => url.protocol === 'live:');
}
