import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import * as z from 'zod';
import { afterAll, expect, test } from 'vitest';
import { endpoint } from '@berth/shared/endpoint';
import { makeTestApp } from '../../test/harness.ts';
import { mount } from './mount.ts';
import { SESSION_COOKIE } from './session.ts';
import { openWebsite } from './website-thread.ts';

const LONG = 'All work and no play. '.repeat(200);

const who = endpoint({
  method: 'GET',
  path: '/who',
  summary: 'Who',
  access: 'anyone',
  reply: z.object({ kind: z.string(), ip: z.string(), text: z.string() }),
  problems: [],
});
const routes = (app: FastifyInstance) => {
  mount(app, who, async (_ctx, actor, _ask, { request }) => {
    return { kind: actor.kind, ip: request.ip, text: LONG };
  });
};

/** A build whose pages show what the API answers them, and which can stand still and die. */
const BUILD = `
import { existsSync } from 'node:fs';
export async function handler(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://here');
  if (pathname === '/die') process.exit(1);
  const reply = await request.berth.inject('/api/v1/who');
  if (pathname === '/still') while (!existsSync(searchParams.get('until')));
  response.setHeader('content-type', 'text/html');
  response.setHeader('etag', '"one"');
  const { 'x-berth-protocol': protocol, 'x-berth-host': host } = request.headers;
  const { text, ...api } = JSON.parse(reply.text);
  response.end(JSON.stringify({ url: request.url, protocol, host, api, text }));
}`;
const folder = mkdtempSync(join(tmpdir(), 'berth-test-build-'));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
writeFileSync(join(folder, 'handler.js'), BUILD);

const berth = await makeTestApp({
  modules: [{ name: 'who', routes }],
  config: { public_origin: 'https://berth.example', trust_proxy: 1 },
  website: await openWebsite(folder, pino({ level: 'silent' })),
});
afterAll(async () => {
  await berth.close();
  rmSync(folder, { recursive: true });
});
await berth.app.listen({ port: 0, host: '127.0.0.1' });
const { port } = berth.app.server.address() as AddressInfo;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers });

/** The bytes as they came. */
function raw(path: string, headers: Record<string, string>) {
  return new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    httpGet({ port, path, headers }, (reply) => {
      buffer(reply).then((body) => resolve({ headers: reply.headers, body }), reject);
    }).on('error', reject);
  });
}

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

test('a page calls the API in-process as the visitor who asked for it, whatever it says itself', async () => {
  const token = await berth.openSession(await berth.plantAccount('ann'));
  const headers = { cookie: `${SESSION_COOKIE}=${token}`, 'x-forwarded-for': '203.0.113.7' };
  const asked = Array.from({ length: 8 }, (_, n) =>
    get('/', n % 2 === 0 ? { ...headers, 'x-berth-visit': '1' } : {}),
  );
  const answers = await Promise.all((await Promise.all(asked)).map((reply) => reply.json()));
  const [own, other] = [
    { kind: 'account', ip: '203.0.113.7' },
    { kind: 'anonymous', ip: '127.0.0.1' },
  ];
  expect(answers.map((answer) => (answer as { api: unknown }).api)).toEqual(
    asked.map((_, n) => (n % 2 === 0 ? own : other)),
  );
});

test('the API answers while a page is being rendered and holds its thread', async () => {
  const until = join(folder, randomUUID());
  const page = get(`/still?until=${until}`);
  // Were they one thread, this answer would wait for the page, which waits for what comes after it.
  for (let n = 0; n < 5; n += 1) expect((await get('/api/v1/who')).status).toBe(200);
  writeFileSync(until, '');
  expect((await page).status).toBe(200);
});

test('a thread that dies answers those who wait, and another takes its place', async () => {
  expect((await get('/die')).status).toBe(503);
  await expect.poll(async () => (await get('/')).status, { timeout: 30_000 }).toBe(200);
});

test('pages and what is read from the API are compressed as a browser takes it', async () => {
  for (const path of ['/', '/api/v1/who']) {
    const plain = await raw(path, {});
    const brotli = await raw(path, { 'accept-encoding': 'gzip, deflate, br' });
    const gzipped = await raw(path, { 'accept-encoding': 'br;q=0, gzip' });
    expect(plain.headers).toMatchObject({ vary: 'accept-encoding' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    expect(gunzipSync(gzipped.body)).toEqual(plain.body);
    expect(brotli.body.length).toBeLessThan(plain.body.length / 2);
  }
});

test('a build that is not there stops the start with a sentence', async () => {
  await expect(openWebsite('/nowhere', pino({ level: 'silent' }))).rejects.toThrow(
    'WEBSITE_BUILD is "/nowhere", but no built website is there; build it',
  );
});

test('an address that cannot be decoded is refused as a problem', async () => {
  const reply = await get('/%zz');
  expect([reply.status, await reply.json()]).toMatchObject([400, { code: 'request.malformed' }]);
});
