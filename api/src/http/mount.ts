import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import * as z from 'zod';
import type { Access } from '@berth/shared/access';
import { isQuery, type Endpoint } from '@berth/shared/endpoint';
import { isProblem, problem } from '@berth/shared/problems';
import type { Problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../context.ts';
import { anonymous } from '../lib/actor.ts';
import type { AccountActor, Actor, ActorOf } from '../lib/actor.ts';
import { bytesInTurns } from '../lib/turns.ts';
import { writeReply } from './encode.ts';
import { answerOnce } from './idempotency.ts';
import type { Answer } from './idempotency.ts';
import { refuseQuery } from './json.ts';
import { checkLengths } from './lengths.ts';
import { invalid, notFound } from './problems.ts';
import { limitRate } from './rate-limit.ts';
import { readActor, readToken, requireAccess, requireOwnOrigin } from './session.ts';

const BODY_LIMIT = 256 * 1024;
const FILE_BODY_LIMIT = 4 * 1024 * 1024;
/** A longer reply becomes bytes in turns of the event loop. */
const LONG_REPLY_CHARS = 128 * 1024;
const UNAUTHORIZED = 401;

/** A query gets `db`, a command the request's one transaction as `tx`. */
export type CtxOf<E extends Endpoint> =
  E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType, Access, infer M, infer Reads>
    ? M extends 'GET'
      ? ReadCtx
      : Reads extends true
        ? ReadCtx
        : WriteCtx
    : never;

/** What was asked, parsed by the endpoint's schemas; `unknown` where it has none. */
export type AskedOf<E extends Endpoint> =
  E extends Endpoint<infer P, infer Q, infer B>
    ? { params: z.output<P>; query: z.output<Q>; body: z.output<B> }
    : never;

/** For the few handlers that set a cookie or a header, or are prepared for. */
export interface Wire<T = unknown> {
  request: FastifyRequest;
  reply: FastifyReply;
  prepared: T;
}

type Handler<E extends Endpoint, T> = (
  ctx: CtxOf<E>,
  actor: ActorOf<E['access']>,
  ask: AskedOf<E>,
  wire: Wire<T>,
) => Promise<z.output<E['reply']>>;

const nothing = async (): Promise<undefined> => undefined;

/**
 * Serves an endpoint. The handler's reply is what the reply schema decodes to (amounts as
 * `bigint`); it is stripped to the schema. A query takes no writer and its answer is not kept. A
 * command is one transaction: it commits when the handler answers, and rolls back when it throws.
 */
export function mount<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: Handler<E, undefined>,
): void {
  mountPrepared(app, endpoint, nothing, handler);
}

/** The same for what is prepared before the transaction, which it must not keep waiting. */
export function mountPrepared<E extends Endpoint, T>(
  app: FastifyInstance,
  endpoint: E,
  prepare: (
    ctx: ReadCtx,
    actor: ActorOf<E['access']>,
    ask: AskedOf<E>,
    request: FastifyRequest,
  ) => Promise<T>,
  handler: Handler<E, T>,
): void {
  const { deps } = app;
  const encode = makeEncoder(endpoint);
  const parse = makeParser(endpoint);
  const reads = isQuery(endpoint);
  app.route({
    ...routeOf(endpoint),
    async handler(request, reply) {
      const ask = parse(request) as AskedOf<E>;
      const actor = request.actor as ActorOf<E['access']>;
      const prepareIt = () => prepare(deps, actor, ask, request);
      const run = async (ctx: ReadCtx | WriteCtx, prepared: T): Promise<Answer> => {
        const wire = { request, reply, prepared };
        return encode(await handler(ctx as CtxOf<E>, actor, ask, wire), wire);
      };
      if (reads) return send(reply, endpoint, await run(deps, await prepareIt()));
      if (endpoint.access === 'anyone') {
        const prepared = await prepareIt();
        return send(reply, endpoint, await deps.write((ctx) => run(ctx, prepared)));
      }
      const doer = request.actor as AccountActor;
      const answer = await answerOnce(request, doer, prepareIt, run, endpoint.shows_once);
      if (answer.replayed) reply.header('idempotency-replayed', 'true');
      return send(reply, endpoint, answer);
    },
  });
}

