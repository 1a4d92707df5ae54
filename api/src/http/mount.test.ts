import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { afterAll, describe, expect, test } from 'vitest';
import { endpoint } from '@berth/shared/endpoint';
import { amountSchema } from '@berth/shared/fields';
import { problem } from '@berth/shared/problems';
import { platform } from '@berth/shared/platform/endpoints';
import { makeTestApp } from '../../test/harness.ts';
import { emit } from '../db/outbox.ts';
import { readKey } from './idempotency.ts';
import { mount } from './mount.ts';

const things = {
  list: endpoint({
    method: 'GET',
    path: '/things',
    summary: 'List',
    access: 'anyone',
    query: z.object({ limit: z.coerce.number().int().max(10).optional() }),
    reply: z.object({ items: z.array(z.string()), next_cursor: z.string().nullable() }),
    problems: [],
  }),
  get: endpoint({
    method: 'GET',
    path: '/things/:id',
    summary: 'Get',
    access: 'anyone',
    params: z.object({ id: z.string().regex(/^[a-z]+$/) }),
    reply: z.object({ id: z.string(), price_e9s: amountSchema }),
    problems: [],
  }),
  add: endpoint({
    method: 'POST',
    path: '/things',
    summary: 'Add',
    access: 'contracts.rent',
    body: z.object({ name: z.string().max(5), parts: z.array(z.object({ n: z.number() })).max(5) }),
    reply: z.object({ count: z.number(), price_e9s: amountSchema }),
    problems: [],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/things/:id',
    summary: 'Remove',
    access: 'account.write',
    params: z.object({ id: z.string() }),
    reply: z.void(),
    problems: [],
  }),
  knock: endpoint({
    method: 'POST',
    path: '/knock',
    summary: 'Knock',
    access: 'anyone',
    reply: z.object({ who: z.string() }),
    problems: [],
  }),
};

/** A held `add` waits here, so that a test can look at what is in flight. */
let hold: Promise<undefined> | null = null;

function routes(app: FastifyInstance): void {
  mount(app, things.list, async () => ({ items: ['a'], next_cursor: 'c 1' }));
  mount(app, things.get, async (_ctx, _actor, { params: { id } }) => {
    if (id === 'hidden') throw problem('request.not_found', 'It is there, but not for you');
    if (id === 'broken') throw new Error('a secret of the inside');
    return { id, price_e9s: 5n, secret: 'x' };
  });
  mount(app, things.add, async ({ tx, clock }, _actor, { body }) => {
    await emit(tx, 'notices.read', { account_id: body.name }, clock.now());
    if (hold !== null) await hold;
    if (body.name === 'bad') throw problem('price.changed', 'Now more', { total_e9s: 7n });
    const { count } = await tx
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return { count, price_e9s: 2n };
  });
  mount(app, things.remove, async () => undefined);
  mount(app, things.knock, async (_ctx, actor) => ({ who: actor.kind }));
}

const berth = await makeTestApp({ modules: [{ name: 'things', routes }] });
afterAll(() => berth.close());
const token = await berth.openSession(await berth.plantAccount('ann'));
const other = await berth.openSession(await berth.plantAccount('bob'));

const countRows = async () => {
  const { length } = await berth.deps.db.selectFrom('outbox').select('id').execute();
  return length;
};
const body = (name = 'a') => ({ name, parts: [] });

describe('an answer', () => {
  test('has only what the schema names, and amounts as decimal text', async () => {
    const { status, body: got } = await berth.call(things.get, { params: { id: 'a' } });
    expect(status).toBe(200);
    expect(got).toEqual({ id: 'a', price_e9s: '5' });
  });

  test('names itself, is kept by nobody, and is nothing a browser runs', async () => {
    const { headers } = await berth.call(things.get, { params: { id: 'a' } });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers['request-id']).toMatch(/^[\w-]{20,}$/);
  });

  test('that is a page links to the next one', async () => {
    const { headers } = await berth.call(things.list, { query: { limit: '3' } });
    expect(headers['link']).toBe('</api/v1/things?limit=3&cursor=c+1>; rel="next"');
  });

  test('without a body is 204', async () => {
    const { status, body: got } = await berth.call(
      things.remove,
      { params: { id: 'a' } },
      { token },
    );
    expect([status, got]).toEqual([204, '']);
  });
});

