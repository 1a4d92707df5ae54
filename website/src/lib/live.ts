import { endpoints } from '@berth/shared/endpoints';
import { addressOf } from '@berth/shared/endpoint';
import type { StreamTopic } from '@berth/shared/notices/schemas';
import { invalidate } from '$app/navigation';

type Listener = (subject_id: string) => void;

/** What a `load` says it `depends` on, so that it runs again when the stream tells of a change. */
const dependencies: Record<Exclude<StreamTopic, 'reset'>, string> = {
  contract: 'live:contracts',
  notice: 'live:notices',
  offering: 'live:offerings',
};
const topics = Object.keys(dependencies) as (keyof typeof dependencies)[];

const SETTLE_MS = 40;
const RETRY_MS = 5_000;

const listeners = new Map<string, Set<Listener>>(topics.map((topic) => [topic, new Set()]));
const stale = new Set<string>();
let settling: ReturnType<typeof setTimeout> | undefined;

/**
 * Runs `fn` with the subject's id at every event of a topic, until the returned function is called.
 * Most pages need only `depends('live:contracts')`, or `depends('live:contract/' + id)` for one.
 */
export function onLive(topic: keyof typeof dependencies, fn: Listener): () => void {
  listeners.get(topic)?.add(fn);
  return () => listeners.get(topic)?.delete(fn);
}

/**
 * Follows the stream while this tab is looked at; the returned function stops it. Without a session
 * it is the public one, of offerings alone: a page that shows some follows it, as in
 * `$effect(() => (data.me ? undefined : followStream('publicStream')))`.
 */
export function followStream(name: 'stream' | 'publicStream' = 'stream'): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open() {
    clearTimeout(retry);
    if (document.hidden || source) return;
    let isFirstOpen = true;
    const opened = new EventSource(addressOf(endpoints.notices[name]));
    source = opened;
    opened.onopen = () => {
      // The browser resumes its own reconnections by Last-Event-ID. Before the first opening the
      // page may have missed something between being rendered and this.
      if (isFirstOpen) refreshAllLive();
      isFirstOpen = false;
    };
    opened.onerror = () => {
      if (opened.readyState !== EventSource.CLOSED) return;
      close();
      retry = setTimeout(open, RETRY_MS);
    };
    for (const topic of topics) opened.addEventListener(topic, (event) => tell(topic, event));
    opened.addEventListener('reset', refreshAllLive);
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }

  // A browser opens few connections to one host, so a tab that nobody sees gives its own back.
  const look = () => (document.hidden ? close() : open());
  document.addEventListener('visibilitychange', look);
  open();
  return () => {
    document.removeEventListener('visibilitychange', look);
    close();
  };
}

function tell(topic: keyof typeof dependencies, event: MessageEvent<string>): void {
  const { subject_id } = JSON.parse(event.data) as { subject_id: string };
  stale.add(dependencies[topic]);
  stale.add(`live:${topic}/${subject_id}`);
  settling ??= setTimeout(settle, SETTLE_MS);
  for (const fn of listeners.get(topic) ?? []) fn(subject_id);
}

/** Events come in bursts, one commit telling several things; the page loads once for them all. */
function settle(): void {
  settling = undefined;
  const changed = new Set(stale);
  stale.clear();
  void invalidate((url) => changed.has(url.href));
}

function refreshAllLive(): void {
  void invalidate((url) => url.protocol === 'live:');
}
