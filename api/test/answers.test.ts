import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import type { Website } from '../src/http/website.ts';
import { makeTestApp } from './harness.ts';

const IMMUTABLE = 'public,max-age=31536000,immutable';

/** A page, and an asset that may be kept for ever, as the built website answers them. */
const website: Website = {
  answer(request, response) {
    if (request.url === '/missing') response.statusCode = 404;
    if (request.url === '/asset.js') response.setHeader('cache-control', IMMUTABLE);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html>');
  },
  close: async () => undefined,
};

const berth = await makeTestApp({ website, config: { public_origin: 'https://berth.example' } });
const bare = await makeTestApp({ config: { public_origin: 'https://berth.example' } });
const plain = await makeTestApp({ website, config: { public_origin: 'http://localhost:3000' } });
afterAll(() => Promise.all([berth.close(), bare.close(), plain.close()]));
const ann = await berth.plantAccount('ann');
const token = await berth.openSession(ann);
const leaving = await berth.openSession(ann);
const authorization = `Bearer ${token}`;
const stop = new AbortController();
afterAll(() => stop.abort());

async function portOf({ app }: typeof berth): Promise<number> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

async function ask(path: string, init: RequestInit = {}, from = berth): Promise<Response> {
  const address = `http://127.0.0.1:${await portOf(from)}${path}`;
  return fetch(address, { signal: stop.signal, ...init });
}
const changed = { authorization, 'idempotency-key': 'k', 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = {}) =>
  ask('/api/v1/me/saved-searches', { method: 'POST', body, headers: { ...changed, ...headers } });

/** What comes back for bytes that are no request, as a reply of `fetch` would be. */
async function send(bytes: string): Promise<Response> {
  const socket = connect(await portOf(berth), '127.0.0.1');
  socket.end(bytes);
  const [head = '', body] = (await socket.toArray()).join('').split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  return new Response(body, { status: Number(first.split(' ')[1]), headers });
}

/** Every kind of answer there is, by how it is got. */
const kinds: Record<string, [status: number, () => Promise<Response>]> = {
  'a reply': [200, () => ask('/api/v1/platform')],
  'a reply without its body': [200, () => ask('/api/v1/platform', { method: 'HEAD' })],
  'the description of the API': [200, () => ask('/api/v1/openapi.json')],
  'a download': [
    200,
    () => ask('/api/v1/me/offerings/export?format=csv', { headers: { authorization } }),
  ],
  'a stream': [200, () => ask('/api/v1/stream/public')],
  'nothing to say': [
    204,
    () =>
      ask('/api/v1/session', {
        method: 'DELETE',
        headers: { authorization: `Bearer ${leaving}`, 'idempotency-key': 'gone' },
      }),
  ],
  'a refusal by session': [401, () => ask('/api/v1/me')],
  'a refusal of a field': [422, () => post('{}')],
  'a refusal of a body': [400, () => post('{')],
  'a refusal of a type': [415, () => post('{}', { 'content-type': 'text/plain' })],
  'a refusal of a charset': [
    415,
    () => post('{}', { 'content-type': 'application/json; charset=utf-16' }),
  ],
  'a refusal of an encoding': [415, () => post('{}', { 'content-encoding': 'gzip' })],
  'a refusal of a size': [413, () => post(JSON.stringify('x'.repeat(300_000)))],
  'a refusal of a query': [400, () => ask('/api/v1/offerings?q=%ff')],
  'a missing thing': [404, () => ask('/api/v1/nothing')],
  'another method': [405, () => ask('/api/v1/platform', { method: 'PUT' })],
  'an address without meaning': [400, () => ask('/api/v1/%zz')],
  'an address of a page without meaning': [400, () => ask('/%zz')],
  'bytes that are no request': [400, () => send('hello\r\n\r\n')],
  'headers without end': [400, () => send(`GET / HTTP/1.1\r\na: ${'x'.repeat(100_000)}\r\n\r\n`)],
  'a page': [200, () => ask('/')],
  'an asset': [200, () => ask('/asset.js')],
  'a missing page': [404, () => ask('/missing')],
  'a missing page where there is no website': [404, () => ask('/missing', {}, bare)],
};

test.each(Object.entries(kinds))(
  'over HTTPS, %s is kept by nobody, is what it says, and binds to HTTPS',
  async (name, [status, get]) => {
    const answer = await get();
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': name === 'an asset' ? IMMUTABLE : 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=63072000',
    });
    const type = answer.headers.get('content-type');
    if (type !== null) expect(type).toContain('charset=utf-8');
    if (status >= 400 && !name.includes('missing page')) {
      expect(type).toBe('application/problem+json; charset=utf-8');
    }
  },
);

test('an origin without HTTPS binds nobody to it', async () => {
  for (const path of ['/', '/api/v1/platform']) {
    const { headers } = await ask(path, {}, plain);
    expect(headers.get('strict-transport-security')).toBe(null);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});
