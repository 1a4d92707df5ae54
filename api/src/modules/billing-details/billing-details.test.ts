import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { MINUTE_MS } from '@berth/shared/time';
import { makeVies } from '../../adapters/vies/index.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp } from '../../../test/people.ts';

const { papers } = endpoints;
const harbour = {
  ...{ name: 'Harbour GmbH', line1: 'Kai 4', line2: '', postcode: '20457', city: 'Hamburg' },
  ...{ country: 'DE', vat_id: 'de 136 695 976' },
};

/** VIES, as its REST API answers. */
let answer: { status: number; text: string } | 'nothing' | 'no end' = 'nothing';
let sent_bytes = 0;
const asked: unknown[] = [];
const register = createServer((request, reply) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    asked.push([request.method, request.url, JSON.parse(body)]);
    if (answer === 'nothing') return void request.socket.destroy();
    if (answer === 'no end') return sendOn(reply);
    reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
  });
});
/** Sends for as long as somebody reads. */
function sendOn(reply: ServerResponse): void {
  const part = Buffer.alloc(65_536, ' ');
  do sent_bytes += part.length;
  while (reply.write(part));
  reply.once('drain', () => sendOn(reply));
}
const says = (valid: boolean, vatNumber = '136695976') => ({
  status: 200,
  text: JSON.stringify({ valid, countryCode: 'DE', vatNumber, name: '---' }),
});
const error = (name: string) => ({
  status: 200,
  text: JSON.stringify({ actionSucceed: false, errorWrappers: [{ error: name }] }),
});

let t: TestApp;
let url = '';
beforeAll(async () => {
  register.listen(0, '127.0.0.1');
  await once(register, 'listening');
  url = `http://127.0.0.1:${(register.address() as AddressInfo).port}/vies`;
  t = await makeTestApp({ ports: { vat: makeVies(url) } });
});
afterAll(async () => {
  await t.close();
  register.close();
});
beforeEach(() => {
  asked.length = 0;
});

test('billing details are kept for whose they are, and the register is asked once', async () => {
  const [ada, eve] = [await signUp(t, 'ada'), await signUp(t, 'eve')];
  expect(await ada.ask(papers.details, {})).toEqual({ details: null });
  answer = says(true);
  const { details } = await ada.ask(papers.setDetails, { body: harbour });
  expect(details).toMatchObject({ vat_id: 'DE136695976', vat_check: 'unchecked' });
  await t.sweep();
  expect(asked).toEqual([
    ['POST', '/vies/check-vat-number', { countryCode: 'DE', vatNumber: '136695976' }],
  ]);
  expect((await ada.ask(papers.details, {})).details).toMatchObject({ vat_check: 'valid' });
  await ada.ask(papers.setDetails, { body: { ...harbour, line2: 'Tor 2' } });
  await t.sweep();
  expect(asked).toHaveLength(1);
  expect((await ada.ask(papers.details, {})).details).toMatchObject({ vat_check: 'valid' });
  expect(await eve.ask(papers.details, {})).toEqual({ details: null });
});

test('what the register does not know is said, and what it cannot say is asked again', async () => {
  const bob = await signUp(t, 'bob');
  answer = error('MS_UNAVAILABLE');
  await bob.ask(papers.setDetails, { body: harbour });
  await t.sweep();
  expect((await bob.ask(papers.details, {})).details).toMatchObject({ vat_check: 'unchecked' });
  answer = says(false);
  t.clock.advance(MINUTE_MS);
  await t.sweep();
  expect((await bob.ask(papers.details, {})).details).toMatchObject({ vat_check: 'invalid' });
  // Saved again it is asked for again, and counts for nothing meanwhile.
  const again = await bob.ask(papers.setDetails, { body: harbour });
  expect(again.details).toMatchObject({ vat_check: 'invalid' });
  answer = says(true);
  await t.sweep();
  expect((await bob.ask(papers.details, {})).details).toMatchObject({ vat_check: 'valid' });
  await bob.ask(papers.setDetails, { body: { ...harbour, vat_id: '' } });
  expect((await bob.ask(papers.details, {})).details).toMatchObject({
    ...{ vat_id: null, vat_check: 'none' },
  });
});

test.each([
  ['/vat_id', { vat_id: 'DE136695977' }],
  ['/vat_id', { country: 'US' }],
  ['/country', { country: 'ZZ', vat_id: '' }],
  ['/country', { country: 'de', vat_id: '' }],
  ['/name', { name: '   ' }],
  ['/name', { name: 'x'.repeat(201) }],
  ['/name', { name: 'Harbour\u202EGmbH' }],
  ['/line1', { line1: 'a\nb' }],
])('what is wrong is refused where it stands: %s %j', async (pointer, change) => {
  const name = `p${crypto.randomUUID().slice(0, 8)}`;
  const carl = await signUp(t, name);
  const body = { ...harbour, ...change };
  const refused = await carl.refused(papers.setDetails, { body });
  expect(refused).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
});

describe('VIES', () => {
  const ask = () =>
    makeVies(url).check({ prefix: 'DE', rest: '136695976' }, new AbortController().signal);

  test.each([
    ['is busy', error('MS_MAX_CONCURRENT_REQ')],
    ['answers about another id', says(true, '1')],
    ['is down', { status: 503, text: '' }],
    ['answers no JSON', { status: 200, text: '<html>' }],
    ['answers something else', { status: 200, text: '{"valid":"yes"}' }],
    ['answers too much', { status: 200, text: JSON.stringify('x'.repeat(20_000)) }],
    ['does not answer', 'nothing' as const],
  ])('says nothing where it %s', async (_, given) => {
    answer = given;
    await expect(ask()).rejects.toMatchObject({ vat_problem: true });
  });

  test('is read no further than an answer goes', async () => {
    answer = 'no end';
    await expect(ask()).rejects.toMatchObject({ vat_problem: true });
    const MOST_IN_BUFFERS = 32 * 1_048_576;
    expect(sent_bytes).toBeLessThan(MOST_IN_BUFFERS);
  });
});
