import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { priceOf } from '@berth/shared/price';
import { DAY_MS, HOUR_MS, isoAt } from '@berth/shared/time';
import { makeEcbRates } from '../../adapters/ecb/index.ts';
import { fixedRates } from '../../adapters/fixed-rates/index.ts';
import { fixedClock } from '../../lib/clock.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signUp } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';

const { rates, market } = endpoints;
const clock = fixedClock();
const dayAt = (days: number) => isoAt(clock.nowMs() + days * DAY_MS).slice(0, 10);
const fileOf = (date: string, usd: string) =>
  `<Cube><Cube time='${date}'><Cube currency='USD' rate='${usd}'/>` +
  `<Cube currency='CHF' rate='0.5'/></Cube></Cube>`;

let file = '';
let asked = 0;
const bank = createServer((_, reply) => {
  asked += 1;
  reply.writeHead(file === '' ? 503 : 200).end(file);
});
let t: TestApp;

beforeAll(async () => {
  bank.listen(0, '127.0.0.1');
  await once(bank, 'listening');
  const url = `http://127.0.0.1:${(bank.address() as AddressInfo).port}/daily.xml`;
  t = await makeTestApp({ clock, ports: { rates: makeEcbRates(url, clock) } });
  const ada = await signUp(t, 'ada');
  const rate = { unit: 'hour' as const, setup_fee_e9s: 0n, min_hours: 1, max_hours: 720 };
  for (const [title, currency, price_e9s] of [
    ['two dollars', 'USD', 2_000_000_000n],
    ['one euro', 'EUR', 1_000_000_001n],
    ['three dollars', 'USD', 3_000_000_000n],
    ['one franc', 'CHF', 1_000_000_000n],
    ['one ICP', 'ICP', 1_000_000_000n],
  ] as const) {
    await listOffering(ada, { ...rate, title, currency, price_e9s });
  }
  await t.drain();
});
afterAll(async () => {
  await t.close();
  bank.close();
});

const sheet = async () => (await t.call(rates.show, {})).body.sheet;
const find = async (query: Parameters<typeof send<typeof market.search>>[2]['query']) =>
  (await send(t, market.search, { query: { hours: 1, ...query } })).answer();
const titles = async (query: Parameters<typeof find>[0]) =>
  (await find(query)).items.map(({ title }) => title);
const later = async (ms: number) => {
  clock.advance(ms);
  await t.sweep();
};

test('without a sheet every currency stands by itself, as nothing is known of the others', async () => {
  await t.sweep();
  expect(asked).toBe(1);
  expect(await sheet()).toBeNull();
  expect(await titles({ sort: 'price' })).toEqual([
    ...['two dollars', 'three dollars', 'one franc', 'one euro', 'one ICP'],
  ]);
  const { items, rates: by, other_currencies } = await find({ sort: 'price' });
  expect([by, other_currencies.length]).toEqual([null, 3]);
  for (const { price } of items) expect(price.converted).toBeNull();
});

test('with one the order by price crosses currencies, and what no rate converts stands behind', async () => {
  file = fileOf(dayAt(0), '1.25');
  await later(HOUR_MS);
  expect(await sheet()).toEqual({
    date: dayAt(0),
    source: 'European Central Bank',
    per_euro: [
      { currency: 'CHF', amount_e9s: '500000000' },
      { currency: 'USD', amount_e9s: '1250000000' },
    ],
  });
  // A franc is two euros, and so two and a half dollars.
  const order = ['one euro', 'two dollars', 'one franc', 'three dollars'];
  for (const currency of ['USD', 'EUR', 'CHF'] as const) {
    expect(await titles({ sort: 'price', currency })).toEqual([...order, 'one ICP']);
    expect(await titles({ sort: 'price_desc', currency })).toEqual([
      ...order.toReversed(),
      'one ICP',
    ]);
  }
  expect((await titles({ sort: 'price', currency: 'GBP' })).at(0)).not.toBe('one euro');
  const best = await find({ weights: 'cheapest' });
  expect(best.items.map(({ title }) => title)).toEqual([...order, 'one ICP']);
  expect(best.items.map(({ rank }) => [rank?.place, rank?.among, rank?.currency])).toEqual([
    ...[1, 2, 3, 4].map((place) => [place, 4, 'USD']),
    [1, 1, 'ICP'],
  ]);
});

