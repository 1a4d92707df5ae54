import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import fastify, { LogController } from 'fastify';
import { allEndpoints } from '@berth/shared/endpoints';
import { problem } from '@berth/shared/problems';
import type { Config } from './config.ts';
import type { Deps, Module } from './context.ts';
import { notFound, ofFramework, registerProblems, sendProblem } from './http/problems.ts';
import { makeLimiter } from './http/rate-limit.ts';
import type { Limiter } from './http/rate-limit.ts';
import { registerSession } from './http/session.ts';
import { endStreams, makeStreams } from './http/stream.ts';
import type { Streams } from './http/stream.ts';
import { registerWebsite } from './http/website.ts';
import type { WebsiteHandler } from './http/website.ts';
import type { Actor } from './lib/actor.ts';

declare module 'fastify' {
  interface FastifyInstance {
    deps: Deps;
    /** Null where rates are not limited. */
    limiter: Limiter | null;
    streams: Streams;
    /** Idempotency keys whose first request is being answered. */
    inFlight: Set<string>;
  }
  interface FastifyRequest {
    /** Null until the route's own check has read it. */
    actor: Actor | null;
    /** The body as it was sent. */
    bodyText: string;
  }
}

const PREFIX = '/api/v1';
/** As long as a request line may be: the endpoints' schemas decide what an id is. */
const MAX_PARAM_LENGTH = 16_384;
const REQUEST_TIMEOUT_MS = 30_000;

/** What every answer of the API carries: it is data, never a page, and never kept by a cache. */
const ANSWER_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The whole HTTP side: the modules below `/api/v1`, and beside them the website when given. */
export async function makeApp(
  deps: Deps,
  modules: readonly Module[],
  website: WebsiteHandler | null = null,
): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = deps.log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: trustOf(deps.config),
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    forceCloseConnections: 'idle',
    // What arrives on an open connection during a stop is still answered, and is its last.
    return503OnClosing: false,
    // An address that cannot be decoded never reaches a route.
    frameworkErrors: (error, request, reply) =>
      sendProblem(request, reply, ofFramework(error) ?? problem('request.malformed')),
  });
  app.decorate('deps', deps);
  app.decorate('limiter', deps.config.rate_limits ? makeLimiter(deps.clock) : null);
  app.decorate('streams', makeStreams());
  app.decorate('inFlight', new Set<string>());
  app.decorateRequest('actor', null);
  app.decorateRequest('bodyText', '');
  if (website !== null) registerWebsite(app, website);
  app.addHook('preClose', async () => endStreams(app.streams));
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound()));
  await registerSession(app, deps);
  await app.register((api) => registerApi(api, modules), { prefix: PREFIX });
  await app.ready();
  return app;
}

/** Fastify believes nobody for a bare number, so hops are counted here; 0 is the connection's own. */
const trustOf = ({ trust_proxy: trust }: Pick<Config, 'trust_proxy'>) =>
  typeof trust === 'number' ? (_address: string, hop: number) => hop < trust : trust && [...trust];

async function registerApi(api: FastifyInstance, modules: readonly Module[]): Promise<void> {
  api.addHook('onRequest', async (request, reply) => {
    reply.headers(ANSWER_HEADERS).header('request-id', request.id);
  });
  api.addHook('onResponse', async (request, reply) => {
    const { method, url } = request.routeOptions;
    request.log.info(
      { method, route: url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
  takeJson(api);
  registerProblems(api, allEndpoints);
  for (const one of modules) one.routes(api);
}

/** JSON is all the API reads; the text is kept to tell a repeat from another request. */
function takeJson(api: FastifyInstance): void {
  const parse = api.getDefaultJsonParser('error', 'error');
  api.removeAllContentTypeParsers();
  api.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, body, done) => {
      request.bodyText = body;
      if (body === '') done(null, undefined);
      else void parse(request, body, done);
    },
  );
}
