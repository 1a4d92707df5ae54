import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify, { LogController } from 'fastify';
import { allEndpoints } from '@berth/shared/endpoints';
import { problem, type ProblemCode } from '@berth/shared/problems';
import type { Config } from './config.ts';
import type { Deps, Module } from './context.ts';
import { compressAnswers } from './http/compress.ts';
import { answerHeaders, answerNoRequest, DATA_HEADERS } from './http/headers.ts';
import { takeJson } from './http/json.ts';
import { notFound, ofFramework, registerProblems, sendProblem } from './http/problems.ts';
import { limiterOf, networkOf } from './http/rate-limit.ts';
import type { Limiter } from './http/rate-limit.ts';
import { registerSession } from './http/session.ts';
import { endStreams, makeStreams } from './http/stream.ts';
import type { Streams } from './http/stream.ts';
import { isOfApi, registerWebsite } from './http/website.ts';
import type { Website } from './http/website.ts';
import { accountOf, type Actor } from './lib/actor.ts';

declare module 'fastify' {
  interface FastifyInstance {
    deps: Deps;
    /** Null where rates are not limited. */
    limiter: Limiter | null;
    streams: Streams;
    /** Idempotency keys whose first request is being answered. */
    inFlight: Set<string>;
    /** Answers kept since it was last looked whether an account has too many, by account. */
    answersOf: Map<string, number>;
  }
  interface FastifyRequest {
    /** Null until its token has been read, and where that is refused. */
    actor: Actor | null;
    /** Why it was refused; null where it was not. */
    refusal: ProblemCode | null;
    /** The body as it was sent. */
    bodyText: string;
  }
}

const PREFIX = '/api/v1';
/** As long as a request line may be: the endpoints' schemas decide what an id is. */
const MAX_PARAM_LENGTH = 16_384;
const REQUEST_TIMEOUT_MS = 30_000;

/** The whole HTTP side: the modules below `/api/v1`, and beside them the website when given. */
export async function makeApp(
  deps: Deps,
  modules: readonly Module[],
  website: Website | null = null,
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
    clientErrorHandler: answerNoRequest(deps.config),
    // An address that cannot be decoded never reaches a route.
    frameworkErrors: (error, request, reply) => {
      dress(request, reply);
      sendProblem(request, reply, ofFramework(error) ?? problem('request.malformed'));
      logAnswer(request, reply);
    },
  });
  const headers = { ...answerHeaders(deps.config), ...DATA_HEADERS };
  const dress = (request: FastifyRequest, reply: FastifyReply) =>
    reply.headers(headers).header('request-id', request.id);
  app.addHook('onRequest', async (request, reply) => void dress(request, reply));
  app.addHook('onResponse', async (request, reply) => {
    if (website === null || isOfApi(request.url)) logAnswer(request, reply);
  });
  app.decorate('deps', deps);
  app.decorate('limiter', deps.config.rate_limits ? limiterOf(deps) : null);
  app.decorate('streams', makeStreams());
  app.decorate('inFlight', new Set<string>());
  app.decorate('answersOf', new Map<string, number>());
  app.decorateRequest('actor', null);
  app.decorateRequest('refusal', null);
  app.decorateRequest('bodyText', '');
  if (website !== null) registerWebsite(app, website);
  app.addHook('preClose', async () => endStreams(app.streams));
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound()));
  await registerSession(app, deps);
  await app.register((api) => registerApi(api, modules), { prefix: PREFIX });
  await app.ready();
  return app;
}

/** Fastify believes nobody for a bare number, so hops are counted here; 0 is the connection's. */
const trustOf = ({ trust_proxy: trust }: Pick<Config, 'trust_proxy'>) =>
  typeof trust === 'number' ? (_address: string, hop: number) => hop < trust : trust && [...trust];

async function registerApi(api: FastifyInstance, modules: readonly Module[]): Promise<void> {
  compressAnswers(api);
  takeJson(api);
  registerProblems(api, allEndpoints);
  for (const one of modules) one.routes?.(api);
}

const tokenIn = (actor: Actor | null) =>
  actor?.kind === 'account' && actor.token !== null && { token_id: actor.token.id };

/** Says who asked what and how it was answered, refusals too; never what was sent. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { method, url: route } = request.routeOptions;
  request.log.info(
    {
      method,
      route,
      status: reply.statusCode,
      ...(request.refusal !== null && { code: request.refusal }),
      // One that reached no route was not looked at so far.
      account_id: request.actor ? accountOf(request.actor) : null,
      ...tokenIn(request.actor),
      network: networkOf(request.ip),
      ms: Math.round(reply.elapsedTime),
    },
    'answered',
  );
}
