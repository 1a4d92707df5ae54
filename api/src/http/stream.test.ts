import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { notices } from '@berth/shared/notices/endpoints';
import { makeTestApp } from '../../test/harness.ts';
import type { TestApp } from '../../test/harness.ts';
import type { Module } from '../context.ts';
import { emit } from '../db/outbox.ts';
import { insertStreamEvents } from '../db/stream-events.ts';
import { mountStream } from './stream.ts';

/** Tells the account of each news. */
const teller: Module = {
  name: 'teller',
  routes: (app: FastifyInstance) => {
    mountStream(app, notices.stream);
    mountStream(app, notices.publicStream);
  },
  consumers: [
    {
      name: 'teller',
      handlers: {
        async 'saved.changed'({ tx, clock }, { account_id, title: subject_id }) {
          const created_at = clock.now();
          await insertStreamEvents(tx, [{ account_id, topic: 'contract', subject_id, created_at }]);
          return [account_id];
        },
      },
    },
  ],
};

let berth: TestApp;
let ann: { account_id: string; key: string };
let token: string;
let address: string;
const readers: AbortController[] = [];

beforeEach(async () => {
  berth = await makeTestApp({ modules: [teller], live: true });
  await berth.app.listen({ port: 0, host: '127.0.0.1' });
  address = `http://127.0.0.1:${(berth.app.server.address() as AddressInfo).port}/api/v1/stream`;
  ann = await berth.plantAccount('ann');
  token = await berth.openSession(ann);
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.abort();
  await berth.close();
});

const tell = (to: string, ...those: string[]) =>
  berth.deps.write(async ({ tx, clock }) => {
    for (const title of those) {
      await emit(tx, 'saved.changed', { account_id: to, title, link: '' }, clock.now());
    }
  });

interface Reader {
  reply: Response;
  /** Reads on until the text has been seen, or the stream has ended; answers all there was. */
  until(text: string): Promise<string>;
  leave(): void;
}

const open = (headers: Record<string, string> = {}): Promise<Reader> =>
  openAt(address, { authorization: `Bearer ${token}`, ...headers });

async function openAt(at: string, headers: Record<string, string> = {}): Promise<Reader> {
  const control = new AbortController();
  readers.push(control);
  const reply = await fetch(at, { headers, signal: control.signal });
  const source = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  let all = '';
  return {
    reply,
    leave: () => {
      control.abort();
    },
    async until(text) {
      while (!all.includes(text)) {
        const { done, value } = await source.read();
        if (done) return `${all}(end)`;
        all += value;
      }
      return all;
    },
  };
}

const idsIn = (text: string) =>
  [...text.matchAll(/^id: (\d+)\nevent/gm)].map(([, id]) => Number(id));
const subjectsIn = (text: string) =>
  [...text.matchAll(/"subject_id":"(\w*)"/g)].map(([, subject]) => subject);

describe('a stream', () => {
  test('tells an account of what concerns it, as it is committed, and nobody else', async () => {
    const { reply, until } = await open();
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('request-id')).toMatch(/./);
    await until('retry: 2000\n');
    await tell('acc_other', 'x');
    await tell(ann.account_id, 'a', 'b');
    const text = await until('"b"');
    expect(subjectsIn(text)).toEqual(['a', 'b']);
    expect(text).toContain('event: contract\ndata: {"subject_id":"a"}\n\n');
  });

  test('goes on where it broke and loses nothing', async () => {
    const first = await open();
    await tell(ann.account_id, 'a');
    const [last] = idsIn(await first.until('"a"')).slice(-1);
    first.leave();
    await tell(ann.account_id, 'b', 'c');
    await tell('', 'everybody');
    const again = await open({ 'last-event-id': String(last) });
    expect(subjectsIn(await again.until('"everybody"'))).toEqual(['b', 'c', 'everybody']);
  });

  test('that begins names the place to resume from', async () => {
    await tell(ann.account_id, 'a');
    const before = await open();
    await before.until('retry');
    await tell(ann.account_id, 'b');
    await before.until('"b"');
    const fresh = await open();
    expect(await fresh.until('id: 2\n\n')).not.toContain('event');
  });

  test.each(['nonsense', '999', '-1'])('that cannot go on from %s says reset', async (id) => {
    const { until } = await open({ 'last-event-id': id });
    expect(await until('reset')).toContain('event: reset');
  });

  test('that comes back after its events were erased says reset', async () => {
    const { until } = await open();
    await tell(ann.account_id, 'a', 'b', 'c');
    const [first = 0] = idsIn(await until('"c"'));
    await berth.deps.write(({ tx }) =>
      tx
        .deleteFrom('stream_events')
        .where('id', '<=', first + 1)
        .execute(),
    );
    const late = await open({ 'last-event-id': String(first) });
    expect(await late.until('reset')).toContain('event: reset');
    const inTime = await open({ 'last-event-id': String(first + 1) });
    expect(subjectsIn(await inTime.until('"c"'))).toEqual(['c']);
  });

  test('gives a thousand events in order to a slow reader', async () => {
    const { until } = await open();
    const names = Array.from({ length: 1000 }, (_, n) => `n${n}`);
    await tell(ann.account_id, ...names);
    expect(subjectsIn(await until('"n999"'))).toEqual(names);
  });

  test('ends when its session is revoked', async () => {
    const { until } = await open();
    await until('retry');
    await berth.deps.write(({ tx, clock }) =>
      tx.updateTable('sessions').set({ revoked_at: clock.now() }).execute(),
    );
    berth.deps.hub.publish([ann.account_id]);
    expect(await until('never')).toContain('(end)');
  });

  test('ends when the process stops, and leaves nothing open', async () => {
    const { until } = await open();
    await until('retry');
    const closing = berth.app.close();
    expect(await until('never')).toContain('(end)');
    await closing;
    expect(berth.app.streams.open.size).toBe(0);
    expect(berth.deps.hub.size()).toBe(0);
  });

  test('needs a session, and an account may not open too many', async () => {
    expect((await fetch(address)).status).toBe(401);
    const opened = await Promise.all(Array.from({ length: 21 }, () => open()));
    const statuses = opened.map(({ reply }) => reply.status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  });

  test('that is public tells of what everybody may know, and of no account', async () => {
    const { reply, until } = await openAt(`${address}/public`);
    expect(reply.status).toBe(200);
    await until('retry');
    await tell(ann.account_id, 'hers');
    await tell('', 'offering');
    expect(subjectsIn(await until('"offering"'))).toEqual(['offering']);
  });

  test('that is public goes on where it broke, and a network may not open too many', async () => {
    const first = await openAt(`${address}/public`);
    await first.until('retry');
    await tell('', 'a');
    const [last] = idsIn(await first.until('"a"')).slice(-1);
    first.leave();
    await tell('', 'b');
    const again = await openAt(`${address}/public`, { 'last-event-id': String(last) });
    expect(subjectsIn(await again.until('"b"'))).toEqual(['b']);
    const { open: counted } = berth.app.streams;
    await vi.waitFor(() => expect([...counted.values()].map(({ size }) => size)).toEqual([1]));
    const opened = await Promise.all(Array.from({ length: 99 }, () => openAt(`${address}/public`)));
    expect(opened.map(({ reply }) => reply.status)).toEqual(opened.map(() => 200));
    expect((await openAt(`${address}/public`)).reply.status).toBe(429);
    // One who signs in is no further visitor.
    expect((await open()).reply.status).toBe(429);
  });
});
