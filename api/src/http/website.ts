import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  prepareWebsiteEnvironment,
  WEBSITE_HOST_HEADER,
  WEBSITE_PROTOCOL_HEADER,
} from '../config.ts';
import { answerHeaders } from './headers.ts';
import { startError } from '../lib/start-error.ts';

/** What the website's build exports: the handler of a plain node server. */
export type WebsiteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/** Like `fetch`, without a network: path and query of the API, as the visitor who asks. */
export type Inject = (
  address: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<Response>;

declare module 'node:http' {
  interface IncomingMessage {
    /** Set on requests that the website answers. */
    berth?: { inject: Inject };
  }
}

/** What an in-process call has of the visitor's own request. */
const FORWARDED = ['cookie', 'origin', 'sec-fetch-site', 'user-agent'] as const;
const NO_BODY = new Set([101, 204, 205, 304]);

export async function loadWebsite(folder: string): Promise<WebsiteHandler> {
  const file = join(folder, 'handler.js');
  if (!existsSync(file)) {
    throw startError(
      `WEBSITE_BUILD is "${folder}", but no built website is there; build it with ` +
        '"make start", or serve the API alone with WEBSITE_BUILD=off.',
    );
  }
  prepareWebsiteEnvironment();
  const { handler } = (await import(pathToFileURL(file).href)) as { handler: WebsiteHandler };
  return handler;
}

/** Gives every request outside `/api` to the website, before Fastify looks at it. */
export function registerWebsite(app: FastifyInstance, website: WebsiteHandler): void {
  const origin = new URL(app.deps.config.public_origin);
  const headers = Object.entries(answerHeaders(app.deps.config));
  app.addHook('onRequest', async (request, reply) => {
    if (request.url === '/api' || request.url.startsWith('/api/')) return;
    reply.hijack();
    const { raw } = request;
    raw.headers[WEBSITE_PROTOCOL_HEADER] = origin.protocol.slice(0, -1);
    raw.headers[WEBSITE_HOST_HEADER] = origin.host;
    raw.berth = { inject: makeInject(app, request) };
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
    reply.raw.setHeader('request-id', request.id);
    website(raw, reply.raw, () => {
      reply.raw.writeHead(404).end();
    });
  });
}

function makeInject(app: FastifyInstance, request: FastifyRequest): Inject {
  return async (address, { method = 'GET', headers = {}, body } = {}) => {
    const forwarded = FORWARDED.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const reply = await app.inject({
      method,
      url: address,
      headers: { ...(Object.fromEntries(forwarded) as Record<string, string>), ...headers },
      remoteAddress: request.ip,
      ...(body === undefined ? {} : { payload: body }),
    });
    const answered = Object.entries(reply.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return new Response(NO_BODY.has(reply.statusCode) ? null : reply.payload, {
      status: reply.statusCode,
      headers: answered,
    });
  };
}
