import type { ServerResponse } from 'node:http';
import { createBerth, isProblem, verifyWebhook, type Session } from '@berth/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicKeyOf, signedHeaders } from '../../api/src/lib/webhook-signing.ts';
import { makeServiceKey } from '../../api/src/lib/service-key.ts';
import { listOffering } from '../../api/test/rental.ts';
import { answering, json } from './answering.ts';
import { serve, type Served } from './server.ts';

let served: Served;
beforeAll(async () => {
  served = await serve({ live: true });
});
afterAll(() => served.close());

async function deviceOf(phrase: string) {
  return createBerth({ origin: served.origin }).login({ phrase, label: 'Test' });
}

test('a write whose answer is lost is sent again with the same key', async () => {
  const lost = (reply: ServerResponse) => void reply.destroy();
  const { origin, asked } = await answering(lost, json(503, {}), json(200, { unread: 0 }));
  const berth = createBerth({ origin, token: 'berth_live_x' });
  expect(await berth.notices.read({ body: { all: true } })).toEqual({ unread: 0 });
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(asked[0]?.headers.authorization).toBe('Bearer berth_live_x');
});

test('a refusal is thrown as it is, and not asked again', async () => {
  const { origin, asked } = await answering(
    json(409, {
      code: 'price.changed',
      status: 409,
      title: 'The price has changed',
      total_e9s: '2',
    }),
  );
  const refused = createBerth({ origin }).platform.about();
  const error = await refused.catch((thrown: unknown) => thrown);
  expect(isProblem(error, 'price.changed') && error.problem['total_e9s']).toBe('2');
  expect(asked).toHaveLength(1);
});

test('what does not answer is said to be unreachable', async () => {
  const { origin } = await answering();
  const error = await createBerth({ origin, retries: 0 })
    .platform.about()
    .catch((e: unknown) => e);
  expect(isProblem(error, 'service.unreachable')).toBe(true);
});

test('nothing is signed for a sign-in at another address', async () => {
  const { port } = new URL(served.origin);
  const elsewhere = createBerth({ origin: `http://localhost:${port}` });
  const error = await elsewhere
    .login({ phrase: served.renter.phrase, label: 'Test' })
    .catch((thrown: unknown) => thrown);
  expect(isProblem(error, 'origin.foreign')).toBe(true);
});

test('what is no phrase is said before anything is asked', async () => {
  const { origin, asked } = await answering();
  const error = await createBerth({ origin })
    .login({ phrase: 'one two three', label: 'Test' })
    .catch((thrown: unknown) => thrown);
  expect((error as Error).message).toMatch(/^Word \d, "\w+", is not a word|A recovery phrase has/);
  expect(asked).toHaveLength(0);
});

test('a session that has ended is renewed by the device, and one that works is kept', async () => {
  const { device, session } = await deviceOf(served.renter.phrase);
  let kept: Session | null = { ...session, token: 'ended' };
  const saved: string[] = [];
  const sessions = {
    load: () => kept,
    save: (one: Session | null) => {
      kept = one;
      saved.push(one?.token ?? '');
    },
  };
  const berth = createBerth({ origin: served.origin, device, sessions });
  expect((await berth.accounts.me()).account.handle).toBe('sailor');
  expect((await berth.accounts.me()).account.handle).toBe('sailor');
  expect(saved).toHaveLength(1);
});

test('a device that was taken off its account signs in no more', async () => {
  const { device } = await deviceOf(served.renter.phrase);
  await createBerth({ origin: served.origin, device }).logout();
  const again = createBerth({ origin: served.origin, device }).accounts.me();
  const error = await again.catch((thrown: unknown) => thrown);
  expect(isProblem(error, 'delegation.revoked')).toBe(true);
});

test('pages are walked to their end', async () => {
  for (let place = 0; place < 3; place += 1) await listOffering(served.provider);
  const { device } = await deviceOf(served.provider.phrase);
  const berth = createBerth({ origin: served.origin, device });
  const found: string[] = [];
  for await (const { id } of berth.offerings.listOwn.each({ query: { limit: 2 } })) found.push(id);
  expect(new Set(found).size).toBe(found.length);
  expect(found.length).toBeGreaterThanOrEqual(3);
});

test('events go on from the last one after a break', async () => {
  const event = (id: string) => `event: contract\nid: ${id}\ndata: {"subject_id":"c${id}"}\n\n`;
  const stream = (text: string) => (reply: ServerResponse) =>
    void reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  const broken = `: hello\n\n${event('1')}${event('2').slice(0, 20)}`;
  const { origin, asked } = await answering(stream(broken), json(503, {}), stream(event('2')));
  const seen: string[] = [];
  for await (const { subject_id } of createBerth({ origin, token: 't' }).events()) {
    seen.push(subject_id);
    if (seen.length === 2) break;
  }
  expect(seen).toEqual(['c1', 'c2']);
  expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '1']);
});

test('the stream of a Berth tells what changes, until its signal ends it', async () => {
  const stopped = new AbortController();
  const topics: string[] = [];
  const berth = createBerth({ origin: served.origin });
  const reading = (async () => {
    for await (const { topic } of berth.events({ public: true, signal: stopped.signal })) {
      topics.push(topic);
      stopped.abort();
    }
  })();
  await expect.poll(() => served.t.app.streams.open.size).toBeGreaterThan(0);
  await listOffering(served.provider);
  await reading;
  expect(topics).toEqual(['offering']);
});

test('a webhook is believed by its secret or the service’s key, and not when changed or old', async () => {
  const key = makeServiceKey('5e'.repeat(32));
  const secret = `whsec_${Buffer.from('a secret of a webhook').toString('base64')}`;
  const body = '{"type":"contract.accept","timestamp":"t","data":{}}';
  const at_s = 1_800_000_000;
  const headers = signedHeaders({ message_id: 'msg_1', at_s, body }, [secret], key);
  const message = { headers, body, key: secret, now_ms: at_s * 1_000 };
  expect((await verifyWebhook(message)).type).toBe('contract.accept');
  expect((await verifyWebhook({ ...message, key: publicKeyOf(key) })).type).toBe('contract.accept');
  const wrong = [
    { ...message, body: body.replace('accept', 'cancel') },
    { ...message, key: `${secret.slice(0, -4)}AAAA` },
    { ...message, key: publicKeyOf(makeServiceKey('5f'.repeat(32))) },
    { ...message, now_ms: (at_s + 301) * 1_000 },
    { ...message, headers: { ...headers, 'webhook-timestamp': 'none' } },
    // The signed text is the same, cut elsewhere.
    {
      ...message,
      headers: { ...headers, 'webhook-id': `msg_1.${at_s}.{"type":"contract` },
    },
  ];
  for (const one of wrong) {
    await expect(verifyWebhook(one)).rejects.toThrow(/not signed|too old|is none/);
  }
});
