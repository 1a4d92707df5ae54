import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Endpoint } from '@berth/shared/endpoint';
import { problem } from '@berth/shared/problems';
import { findEventRange, listEventsAfter } from '../db/stream-events.ts';
import type { StreamEvent } from '../db/stream-events.ts';
import type { AccountActor } from '../lib/actor.ts';
import { EVERYBODY } from '../lib/hub.ts';
import { routeOf } from './mount.ts';
import { networkOf } from './rate-limit.ts';
import { isLive } from './session.ts';

const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for this many heartbeats is gone. */
const MAX_STALLED_BEATS = 2;
const RETRY_MS = 2_000;
const BATCH = 100;
const MAX_STREAMS_PER_ACCOUNT = 20;
/** Readers may share a network, with and without accounts: an office, a school. */
const MAX_STREAMS_PER_NETWORK = 100;

/** What ends each open stream, by the account and the network that it counts for. */
export interface Streams {
  readonly open: Map<string, Set<() => void>>;
}

export const makeStreams = (): Streams => ({ open: new Map() });

export function endStreams({ open }: Streams): void {
  for (const own of open.values()) for (const end of own) end();
}

/** Whose events are told: an account's while its session lives, or only everybody's. */
interface Reader {
  account_id: string;
  /** Null where everybody may read. */
  actor: AccountActor | null;
  /** Under which its open streams are counted, and how many there may be. */
  counts: readonly (readonly [who: string, most: number])[];
}

function readerOf({ actor, ip }: FastifyRequest, { access }: Endpoint): Reader {
  const network = [`network ${networkOf(ip)}`, MAX_STREAMS_PER_NETWORK] as const;
  if (access === 'anyone') return { account_id: EVERYBODY, actor: null, counts: [network] };
  const own = actor as AccountActor;
  const { acting_for: account_id } = own;
  return { account_id, actor: own, counts: [network, [account_id, MAX_STREAMS_PER_ACCOUNT]] };
}

const isFull = ({ open }: Streams, { counts }: Reader): boolean =>
  counts.some(([who, most]) => (open.get(who)?.size ?? 0) >= most);

/** Counts one stream; answers what takes it off again. */
function countStream({ open }: Streams, { counts }: Reader, end: () => void): () => void {
  for (const [who] of counts) open.set(who, (open.get(who) ?? new Set()).add(end));
  return () => {
    for (const [who] of counts) {
      const own = open.get(who);
      own?.delete(end);
      if (own?.size === 0) open.delete(who);
    }
  };
}

/**
 * Serves the account's events as they are committed, or what everybody may know where the endpoint
 * is open to anyone. A client that names its `Last-Event-ID` gets all since; where those are no
 * longer kept it gets the event `reset` and reads its pages anew.
 */
export function mountStream(app: FastifyInstance, endpoint: Endpoint): void {
  app.route({
    ...routeOf(endpoint),
    exposeHeadRoute: false,
    async handler(request, reply) {
      const reader = readerOf(request, endpoint);
      const start = await readStart(request);
      if (isFull(app.streams, reader)) {
        throw problem('rate_limit.exceeded', 'Close some of the pages that are open.');
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
      });
      runStream(app, reader, reply.raw, start);
    },
  });
}

interface Start {
  after_id: number;
  reset: boolean;
}

/** Where the stream goes on: after the client's last event, or now. */
async function readStart(request: FastifyRequest): Promise<Start> {
  const given = request.headers['last-event-id'];
  const range = await findEventRange(request.server.deps.db);
  const last = range?.last ?? 0;
  if (given === undefined) return { after_id: last, reset: false };
  const after_id = /^\d{1,15}$/.test(String(given)) ? Number(given) : -1;
  const kept = after_id <= last && after_id >= (range?.first ?? 1) - 1;
  return kept ? { after_id, reset: false } : { after_id: last, reset: true };
}

/** Writes until the client leaves, the session ends or the process stops. */
function runStream(
  app: FastifyInstance,
  reader: Reader,
  out: ServerResponse,
  { after_id: start, reset }: Start,
): void {
  const { deps, streams } = app;
  const { account_id, actor } = reader;
  let after_id = start;
  let pumping = false;
  let again = false;
  let stalled_beats = 0;

  async function pump(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again && !out.closed) {
        again = false;
        if (actor !== null && !(await isLive(deps, actor))) return void out.end();
        const events = await listEventsAfter(deps.db, account_id, after_id, BATCH);
        for (const event of events) {
          await writeText(out, textOf(event));
          after_id = event.id;
        }
        again ||= events.length === BATCH;
      }
    } catch (error) {
      deps.log.warn({ err: error }, 'a stream broke; its client resumes');
      out.end();
    } finally {
      pumping = false;
    }
  }

  const beat = setInterval(() => {
    stalled_beats = out.writableNeedDrain ? stalled_beats + 1 : 0;
    if (stalled_beats > MAX_STALLED_BEATS) return void out.destroy();
    if (stalled_beats === 0) out.write(': beat\n\n');
    void pump();
  }, HEARTBEAT_MS);
  const unsubscribe = deps.hub.subscribe(account_id, () => void pump());
  const uncount = countStream(streams, reader, () => void out.end());
  out.on('close', () => {
    clearInterval(beat);
    unsubscribe();
    uncount();
  });
  // An id without data tells nothing but where to resume.
  out.write(`retry: ${RETRY_MS}\nid: ${after_id}\n\n`);
  if (reset) out.write(textOf({ id: after_id, topic: 'reset', subject_id: '' }));
  void pump();
}

const textOf = ({ id, topic, subject_id }: StreamEvent): string =>
  `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify({ subject_id })}\n\n`;

/** Waits where the client reads slower than we write. */
async function writeText(out: ServerResponse, text: string): Promise<void> {
  if (out.closed || out.writableEnded) return;
  if (out.write(text)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      out.off('drain', go);
      out.off('close', go);
      resolve();
    };
    out.on('drain', go);
    out.on('close', go);
  });
}
