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
    try {
      const resume: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
      const headers = { accept: 'text/event-stream', ...resume };
      const response = await transport.open(route, headers, signal);
      for await (const event of eventsOf(response)) {
        tries = 0;
        if (event.id !== '') last = event.id;
        yield event;
      }
    } catch (error) {
      if (isOver()) return;
      const isRefused = isProblem(error) && error.problem.status > 0 && error.problem.status < 429;
      if (isRefused) throw error;
    }
    await pause(pauseOf(tries), signal).catch(() => undefined);
  }
}

async function* eventsOf({ body }: Response): AsyncGenerator<BerthEvent> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
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
  const data = JSON.parse(fields.get('data') || '{}') as { subject_id?: string } | null;
  return {
    id: fields.get('id') ?? '',
    topic: topic as StreamTopic,
    subject_id: data?.subject_id ?? '',
  };
}
