import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { afterAll, expect, test } from 'vitest';
import { endpoint } from '@berth/shared/endpoint';
import { makeTestApp } from '../../test/harness.ts';
import { mount } from './mount.ts';
import { SESSION_COOKIE } from './session.ts';
import { loadWebsite } from './website.ts';

const who = endpoint({
  method: 'GET',
  path: '/who',
  summary: 'Who',
  access: 'anyone',
  reply: z.object({ kind: z.string(), ip: z.string() }),
  problems: [],
});
const routes = (app: FastifyInstance) => {
  mount(app, who, async (_ctx, actor, _ask, { request }) => ({ kind: actor.kind, ip: request.ip }));
};

/** A page that shows what the API answers it in-process, and what it learns of its own address. */
async function page(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await request.berth!.inject('/api/v1/who');
  const { 'x-berth-protocol': protocol, 'x-berth-host': host } = request.headers;
  response.setHeader('content-type', 'text/html');
  response.end(JSON.stringify({ url: request.url, protocol, host, api: await reply.json() }));
}

const berth = await makeTestApp({
  modules: [{ name: 'who', routes }],
  config: { public_origin: 'https://berth.example', trust_proxy: 1 },
  website: (request, response) => void page(request, response),
});
afterAll(() => berth.close());
await berth.app.listen({ port: 0, host: '127.0.0.1' });
const { port } = berth.app.server.address() as AddressInfo;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers });

test('what is outside /api is the website, which knows the public origin', async () => {
  const reply = await get('/offerings?q=a', { 'x-berth-host': 'evil.example' });
  expect(await reply.json()).toMatchObject({
    url: '/offerings?q=a',
    protocol: 'https',
    host: 'berth.example',
  });
  expect(reply.headers.get('content-security-policy')).toBeNull();
  expect(reply.headers.get('request-id')).toMatch(/./);
});

test('what is below /api is not', async () => {
  for (const path of ['/api', '/api/v1/nothing', '/api/x']) {
    const reply = await get(path);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  }
});

test('a page calls the API in-process as the visitor who asked for it', async () => {
  const token = await berth.openSession(await berth.plantAccount('ann'));
  const headers = { cookie: `${SESSION_COOKIE}=${token}`, 'x-forwarded-for': '203.0.113.7' };
  const { api } = (await (await get('/', headers)).json()) as { api: unknown };
  expect(api).toEqual({ kind: 'account', ip: '203.0.113.7' });
});

test('a build that is not there stops the start with a sentence', async () => {
  await expect(loadWebsite('/nowhere')).rejects.toThrow(
    'WEBSITE_BUILD is "/nowhere", but no built website is there; build it',
  );
});

test('an address that cannot be decoded is refused as a problem', async () => {
  const reply = await get('/%zz');
  expect([reply.status, await reply.json()]).toMatchObject([400, { code: 'request.malformed' }]);
});
