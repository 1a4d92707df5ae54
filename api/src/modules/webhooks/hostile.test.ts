/** What a hostile receiver, or a hostile owner of one, comes to. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { notices } from '@berth/shared/notices/endpoints';
import { SECOND_MS } from '@berth/shared/time';
import { tokens } from '@berth/shared/tokens/endpoints';
import { webhooks } from '@berth/shared/webhooks/endpoints';
import { MAX_QUEUED, MAX_WAITING } from '@berth/shared/webhooks/limits';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';

let t: TestApp;
let ada: Client;
let receiver: Server;
let origin: string;
let status: () => number;
let says: string | Buffer;
let names = 0;

beforeAll(async () => {
  receiver = createServer((request, reply) => {
    request.resume().on('end', () => reply.writeHead(status()).end(says));
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
  [status, says] = [() => 204, 'noted'];
  ada = await signUp(t, `ada-${(names += 1)}`);
});

const make = (client: Client) =>
  client.ask(webhooks.create, {
    body: { url: `${origin}/in`, description: '', types: ['offering.changed'] },
  });
/** News reach the queue, and what is due is sent, until nothing is. */
const settle = async () => {
  do await t.drain();
  while ((await t.sweep()) > 0);
};
const sent = async (client: Client, webhook_id: string) =>
  (await client.ask(webhooks.deliveries, { params: { webhook_id }, query: {} })).items;
const test_ = (client: Client, webhook_id: string) =>
  client.ask(webhooks.test, { params: { webhook_id } });

test('a webhook whose answer has letters that no database keeps is tried as any other', async () => {
  const { webhook } = await make(ada);
  status = () => 500;
  says = Buffer.concat([Buffer.from([0x61, 0, 0x1b, 0xff, 0xed, 0xa0, 0x80]), Buffer.from('b')]);
  await test_(ada, webhook.id);
  await settle();
  const [failed] = await sent(ada, webhook.id);
  expect(failed).toMatchObject({ state: 'waiting', tries: 1 });
  status = () => 200;
  t.clock.advance(6 * SECOND_MS);
  await settle();
  const [taken] = await sent(ada, webhook.id);
  expect(taken).toMatchObject({ state: 'delivered', tries: 2 });
  const params = { webhook_id: webhook.id, delivery_id: taken!.id };
  const { attempts } = await ada.ask(webhooks.delivery, { params });
  for (const { text } of attempts) expect(text).toMatch(/^a\uFFFD+b$/);
});

test('a webhook has none of the quick slots until its address has answered quickly', async () => {
  const { webhook } = await make(ada);
  const params = { webhook_id: webhook.id };
  const kinds: (string | undefined)[] = [];
  for (const url of [undefined, undefined, `${origin}/moved`, undefined]) {
    if (url !== undefined) await ada.ask(webhooks.change, { params, body: { url } });
    const { id } = await test_(ada, webhook.id);
    const effect = await t.deps.db
      .selectFrom('effects')
      .where('payload', '=', JSON.stringify({ delivery_id: id }))
      .select('kind')
      .executeTakeFirst();
    kinds.push(effect?.kind);
    await settle();
  }
  const [quick, slow] = ['webhook.deliver', 'webhook.deliver_slow'];
  expect(kinds).toEqual([slow, quick, slow, quick]);
});

test('a webhook keeps what two ask to change at the same time', async () => {
  const { webhook } = await make(ada);
  const params = { webhook_id: webhook.id };
  for (let at = 0; at < 20; at += 1) {
    const [url, description] = [`${origin}/turn-${at}`, `turn ${at}`];
    await Promise.all(
      [{ url }, { description }].map((body) => ada.ask(webhooks.change, { params, body })),
    );
    expect(await ada.ask(webhooks.get, { params })).toMatchObject({ url, description });
  }
  const secrets = await Promise.all(
    [0, 1].map(() => ada.ask(webhooks.rotate, { params, body: { overlap_hours: 1 } })),
  );
  expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(2);
});

test('a webhook gathers thousands and no more, and its owner can add none to them', async () => {
  const { webhook } = await make(ada);
  const params = { webhook_id: webhook.id };
  const one = await test_(ada, webhook.id);
  await settle();
  status = () => 500;
  await test_(ada, webhook.id);
  const wait = (count: number) =>
    t.deps.database.write((tx) =>
      tx
        .updateTable('webhooks')
        .set((eb) => ({ last_place: eb('last_place', '+', count) }))
        .where('id', '=', webhook.id)
        .execute(),
    );
  await wait(MAX_WAITING);
  const body = { ids: [one.id] };
  for (const refused of [
    await ada.refused(webhooks.replay, { params, body }),
    await ada.refused(webhooks.test, { params }),
  ]) {
    expect(refused.code).toBe('webhook.full');
  }
  const isDisabled = async () => (await ada.ask(webhooks.get, { params })).disabled?.by;
  await listOffering(ada);
  await t.drain();
  expect(await isDisabled()).toBeUndefined();
  await wait(MAX_QUEUED);
  await listOffering(ada);
  await t.drain();
  expect(await isDisabled()).toBe('full');
});

test('who may not read what happens has it sent nowhere, nor what was sent to another address', async () => {
  const { webhook } = await make(ada);
  const permissions = ['webhooks.read', 'webhooks.write', 'notices.read'] as const;
  const body = { name: 'Narrow', permissions: [...permissions], days: 1 };
  const { secret } = await ada.ask(tokens.create, { body });
  const send = async (method: 'POST' | 'PATCH', path: string, payload: object) => {
    const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': `k${(names += 1)}` };
    const url = `/api/v1/me/webhooks${path}`;
    const reply = await t.app.inject({ method, url, headers, payload });
    return [reply.statusCode, reply.json<{ code?: string }>().code];
  };
  const url = `${origin}/elsewhere`;
  const refused = [403, 'token.permission'];
  for (const type of ['contract.accept', 'offering.changed']) {
    expect(await send('POST', '', { url, description: '', types: [type] })).toEqual(refused);
    expect(await send('PATCH', `/${webhook.id}`, { types: [type] })).toEqual(refused);
  }
  expect(await send('PATCH', `/${webhook.id}`, { url })).toEqual(refused);
  expect((await send('PATCH', `/${webhook.id}`, { description: 'Mine' }))[0]).toBe(200);
  expect((await send('POST', '', { url, description: '', types: ['notice.made'] }))[0]).toBe(200);
});

test('an account is told where its events are sent, and that they go elsewhere', async () => {
  const { webhook } = await make(ada);
  await t.drain();
  t.clock.advance(1);
  const params = { webhook_id: webhook.id };
  await ada.ask(webhooks.change, { params, body: { url: 'https://hooks.example.org/in' } });
  await ada.ask(webhooks.change, { params, body: { description: 'The same address' } });
  await t.drain();
  const { items } = await ada.ask(notices.list, {});
  const told = items.filter(({ kind }) => kind.startsWith('webhook.'));
  expect(told.map(({ kind }) => kind)).toEqual(['webhook.moved', 'webhook.made']);
  expect(told.map(({ title }) => title)).toEqual([
    expect.stringContaining('hooks.example.org'),
    expect.stringContaining('127.0.0.1'),
  ]);
});
