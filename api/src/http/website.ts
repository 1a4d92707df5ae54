import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WEBSITE_HOST_HEADER, WEBSITE_PROTOCOL_HEADER } from '../config.ts';
import { answerHeaders } from './headers.ts';

export interface ApiAnswer {
  status: number;
  text: string;
}

/** Asks the API without a network, at its path and query, as the visitor who asks. */
export type Inject = (
  address: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<ApiAnswer>;

/** What answers every request outside `/api`. */
export interface Website {
  /** With these headers in place of the request's own. */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    headers: IncomingHttpHeaders,
    inject: Inject,
  ): void;
  close(): Promise<void>;
}

/** What an in-process call has of the visitor's own request. */
const FORWARDED = ['cookie', 'origin', 'sec-fetch-site', 'user-agent'] as const;

/** Whether a request is the API's to answer. */
export const isOfApi = (url: string): boolean => url === '/api' || url.startsWith('/api/');

/** Gives every request outside `/api` to the website, before Fastify looks at it. */
export function registerWebsite(app: FastifyInstance, website: Website): void {
  const origin = new URL(app.deps.config.public_origin);
  const always = Object.entries(answerHeaders(app.deps.config));
  app.addHook('onClose', async () => website.close());
  app.addHook('onRequest', async (request, reply) => {
    if (isOfApi(request.url)) return;
    reply.hijack();
    const headers = {
      ...request.raw.headers,
      [WEBSITE_PROTOCOL_HEADER]: origin.protocol.slice(0, -1),
      [WEBSITE_HOST_HEADER]: origin.host,
    };
    for (const [name, value] of always) reply.raw.setHeader(name, value);
    reply.raw.setHeader('request-id', request.id);
    website.answer(request.raw, reply.raw, headers, makeInject(app, request));
  });
}

function makeInject(app: FastifyInstance, request: FastifyRequest): Inject {
  return async (address, { method = 'GET', headers = {}, body } = {}) => {
    const forwarded = FORWARDED.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const { statusCode: status, payload: text } = await app.inject({
      method: method as 'GET',
      url: address,
      headers: { ...headers, ...(Object.fromEntries(forwarded) as Record<string, string>) },
      remoteAddress: request.ip,
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status, text };
  };
}
