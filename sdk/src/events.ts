import { notices } from '@berth/shared/notices/endpoints';
import type { StreamTopic } from '@berth/shared/notices/schemas';
import { isProblem } from './problem.ts';
import { pause, pauseOf, type Transport } from './transport.ts';

export interface BerthEvent {
  /** Give the last one to `events` to go on from there. */
  id: string;
  /** What changed; `reset` says that anything may have, as some was missed. */
  topic: StreamTopic;
  /** Of what changed; empty for `reset`. */
  subject_id: string;
}

export interface EventsOptions {
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** Goes on after the event that has this id. */
  last_event_id?: string;
  /** Changes of offerings alone, which need no sign-in. */
  public?: boolean;
}

/** Beyond it an event is none of ours. */
const MAX_EVENT_CHARS = 65_536;
/** Berth sends something every 15 s; a connection as silent as this has died unseen. */
const SILENT_MS = 60_000;

/**
 * What changes, as it changes. A connection that breaks is opened again and goes on from the last
 * event. Throws where it is refused, as by a token that has ended.
 */
export async function* readEvents(
  transport: Transport,
  { signal, last_event_id, ...options }: EventsOptions,
): AsyncGenerator<BerthEvent> {
  const route = options.public === true ? notices.publicStream : notices.stream;
  let last = last_event_id;
  const isOver = () => signal?.aborted === true;
  for (let tries = 0; !isOver(); tries += 1) {
    const silence = watchSilence(signal);
    try {
      const resume: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
      const headers = { accept: 'text/event-stream', ...resume };
      const response = await transport.open(route, headers, silence.signal);
      for await (const event of eventsOf(response, silence.note)) {
        tries = 0;
        if (event.id !== '') last = event.id;
        yield event;
      }
    } catch (error) {
      if (isOver()) return;
      const isLost = !isProblem(error) || error.problem.code === 'service.unreachable';
      if (!isLost && error.problem.status < 429) throw error;
    } finally {
      silence.end();
    }
    await pause(pauseOf(tries), signal).catch(() => undefined);
  }
}

/** Ends a connection that nothing has come by for long; `note` says that something has. */
function watchSilence(signal: AbortSignal | undefined) {
  const over = new AbortController();
  const end = () => over.abort();
  let timer = setTimeout(end, SILENT_MS);
  return {
    signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]),
    note() {
      clearTimeout(timer);
      timer = setTimeout(end, SILENT_MS);
    },
    end: () => clearTimeout(timer),
  };
}

async function* eventsOf({ body }: Response, note: () => void): AsyncGenerator<BerthEvent> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      note();
      const blocks = (text + value).replaceAll('\r\n', '\n').split('\n\n');
      text = blocks.pop() ?? '';
      if (text.length > MAX_EVENT_CHARS) throw new Error('The stream is no stream of events');
      for (const block of blocks) {
        const event = readEvent(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Null for comments, which keep a connection open. */
function readEvent(block: string): BerthEvent | null {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, value ?? '');
  }
  const topic = fields.get('event');
  if (topic === undefined) return null;
  const { subject_id } = readData(fields.get('data') ?? '');
  return {
    id: fields.get('id') ?? '',
    topic: topic as StreamTopic,
    subject_id: typeof subject_id === 'string' ? subject_id : '',
  };
}

/** What cannot be read says nothing; asked for again, it would come again for ever. */
function readData(text: string): { subject_id?: unknown } {
  try {
    return (JSON.parse(text || '{}') ?? {}) as object;
  } catch {
    return {};
  }
}
