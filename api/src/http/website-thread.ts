import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { WEBSITE_VISIT_HEADER } from '../config.ts';
import { startError } from '../lib/start-error.ts';
import { ownTurn } from '../lib/turns.ts';
import { compressor, encodingFor, isTextual, LEAST_COMPRESSED_BYTES } from './compress.ts';
import type { ApiAnswer, Inject, Website } from './website.ts';

/** Visits that are answered or wait for it; who comes then is told to come again. */
const MOST_VISITS = 256;
const MOST_CONNECTIONS = 32;
/** A thread that begins no answer for so long is stuck, and another takes its place. */
const ANSWER_WITHIN_MS = 20_000;
const RESTART_AFTER_MS = 200;

export interface ThreadData {
  handler_url: string;
  socket: string;
}

/** What a page asks of the API, in the name of whoever visits it, and the answer. */
export interface Asked {
  id: number;
  visit: number;
  address: string;
  init: NonNullable<Parameters<Inject>[1]>;
}
export interface Answered {
  id: number;
  answer: ApiAnswer;
}

interface Running {
  worker: Worker;
  socket: string;
  agent: Agent;
  ready: Promise<unknown>;
}

/** Headers of one connection, which the next has of its own (RFC 9110, 7.6.1). */
const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'date'];

const withoutHop = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.includes(name)));

/**
 * The built website in a thread of its own, so that no page that takes long holds the API up. It
 * listens on a socket in a folder that only this user may enter; what its pages ask of the API
 * comes back here, to the visit that they are for. It begins anew when it dies. Throws a StartError
 * where nothing is built.
 */
export async function openWebsite(folder: string, log: Logger): Promise<Website> {
  const file = join(folder, 'handler.js');
  if (!existsSync(file)) {
    throw startError(
      `WEBSITE_BUILD is "${folder}", but no built website is there; build it with ` +
        '"make start", or serve the API alone with WEBSITE_BUILD=off.',
    );
  }
  const place = await mkdtemp(join(tmpdir(), 'berth-website-'));
  const visits = new Map<number, Inject>();
  let visit = 0;
  let starts = 0;
  let closed = false;

  function start(): Running {
    starts += 1;
    const socket = join(place, String(starts));
    const data: ThreadData = { handler_url: pathToFileURL(file).href, socket };
    const worker = new Worker(new URL('website-worker.ts', import.meta.url), { workerData: data });
    let began = false;
    const begun = Promise.withResolvers<unknown>();
    begun.promise.catch(() => undefined);
    const agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    worker.on('message', (said: Asked | 'ready') => {
      if (said === 'ready') begun.resolve((began = true));
      else void answerFor(visits, said).then((answer) => worker.postMessage(answer));
    });
    worker.on('error', (error) => log.error({ err: error }, 'the website broke; it begins anew'));
    worker.on('exit', () => {
      begun.reject(new Error('The website has ended'));
      agent.destroy();
      // One that never began would fail again at once.
      setTimeout(() => !closed && (running = start()), began ? 0 : RESTART_AFTER_MS);
    });
    return { worker, socket, agent, ready: begun.promise };
  }
  let running = start();

  return {
    answer(request, response, headers, inject) {
      if (visits.size >= MOST_VISITS) return refuse(response);
      visit += 1;
      const own = visit;
      visits.set(own, inject);
      response.on('close', () => visits.delete(own));
      const at = running;
      const given = { ...withoutHop(headers), [WEBSITE_VISIT_HEADER]: String(own) };
      at.ready.then(
        () => forward(at, request, response, given),
        () => refuse(response),
      );
    },
    async close() {
      closed = true;
      await running.worker.terminate();
      await rm(place, { recursive: true, force: true });
    },
  };
}

async function answerFor(visits: Map<number, Inject>, asked: Asked): Promise<Answered> {
  const gone: ApiAnswer = { status: 503, text: '' };
  await ownTurn();
  const inject = visits.get(asked.visit);
  const answer = await inject?.(asked.address, asked.init).catch(() => gone);
  return { id: asked.id, answer: answer ?? gone };
}

function forward(
  { socket, agent, worker }: Running,
  request: IncomingMessage,
  response: ServerResponse,
  headers: IncomingHttpHeaders,
): void {
  const { method, url } = request;
  const asked = httpRequest({ socketPath: socket, agent, method, path: url, headers });
  const stuck = setTimeout(() => void worker.terminate(), ANSWER_WITHIN_MS);
  asked.on('response', (answer) => {
    clearTimeout(stuck);
    send(answer, request, response).catch(() => response.destroy());
  });
  asked.on('error', () => refuse(response));
  response.on('close', () => {
    clearTimeout(stuck);
    asked.destroy();
  });
  request.pipe(asked);
}

/** Hands an answer on, compressed where that is worth it and the visitor's browser takes it. */
async function send(
  answer: IncomingMessage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = withoutHop(answer.headers);
  const status = answer.statusCode ?? 503;
  const isPlain = isTextual(headers['content-type']) && headers['content-encoding'] === undefined;
  const length = Number(headers['content-length'] ?? Infinity);
  const hasBody = request.method === 'GET' && status !== 304 && length >= LEAST_COMPRESSED_BYTES;
  if (isPlain) headers.vary = 'accept-encoding';
  const encoding = isPlain && hasBody ? encodingFor(request.headers['accept-encoding']) : null;
  if (encoding === null) {
    response.writeHead(status, headers);
    return pipeline(answer, response);
  }
  const { 'content-length': _, etag, ...rest } = headers;
  response.writeHead(status, {
    ...rest,
    'content-encoding': encoding,
    ...(etag === undefined ? {} : { etag: `W/${etag.replace(/^W\//, '')}` }),
  });
  return pipeline(answer, compressor(encoding), response);
}

function refuse(response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' });
  response.end('Berth is busy. Try again in a moment.\n');
}
