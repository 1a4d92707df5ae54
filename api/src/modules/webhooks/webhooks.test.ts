import { createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { notices } from '@berth/shared/notices/endpoints';
import { offerings } from '@berth/shared/offerings/endpoints';
import { DAY_MS, HOUR_MS, isoAt, MINUTE_MS, SECOND_MS } from '@berth/shared/time';
import { webhooks } from '@berth/shared/webhooks/endpoints';
import { eventTypes } from '@berth/shared/webhooks/events';
import { MAX_TRIES, MAX_WEBHOOKS } from '@berth/shared/webhooks/limits';
import { webhookEvent, type WebhookInput } from '@berth/shared/webhooks/schemas';
import { dumpDatabase } from '../../../test/dump.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { onNewDevice, signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, move, requestRental } from '../../../test/rental.ts';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let t: TestApp;
let ada: Client;
let grace: Client;
let receiver: Server;
let origin: string;
let received: Received[] = [];
let status: (path: string) => number = () => 204;
let names = 0;

beforeAll(async () => {
  receiver = createServer((request, reply) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body });
      reply.writeHead(status(path)).end('noted');
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  t = await makeTestApp({ config: { webhook_loopback: true } });
  // Consumers begin at the end of what there is.
  await t.drain();
});
afterAll(async () => {
  await t.close();
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(async () => {
  received = [];
  status = () => 204;
  names += 1;
  [ada, grace] = [await signUp(t, `ada-${names}`), await signUp(t, `grace-${names}`)];
});

const input = (change: Partial<WebhookInput> = {}): WebhookInput => ({
  url: `${origin}/in-${names}`,
  description: '',
  types: eventTypes.filter((type) => type !== 'notice.made'),
  ...change,
});
const make = (client: Client, change?: Partial<WebhookInput>) =>
  client.ask(webhooks.create, { body: input(change) });

/** News reach the queue, and what is due is sent, until nothing is. */
const settle = async () => {
  do await t.drain();
  while ((await t.sweep()) > 0);
};
/** What came to the endpoint that `make` makes in this test. */
const mine = () => received.filter(({ path }) => path === `/in-${names}`);
const typesOf = (some = mine()) =>
  some.map(({ body }) => (JSON.parse(body) as { type: string }).type);
const sent = async (client: Client, webhook_id: string, query = {}) =>
  (await client.ask(webhooks.deliveries, { params: { webhook_id }, query })).items;
const test_ = (client: Client, webhook_id: string) =>
  client.ask(webhooks.test, { params: { webhook_id } });
const later = async (ms: number) => {
  t.clock.advance(ms);
  [ada, grace] = [await signIn(t, onNewDevice(ada)), await signIn(t, onNewDevice(grace))];
};

/** What a receiver checks with the official library, and with the key by itself. */
function check(secret: string, public_key: string, { headers, body }: Received): unknown {
  const given = headers as Record<string, string>;
  const [id, at, signature] = ['id', 'timestamp', 'signature'].map(
    (one) => given[`webhook-${one}`],
  );
  const [, byKey = ''] = /v1a,(\S+)/.exec(signature ?? '') ?? [];
  const raw = Buffer.from(public_key.slice('whpk_'.length), 'base64');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const signed = Buffer.from(`${id}.${at}.${body}`);
  expect(verify(null, signed, key, Buffer.from(byKey, 'base64'))).toBe(true);
  const wall_ms = Date.now;
  Date.now = () => t.clock.nowMs();
  try {
    return new Webhook(secret).verify(body, given);
  } finally {
    Date.now = wall_ms;
  }
}

describe('an event', () => {
  test('is sent for each entry to both parties, signed as the official library verifies', async () => {
    const [ours, theirs] = [
      await make(ada, { url: `${origin}/renter` }),
      await make(grace, { url: `${origin}/provider`, types: ['contract.accept'] }),
    ];
    const offering = await listOffering(grace);
    const { contract_id } = await requestRental(ada, offering);
    await move(grace, contract_id, 'accept');
    await settle();
    const renters = received.filter(({ path }) => path === '/renter');
    expect(typesOf(renters)).toEqual(['contract.request', 'contract.submit', 'contract.accept']);
    const [, , accepted] = renters;
    expect(check(ours.secret, ours.webhook.public_key, accepted!)).toEqual({
      type: 'contract.accept',
      timestamp: t.clock.now(),
      data: {
        contract_id,
        seq: 2,
        action: 'accept',
        state: 'accepted',
        by: 'provider',
        side: 'renter',
        url: `${t.deps.config.public_origin}/api/v1/contracts/${contract_id}`,
      },
    });
    const providers = received.filter(({ path }) => path === '/provider');
    expect(typesOf(providers)).toEqual(['contract.accept']);
    check(theirs.secret, theirs.webhook.public_key, providers[0]!);
    expect(() => check(theirs.secret, ours.webhook.public_key, accepted!)).toThrow();
    for (const { body } of received) webhookEvent.parse(JSON.parse(body));
    const [last] = await sent(ada, ours.webhook.id);
    expect(last).toMatchObject({ type: 'contract.accept', state: 'delivered', tries: 1 });
    const params = { webhook_id: ours.webhook.id, delivery_id: last!.id };
    const details = await ada.ask(webhooks.delivery, { params });
    expect(details.attempts).toEqual([
      expect.objectContaining({ url: `${origin}/renter`, status: 204, text: '' }),
    ]);
    expect(details.body).toBe(accepted!.body);
  });

  test('is sent for a change of one’s own offering that others can see, and to nobody else', async () => {
    await make(ada, { url: `${origin}/stranger` });
    const { webhook } = await make(grace, { types: ['offering.changed'] });
    const offering = await listOffering(grace, { visibility: 'unlisted' });
    await settle();
    expect(new Set(typesOf())).toEqual(new Set(['offering.changed']));
    expect(received.filter(({ path }) => path === '/stranger')).toEqual([]);
    expect(mine()[0]!.body).toContain(offering.id);
    expect(webhook.types).toEqual(['offering.changed']);
  });
});

test('an event is sent for each notice that the account gets', async () => {
  await make(grace, { types: ['notice.made'] });
  await settle();
  t.clock.advance(1);
  await requestRental(ada, await listOffering(grace));
  await settle();
  const all = (await grace.ask(notices.list, {})).items;
  // It is told nothing of itself.
  const items = all.filter(({ kind }) => kind !== 'webhook.made');
  expect(items).toHaveLength(all.length - 1);
  const { data } = JSON.parse(mine()[0]!.body) as { data: Record<string, string> };
  expect(typesOf()).toEqual(items.map(() => 'notice.made'));
  expect(data).toMatchObject({ notice_id: items[0]!.id, title: items[0]!.title });
});

describe('an endpoint', () => {
  test('is https on the public Internet, and this machine only where that is set', async () => {
    for (const url of ['http://example.org/', 'https://10.0.0.1/', 'https://0x7f.1/', 'nothing']) {
      const refused = await ada.refused(webhooks.create, { body: input({ url }) });
      expect(refused.errors).toEqual([expect.objectContaining({ pointer: '/url' })]);
    }
    const strict = await makeTestApp();
    const eve = await signUp(strict, 'eve');
    expect((await eve.refused(webhooks.create, { body: input() })).code).toBe('request.invalid');
    await strict.close();
    for (let at = 0; at < MAX_WEBHOOKS; at += 1) await make(ada);
    const more = await ada.refused(webhooks.create, { body: input() });
    expect(more.code).toBe('account.too_many');
  });

  test('has a secret that stands in no page, and one that is rotated signs on for a while', async () => {
    const { webhook, secret } = await make(ada);
    const params = { webhook_id: webhook.id };
    const next = await ada.ask(webhooks.rotate, { params, body: { overlap_hours: 1 } });
    expect(next.secret).not.toBe(secret);
    expect(next.webhook.old_secret_until).toBe(isoAt(t.clock.nowMs() + HOUR_MS));
    await test_(ada, webhook.id);
    await settle();
    for (const one of [secret, next.secret]) check(one, webhook.public_key, mine()[0]!);
    await later(HOUR_MS);
    await test_(ada, webhook.id);
    await settle();
    check(next.secret, webhook.public_key, mine()[1]!);
    expect(() => check(secret, webhook.public_key, mine()[1]!)).toThrow();
    const dump = (await dumpDatabase(t.deps.database)).join('\n');
    for (const one of [secret, next.secret]) expect(dump).not.toContain(one.slice(6, 30));
  });

  test('that fails is tried as Standard Webhooks says, keeps its order, then is disabled', async () => {
    const { webhook } = await make(ada);
    status = () => 500;
    await test_(ada, webhook.id);
    await test_(ada, webhook.id);
    await settle();
    expect(mine()).toHaveLength(1);
    const hours = [2, 5, 10, 14, 20, 24].map((each) => each * HOUR_MS);
    const pauses = [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, ...hours];
    for (const [at, pause_ms] of pauses.entries()) {
      t.clock.advance(pause_ms - 1);
      await settle();
      expect(mine()).toHaveLength(at + 1);
      // So much later that the chance that is added to a pause has passed too.
      t.clock.advance(1 + pause_ms * 0.2);
      await settle();
      expect(mine()).toHaveLength(at + 2);
    }
    expect(mine()).toHaveLength(MAX_TRIES);
    expect(new Set(mine().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await later(0);
    expect((await sent(ada, webhook.id)).map(({ state }) => state)).toEqual([
      'dropped',
      'undelivered',
    ]);
    const now = await ada.ask(webhooks.get, { params: { webhook_id: webhook.id } });
    expect(now.disabled?.by).toBe('failing');
    const { items } = await ada.ask(notices.list, {});
    expect(items[0]).toMatchObject({
      kind: 'webhook.failing',
      link: `/dashboard/webhooks/${webhook.id}`,
    });
    expect((await ada.refused(webhooks.test, { params: { webhook_id: webhook.id } })).code).toBe(
      'webhook.disabled',
    );

    status = () => 200;
    const params = { webhook_id: webhook.id };
    await ada.ask(webhooks.change, { params, body: { enabled: true } });
    const body = {
      since: isoAt(t.clock.nowMs() - 10 * DAY_MS),
      until: t.clock.now(),
      states: ['undelivered' as const, 'dropped' as const],
    };
    received = [];
    expect(await ada.ask(webhooks.replay, { params, body })).toEqual({ replayed: 2 });
    await settle();
    expect(mine()).toHaveLength(2);
    const states = (await sent(ada, webhook.id)).map(({ state }) => state);
    expect(states).toEqual(['delivered', 'delivered', 'dropped', 'undelivered']);
  });

  test('that recovers gets what waited, in order, and a replay has the same id', async () => {
    const { webhook } = await make(ada);
    status = () => 503;
    const made = [];
    for (let at = 0; at < 5; at += 1) made.push(await test_(ada, webhook.id));
    await settle();
    status = () => 200;
    t.clock.advance(6 * SECOND_MS);
    await settle();
    const ids = made.map(({ message_id }) => message_id);
    const [first] = ids;
    expect(mine().map(({ headers }) => headers['webhook-id'])).toEqual([first, ...ids]);
    const body = { ids: [made[2]!.id] };
    await ada.ask(webhooks.replay, { params: { webhook_id: webhook.id }, body });
    await settle();
    expect(mine().at(-1)!.headers['webhook-id']).toBe(ids[2]);
  });

  test('that answers 410 is disabled at once, and its owner told', async () => {
    const { webhook } = await make(ada);
    await settle();
    t.clock.advance(1);
    status = () => 410;
    await test_(ada, webhook.id);
    await settle();
    const now = await ada.ask(webhooks.get, { params: { webhook_id: webhook.id } });
    expect(now.disabled?.by).toBe('gone');
    expect((await ada.ask(notices.list, {})).items[0]!.kind).toBe('webhook.gone');
    await listOffering(ada);
    await settle();
    expect(mine()).toHaveLength(1);
  });

  test('that its owner disables or removes is sent nothing more, not even what waited', async () => {
    const [one, two] = [await make(ada), await make(ada)];
    status = () => 500;
    await test_(ada, one.webhook.id);
    await test_(ada, two.webhook.id);
    await settle();
    expect(mine()).toHaveLength(2);
    status = () => 200;
    await ada.ask(webhooks.change, {
      params: { webhook_id: one.webhook.id },
      body: { enabled: false },
    });
    await ada.ask(webhooks.remove, { params: { webhook_id: two.webhook.id } });
    t.clock.advance(HOUR_MS);
    await settle();
    expect(mine()).toHaveLength(2);
    await later(0);
    expect((await sent(ada, one.webhook.id))[0]!.state).toBe('dropped');
  });

  test('forgets a delivery a week after it has ended', async () => {
    const { webhook } = await make(ada);
    await test_(ada, webhook.id);
    await settle();
    await later(7 * DAY_MS);
    await t.sweep();
    expect(await sent(ada, webhook.id)).toHaveLength(1);
    await later(1);
    await t.sweep();
    expect(await sent(ada, webhook.id)).toEqual([]);
  });
});

test('offerings of a stranger’s webhook are not mine to see', async () => {
  const { webhook } = await make(ada);
  const params = { webhook_id: webhook.id };
  expect((await grace.refused(webhooks.deliveries, { params, query: {} })).code).toBe(
    'request.not_found',
  );
  expect((await grace.ask(offerings.listOwn, { query: {} })).items).toEqual([]);
});