/** The route's address and limits, and who may use it. */
export function routeOf(
  endpoint: Endpoint,
): Pick<RouteOptions, 'method' | 'url' | 'bodyLimit' | 'onRequest'> {
  return {
    method: endpoint.method,
    url: endpoint.path,
    bodyLimit: endpoint.body_limit === 'file' ? FILE_BODY_LIMIT : BODY_LIMIT,
    async onRequest(request, reply) {
      refuseQuery(request.url);
      const given = readToken(request);
      const { source } = given;
      let actor: Actor = anonymous;
      let refusal: Problem | null = null;
      if (source !== null) {
        try {
          actor = await readActor(request, given);
        } catch (error) {
          // What is open to anyone is open to one whose session has ended.
          if (!isProblem(error) || error.problem.status !== UNAUTHORIZED) throw error;
          if (endpoint.access !== 'anyone') refusal = error;
        }
      }
      request.actor = actor;
      limitRate(request, reply, endpoint.rate_limit ?? 'default', actor);
      if (refusal !== null) throw refusal;
      requireAccess(actor, endpoint);
      if (endpoint.method !== 'GET' && source === 'cookie') requireOwnOrigin(request);
    },
  };
}

function makeParser({ params, query, body }: Endpoint) {
  const parseQuery = query && partParser(query, '/query');
  const parseBody = body && partParser(body, '');
  return (request: FastifyRequest) => {
    const found = params?.safeParse(request.params);
    // An id of the wrong shape is an id that is not there.
    if (found?.success === false) throw notFound();
    return {
      params: found?.data,
      query: parseQuery?.(request.query),
      body: parseBody?.(request.body),
    };
  };
}

function partParser(schema: z.ZodType, prefix: string): (value: unknown) => unknown {
  const findLong = checkLengths(schema);
  return (value) => {
    const long = findLong(value, prefix);
    if (long !== null) throw problem('request.invalid', long.message, { errors: [long] });
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw invalid(parsed.error, prefix);
    return parsed.data;
  };
}

function makeEncoder(
  endpoint: Endpoint,
): (output: unknown, wire: Wire) => Answer | Promise<Answer> {
  if (endpoint.reply instanceof z.ZodVoid) return () => ({ status: 204, reply: '' });
  if (endpoint.produces === 'application/pdf') {
    return (output) => ({ status: 200, reply: '', bytes: output as Uint8Array });
  }
  if (endpoint.produces !== undefined) return (output) => ({ status: 200, reply: String(output) });
  return async (output, wire) => {
    const { encoded, text } = await writeReply(endpoint.reply, output, wire.request.log);
    linkNextPage(encoded, wire);
    return { status: 200, reply: text };
  };
}

/** RFC 8288, beside the cursor in the body. */
function linkNextPage(encoded: unknown, { request, reply }: Wire): void {
  if (typeof encoded !== 'object' || encoded === null || !('next_cursor' in encoded)) return;
  if (typeof encoded.next_cursor !== 'string') return;
  const [path = '', query] = request.url.split('?');
  const search = new URLSearchParams(query);
  search.set('cursor', encoded.next_cursor);
  reply.header('link', `<${path}?${search}>; rel="next"`);
}

async function send(
  reply: FastifyReply,
  { produces }: Endpoint,
  answer: Answer,
): Promise<FastifyReply> {
  reply.code(answer.status);
  if (answer.status === 204) return reply.send();
  if (answer.bytes !== undefined) return reply.type(String(produces)).send(answer.bytes);
  const type = String(reply.getHeader('content-type') ?? produces ?? 'application/json');
  // Fastify says so of texts alone, and a long reply is sent as bytes.
  reply.type(type.includes('charset') ? type : `${type}; charset=utf-8`);
  const isLong = answer.reply.length > LONG_REPLY_CHARS;
  return reply.send(isLong ? await bytesInTurns(answer.reply) : answer.reply);
}
