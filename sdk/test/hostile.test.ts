/** A server that means harm, or is another's: what it answers is bounded, and gets nothing more. */
import type { ServerResponse } from 'node:http';
import { createBerth, isProblem, type ProblemCode } from '@berth/sdk';
import { expect, test } from 'vitest';
import { answering, json } from './answering.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const thrownBy = (asked: Promise<unknown>) => asked.catch((error: unknown) => error);
const expectRefused = (error: unknown, code: ProblemCode) =>
  expect(isProblem(error) && error.problem.code).toBe(code);

test('nothing is sent on to where a server redirects: no token, and no body', async () => {
  for (const status of [301, 302, 307, 308]) {
    const other = await answering(json(200, { unread: 0 }));
    const { origin } = await answering((reply) =>
      reply.writeHead(status, { location: `${other.origin}/api/v1/notices/read` }).end(),
    );
    const berth = createBerth({ origin, token: 'berth_live_x' });
    expectRefused(await thrownBy(berth.notices.read({ body: { all: true } })), 'origin.foreign');
    expect(other.asked).toHaveLength(0);
  }
});

test('events end where the server redirects', async () => {
  const other = await answering();
  const { origin } = await answering((reply) =>
    reply.writeHead(307, { location: other.origin }).end(),
  );
  const first = createBerth({ origin, token: 'berth_live_x' }).events().next();
  expectRefused(await thrownBy(first), 'origin.foreign');
  expect(other.asked).toHaveLength(0);
});

/** Writes for as long as anybody reads. */
function forEver(reply: ServerResponse, chunk: string, pause_ms = 0) {
  const isOn = () => !reply.destroyed;
  const write = () => {
    if (!isOn()) return;
    if (pause_ms > 0) setTimeout(write, pause_ms);
    else if (reply.write(chunk)) setImmediate(write);
    else reply.once('drain', write);
    if (pause_ms > 0) reply.write(chunk);
  };
  write();
}

test('an answer that does not end, and a refusal that does not, are read no further', async () => {
  for (const status of [200, 409]) {
    const { origin } = await answering((reply) => {
      reply.writeHead(status, JSON_TYPE);
      forEver(reply, 'x'.repeat(1_048_576));
    });
    const before = process.memoryUsage().heapUsed;
    expectRefused(await thrownBy(createBerth({ origin }).platform.about()), 'service.error');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(512 * 1_048_576);
  }
});

test('an answer that drips counts as lost, and is asked for again with the same key', async () => {
  const drips = (reply: ServerResponse) => {
    reply.writeHead(200, JSON_TYPE);
    forEver(reply, ' ', 20);
  };
  const { origin, asked } = await answering(drips, () => undefined, json(200, { unread: 0 }));
  const berth = createBerth({ origin, token: 't', answer_ms: 200 });
  expect(await berth.notices.read({ body: { all: true } })).toEqual({ unread: 0 });
  expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test('the signal of a call ends it, not its retries', async () => {
  const { origin, asked } = await answering(() => undefined);
  const signal = AbortSignal.timeout(100);
  const error = await thrownBy(createBerth({ origin }).platform.about(undefined, { signal }));
  expect((error as Error).name).toBe('TimeoutError');
  expect(asked).toHaveLength(1);
});

test('what is no answer of Berth is told as that', async () => {
  const page = (reply: ServerResponse) =>
    void reply.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to the hotel</h1>');
  const cut = (reply: ServerResponse) => void reply.writeHead(200, JSON_TYPE).end('{"secret":"s');
  for (const answer of [page, cut]) {
    const { origin } = await answering(answer);
    const error = await thrownBy(createBerth({ origin }).platform.about());
    expectRefused(error, 'service.error');
    expect((error as Error).message).not.toMatch(/hotel|secret/);
  }
});

test('a refusal cannot pass for one of this side, nor have a message that is no text', async () => {
  const forged = { code: 'request.invalid', status: 0, title: 'x', detail: { toString: 1 } };
  const { origin } = await answering(json(418, forged), json(400, { code: 'x.y', title: ['a'] }));
  const error = await thrownBy(createBerth({ origin }).platform.about());
  expect(isProblem(error) && error.problem).toMatchObject({ status: 418, title: 'x' });
  expect(isProblem(error) && error.problem.detail).toBeUndefined();
  expectRefused(await thrownBy(createBerth({ origin }).platform.about()), 'service.error');
});

test('pages that go round in a circle end', async () => {
  const page = (next_cursor: unknown) => json(200, { items: [{ id: 'one' }], next_cursor });
  const circles = [[page('a'), page('b'), page('a')], [page({})], [json(200, {})]];
  for (const pages of circles) {
    const { origin } = await answering(...pages);
    const walk = async () => {
      for await (const _ of createBerth({ origin, token: 't' }).offerings.listOwn.each()) continue;
    };
    expectRefused(await thrownBy(walk()), 'service.error');
  }
});

test('an event that cannot be read is passed by once, and not asked for for ever', async () => {
  const text =
    'event: contract\nid: 1\ndata: {no\n\nevent: contract\nid: 2\ndata: {"subject_id":[1]}\n\n';
  const { origin } = await answering((reply) =>
    reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(text),
  );
  const seen = [];
  for await (const { id, subject_id } of createBerth({ origin, token: 't' }).events()) {
    seen.push([id, subject_id]);
    if (seen.length === 2) break;
  }
  expect(seen).toEqual([
    ['1', ''],
    ['2', ''],
  ]);
});

test('an id that is a step in a path asks for nothing', async () => {
  const { origin, asked } = await answering(json(200, {}));
  const berth = createBerth({ origin, token: 't' });
  for (const webhook_id of ['..', '.', '']) {
    expectRefused(
      await thrownBy(berth.webhooks.remove({ params: { webhook_id } })),
      'request.invalid',
    );
  }
  expect(asked).toHaveLength(0);
});