describe('a refusal', () => {
  const post = (payload: string, headers = {}) =>
    berth.app.inject({
      method: 'POST',
      url: '/api/v1/things',
      payload,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'k',
        ...headers,
      },
    });

  test('of fields points at each of them', async () => {
    const answer = await berth.call(
      things.add,
      { body: { name: 'too long', parts: [{ n: 1 }, { n: 'x' as unknown as number }] } },
      { token },
    );
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.problem).toMatchObject({
      type: '/docs/problems/request.invalid',
      code: 'request.invalid',
      errors: [{ pointer: '/name' }, { pointer: '/parts/1/n' }],
    });
    const query = await berth.call(things.list, { query: { limit: 11 } });
    expect(query.problem.errors).toMatchObject([{ pointer: '/query/limit' }]);
  });

  test('of what cannot be read says how to send it', async () => {
    const xml = await post('<a/>', { 'content-type': 'application/xml' });
    const text = await post('{}', { 'content-type': 'text/plain' });
    const huge = await post(JSON.stringify({ name: 'x'.repeat(300_000) }));
    const address = await berth.app.inject('/api/v1/%zz');
    const proto = await post('{"__proto__":{}}');
    const answers = [address, await post('{'), proto, await post(''), xml, text, huge];
    expect(answers.map((one) => [one.statusCode, one.json<{ code: string }>().code])).toEqual([
      [400, 'request.malformed'],
      [400, 'request.malformed'],
      [400, 'request.malformed'],
      [422, 'request.invalid'],
      [415, 'request.unsupported_media_type'],
      [415, 'request.unsupported_media_type'],
      [413, 'request.too_large'],
    ]);
  });

  test('of what is missing, hidden or misspelt is the same, byte for byte', async () => {
    const urls = ['/nothing', '/things/hidden', '/things/NO-ID', '/things/hidden/x'];
    urls.push(`/things/${'X'.repeat(500)}`);
    const answers = await Promise.all(urls.map((url) => berth.app.inject(`/api/v1${url}`)));
    const seen = answers.map(({ statusCode, payload, headers }) => {
      const { 'request-id': _id, date: _date, ...rest } = headers;
      return JSON.stringify([statusCode, payload, rest]);
    });
    expect([...new Set(seen)]).toHaveLength(1);
    expect(answers[0]?.statusCode).toBe(404);
  });

  test('of a method names those that the address takes', async () => {
    const answer = await berth.app.inject({ method: 'POST', url: '/api/v1/platform' });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, platform.about.method]);
  });

  test('by our own fault tells nothing of the inside', async () => {
    const answer = await berth.call(things.get, { params: { id: 'broken' } });
    expect([answer.status, answer.problem.code]).toEqual([500, 'service.error']);
    expect(JSON.stringify(answer.problem)).not.toContain('secret');
  });

  test('carries amounts as decimal text, and changes nothing', async () => {
    const before = await countRows();
    const answer = await berth.call(things.add, { body: body('bad') }, { token });
    expect(answer.problem).toMatchObject({ code: 'price.changed', total_e9s: '7' });
    expect(await countRows()).toBe(before);
  });

  test('comes before the body is read, for who may not', async () => {
    const answer = await post('{', { authorization: '' });
    expect(answer.statusCode).toBe(401);
  });
});

describe('an Idempotency-Key', () => {
  const add = (idempotency_key: string, as = token, name = 'a') =>
    berth.call(things.add, { body: body(name) }, { token: as, idempotency_key });

  test('is needed to change anything with a session, and only then', async () => {
    const missing = await berth.app.inject({
      method: 'DELETE',
      url: '/api/v1/things/a',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([missing.statusCode, missing.json<{ code: string }>().code]).toEqual([
      400,
      'idempotency.missing',
    ]);
    const knock = await berth.app.inject({ method: 'POST', url: '/api/v1/knock' });
    expect(knock.json()).toEqual({ who: 'anonymous' });
  });

  test('is taken quoted or bare, and refused when it is no key', () => {
    expect(readKey('"8e03978e-40d5"')).toBe('8e03978e-40d5');
    expect(readKey('8e03978e-40d5')).toBe('8e03978e-40d5');
    for (const bad of ['', '""', 'a b', 'é', 'x'.repeat(256), undefined]) {
      expect(() => readKey(bad)).toThrow('Idempotency-Key');
    }
  });

  test('sent again gets the same answer and does nothing', async () => {
    const before = await countRows();
    const first = await add('again');
    const second = await add('"again"');
    expect(second.body).toEqual(first.body);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual(
      [undefined, 'true'],
    );
    expect(await countRows()).toBe(before + 1);
    const gone = { token, idempotency_key: 'gone' };
    expect((await berth.call(things.remove, { params: { id: 'a' } }, gone)).status).toBe(204);
    expect((await berth.call(things.remove, { params: { id: 'a' } }, gone)).status).toBe(204);
  });

  test('belongs to one account and one request', async () => {
    const before = await countRows();
    await add('mine');
    expect((await add('mine', token, 'b')).problem.code).toBe('idempotency.reused');
    expect((await add('mine', other)).status).toBe(200);
    expect(await countRows()).toBe(before + 2);
  });

  test('of a refused request is free again', async () => {
    expect((await add('retry', token, 'bad')).status).toBe(409);
    expect((await add('retry', token, 'good')).status).toBe(200);
  });

  test('says so while its first request is being answered', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    hold = promise;
    const first = add('held');
    const second = await add('held');
    resolve(undefined);
    hold = null;
    expect([second.status, second.problem.code]).toEqual([409, 'idempotency.in_flight']);
    expect(second.headers['retry-after']).toBe('1');
    expect((await first).status).toBe(200);
  });

  test('50 times at once has one effect', async () => {
    const before = await countRows();
    const answers = await Promise.all(Array.from({ length: 50 }, () => add('fifty')));
    const kinds = answers.map((one) => (one.status === 200 ? 200 : one.problem.code));
    expect(kinds.filter((kind) => kind !== 200 && kind !== 'idempotency.in_flight')).toEqual([]);
    expect(kinds).toContain(200);
    expect(await countRows()).toBe(before + 1);
  });
});

test('a request over the wire is answered as one in the process', async () => {
  await berth.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = berth.app.server.address() as AddressInfo;
  const status = await new Promise((resolve, reject) => {
    httpRequest({ port, path: '/api/v1/things/a' }, (reply) => resolve(reply.statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});