test('an amount is shown as it is charged, and beside it what it is about, rounded half up', async () => {
  const { items, rates: by, currency } = await find({ sort: 'price' });
  expect([by, currency]).toEqual([{ date: dayAt(0), source: 'European Central Bank' }, 'USD']);
  const [euro, dollars] = items;
  const exact = priceOf({ price_e9s: 1_000_000_001n, unit: 'hour', setup_fee_e9s: 0n }, 1);
  expect(euro?.price.total_e9s).toBe(exact.total_e9s.toString());
  expect(euro?.currency).toBe('EUR');
  // 1.25 times 1,000,000,001 is 1,250,000,001.25.
  expect(euro?.price).toMatchObject({
    comparable: true,
    converted: { currency: 'USD', total_e9s: '1250000001' },
  });
  expect(dollars?.price).toMatchObject({ comparable: true, converted: null });
  expect(items.at(-1)?.price).toMatchObject({ comparable: false, converted: null });
  expect(await titles({ q: 'price:<1.25' })).toEqual([]);
  expect(await titles({ q: 'price:<1.26' })).toEqual(['one euro']);
  expect((await titles({ q: 'price:<=2.5', sort: 'price' })).at(-1)).toBe('one franc');
  expect(await titles({ q: 'price:<2.5', sort: 'price' })).toEqual(['one euro', 'two dollars']);
  expect(await titles({ q: 'currency:EUR price:<1.1' })).toEqual(['one euro']);
  expect(await titles({ q: 'under €1.5', currency: 'USD' })).toEqual(['one euro']);
  const facets = await send(t, market.facets, { query: { hours: 1 } });
  expect(facets.answer().facets.find(({ field }) => field === 'total')?.range).toEqual({
    least: '1.250000001',
    most: '3',
  });
});

test('a page goes on where it ended across currencies, and not under other rates', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await find({ sort: 'price', limit: 1, ...(cursor === null ? {} : { cursor }) });
    seen.push(...page.items.map(({ title }) => title));
    cursor = page.next_cursor;
  } while (cursor !== null && seen.length < 9);
  expect(seen).toEqual(['one euro', 'two dollars', 'one franc', 'three dollars', 'one ICP']);
  const { next_cursor } = await find({ sort: 'price', limit: 1 });
  const query = { hours: 1, sort: 'price' as const, limit: 1, cursor: next_cursor ?? '' };
  const other = await send(t, market.search, { query: { ...query, currency: 'EUR' } });
  expect(other.problem().code).toBe('cursor.invalid');
});

test('the newest day counts: neither an older file nor a broken one takes its place', async () => {
  for (const broken of [fileOf(dayAt(-3), '9'), '<html>', fileOf(dayAt(1), '-1'), '']) {
    file = broken;
    await later(DAY_MS);
    await later(DAY_MS);
  }
  expect((await sheet())?.per_euro).toContainEqual({ currency: 'USD', amount_e9s: '1250000000' });
  file = fileOf(dayAt(0), '1.5');
  for (let tries = 0; tries < 10; tries += 1) await later(DAY_MS / 4);
  expect((await sheet())?.per_euro).toContainEqual({ currency: 'USD', amount_e9s: '1500000000' });
});

test('ten days later it says too little, and all is as without one', async () => {
  file = '';
  await later(11 * DAY_MS);
  expect(await sheet()).toBeNull();
  expect((await find({ sort: 'price' })).rates).toBeNull();
  expect(await titles({ q: 'price:<1.6' })).toEqual([]);
});

test('who is asked is asked four times a day, and nobody where nobody is named', async () => {
  file = fileOf(dayAt(0), '1.25');
  for (let tries = 0; tries < 20; tries += 1) await later(DAY_MS / 2);
  const before = asked;
  for (let hour = 0; hour < 24; hour += 1) await later(HOUR_MS);
  expect(asked - before).toBe(4);
  const alone = await makeTestApp();
  await alone.sweep();
  expect(await alone.deps.db.selectFrom('effects').selectAll().execute()).toEqual([]);
  await alone.close();
});

test('a demo has a table of its own, which says what it is and does not pass', async () => {
  const demo = await makeTestApp({ clock, ports: { rates: fixedRates } });
  await demo.sweep();
  clock.advance(400 * DAY_MS);
  const { body } = await demo.call(rates.show, {});
  expect(body.sheet).toMatchObject({ source: 'a fixed table of this demo' });
  expect(body.sheet?.per_euro.map(({ currency }) => currency)).toEqual(['CHF', 'GBP', 'USD']);
  await demo.close();
});
