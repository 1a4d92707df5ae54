import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spreadPriceOf } from '@berth/shared/market/price';
import { searchSorts, type SearchSort } from '@berth/shared/market/schemas';
import { endpoints } from '@berth/shared/endpoints';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import { DAY_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, rentalIn, requestRental, setAutoAccept } from '../../../test/rental.ts';
import { itemsOf } from './service.ts';

const { search } = endpoints.market;
let t: TestApp;
let ada: Client;
let bob: Client;
let eve: Client;

const nothing = {
  gpu_model: null,
  gpu_count: null,
  gpu_memory_gib: null,
  unmetered: false,
  features: [],
} satisfies Partial<OfferingInput>;

/** Setup fees are zero but for h100, whose 720 hours cost 14,347.40 in all. */
const shop: Record<string, Partial<OfferingInput>> = {
  h100: { title: 'Eight H100 in one node', gpu_interconnect: 'nvlink', max_hours: 1_000 },
  rtx: {
    title: 'Gaming card',
    description: 'Quiet 100% of the time.',
    gpu_model: 'RTX 4090',
    gpu_count: 1,
    gpu_memory_gib: 24,
    cpu_model: 'Ryzen 9 7950X',
    vcpus: 16,
    memory_gib: 64,
    disk_gib: 1_024,
    uplink_mbps: 1_000,
    unmetered: false,
    traffic_tib: 20,
    virtualization: 'container',
    commitment: 'spot',
    price_e9s: 400_000_000n,
    setup_fee_e9s: 0n,
    country: 'DE',
    city: 'Köln',
    stock: 0,
    operating_systems: ['Debian 13'],
    features: ['IPv6', 'Snapshots'],
  },
  vps: {
    ...nothing,
    title: 'Small machine',
    description: 'For a web site.',
    kind: 'compute',
    cpu_model: null,
    vcpus: 2,
    memory_gib: 4,
    disk_gib: 40,
    uplink_mbps: 1_000,
    virtualization: 'kvm',
    price_e9s: 5_000_000_000n,
    unit: 'month',
    setup_fee_e9s: 0n,
    currency: 'EUR',
    country: 'DE',
    city: 'Nürnberg',
    min_hours: 720,
    max_hours: 8_640,
  },
  disk: {
    ...nothing,
    title: 'Boxes of bits',
    description: 'Object storage.',
    kind: 'storage',
    cpu_model: null,
    vcpus: null,
    memory_gib: null,
    disk_kind: 'hdd',
    disk_gib: 100_000,
    uplink_mbps: null,
    virtualization: null,
    price_e9s: 24_000_000_000n,
    unit: 'day',
    setup_fee_e9s: 0n,
    country: 'US',
    city: 'Dallas',
    operating_systems: [],
  },
};
const names = new Map<string, string>();
const idOf = (wanted: string) => [...names].find(([, name]) => name === wanted)?.[0] ?? '';

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada', { display_name: 'Ada Engines' });
  bob = await signUp(t, 'bob-hosts', { display_name: 'Bob' });
  eve = await signUp(t, 'eve');
  for (const [name, changes] of Object.entries(shop)) {
    t.clock.advance(1_000);
    const { id } = await listOffering(name === 'vps' ? bob : ada, changes);
    names.set(id, name);
  }
  const hidden = await listOffering(ada, { visibility: 'unlisted', title: 'H100 unlisted' });
  names.set(hidden.id, 'unlisted');
  names.set((await listOffering(ada, { visibility: 'private', title: 'H100 mine' })).id, 'private');
  const paused = await listOffering(ada, { title: 'H100 paused' });
  names.set(paused.id, 'paused');
  const pause = { action: 'pause' as const, version: paused.version };
  await ada.ask(endpoints.offerings.move, { params: { offering_id: paused.id }, body: pause });
  await t.drain();
});
afterAll(() => t.close());

type Query = NonNullable<Parameters<typeof send<typeof search>>[2]['query']>;
const find = async (query: Query) => (await send(t, search, { query })).answer();
const refused = async (query: Query) => (await send(t, search, { query })).problem();
const found = async (query: Query) =>
  (await find(query)).items.map(({ id }) => names.get(id) ?? 'unknown');

describe('the order', () => {
  const orders: Record<SearchSort, string[]> = {
    best: ['h100', 'rtx', 'disk', 'vps'],
    price: ['rtx', 'disk', 'h100', 'vps'],
    price_desc: ['h100', 'disk', 'rtx', 'vps'],
    newest: ['disk', 'vps', 'rtx', 'h100'],
    memory: ['h100', 'rtx', 'vps', 'disk'],
    gpu_memory: ['h100', 'rtx'],
    reputation: [],
  };

  test.each(searchSorts)('by %s is the same whole and page by page', async (sort) => {
    const whole = await found({ sort });
    expect(new Set(whole)).toEqual(new Set(orders.best));
    if (sort !== 'best') expect(whole.slice(0, orders[sort].length)).toEqual(orders[sort]);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await find({ sort, limit: 1, ...(cursor === null ? {} : { cursor }) });
      paged.push(...page.items.map(({ id }) => names.get(id) ?? ''));
      cursor = page.next_cursor;
    } while (cursor !== null && paged.length <= whole.length);
    expect(paged).toEqual(whole);
  });

  test('is the best first where none is asked for, what costs other money after it', async () => {
    const whole = await found({});
    expect(whole).toEqual(await found({ sort: 'best' }));
    expect(whole.at(-1)).toBe('vps');
  });

  test('by reputation follows completed contracts with different renters', async () => {
    const own = await makeTestApp();
    const [one, two] = [await signUp(own, 'one'), await signUp(own, 'two')];
    let renter = await signUp(own, 'renter');
    const first = await listOffering(one);
    const second = await listOffering(two);
    await rentalIn('active', { provider: two, renter, offering: second }, { hours: 1 });
    own.clock.advance(DAY_MS);
    await own.sweep();
    await own.drain();
    renter = await signIn(own, renter);
    const { items } = await renter.ask(search, { query: { sort: 'reputation' } });
    expect(items.map(({ id }) => id)).toEqual([second.id, first.id]);
    await own.close();
  });
});

test('what has left the market since it was found is not shown, nor what no longer fits', async () => {
  const all = [...names.keys()].map((id) => ({ id, ranking: null }));
  const shown = async (hours: number) => {
    const items = await itemsOf(t.deps, all, { hours, currency: 'USD', rates: null });
    return items.map(({ id }) => names.get(id));
  };
  expect(await shown(720)).toEqual(['h100', 'rtx', 'vps', 'disk']);
  expect(await shown(1)).toEqual(['h100', 'rtx', 'disk']);
});

test('a page names the next one also in a Link header', async () => {
  const { headers, answer } = await send(t, search, { query: { limit: 3 } });
  expect(headers['link']).toContain(encodeURIComponent(answer().next_cursor ?? 'none'));
});

describe('a filter', () => {
  test.each<[string, string, string[]]>([
    ['a choice', 'kind:gpu', ['h100', 'rtx']],
    ['several choices', 'kind:(compute or storage)', ['disk', 'vps']],
    ['a list of choices', 'country:NL,US', ['disk', 'h100']],
    ['a GPU’s family', 'gpu:H100', ['h100']],
    ['a GPU however it is spelt', 'gpu:"nvidia geforce rtx4090"', ['rtx']],
    ['a GPU’s maker', 'gpu_vendor:nvidia', ['h100', 'rtx']],
    ['an interconnect', 'gpu_interconnect:nvlink', ['h100']],
    ['a region', 'region:europe', ['h100', 'rtx', 'vps']],
    ['a country by its name', 'country:germany', ['rtx', 'vps']],
    ['a virtualisation', 'virtualization:kvm', ['vps']],
    ['a kind of disk', 'disk_kind:hdd', ['disk']],
    ['a provider', 'provider:bob-hosts', ['vps']],
    ['a currency', 'currency:EUR', ['vps']],
    ['a commitment', 'commitment:spot', ['rtx']],
    ['a text', 'cpu:ryzen', ['rtx']],
    ['a city', 'city:koln', ['rtx']],
    ['a number', 'gpu_count:8', ['h100']],
    ['a range', 'gpu_count:4..8', ['h100']],
    ['a number with a unit', 'disk:>=1TB', ['disk', 'h100', 'rtx']],
    ['a number below', 'gpu_memory:<80GB', ['rtx']],
    ['a product of numbers', 'gpu_memory_total:>=640', ['h100']],
    ['vCPUs', 'vcpus:>15.5', ['h100', 'rtx']],
    ['memory', 'memory:<=64GB', ['rtx', 'vps']],
    ['an uplink', 'uplink:>=10gbit', ['h100']],
    ['traffic', 'traffic:>=20TB', ['rtx']],
    ['stock', 'stock:0', ['rtx']],
    ['least hours', 'min_hours:>1', ['vps']],
    ['most hours', 'max_hours:>=1000', ['h100', 'vps']],
    ['a flag', 'unmetered:yes', ['h100']],
    ['a flag denied', '-unmetered:yes', ['disk', 'rtx', 'vps']],
    ['a tag', 'feature:ipv6', ['rtx']],
    ['an operating system', 'os:debian', ['rtx']],
    ['the chain', 'on_chain:yes', []],
    ['the price of an hour', 'price:<=0.40', ['rtx']],
    ['the price of a month', 'monthly:<=288', ['rtx']],
    ['the total', 'total:288..720', ['disk', 'rtx']],
    ['the setup fee', 'setup_fee:>0', ['h100']],
    ['a price in the currency that is named', 'currency:EUR price:<1', ['vps']],
    ['reputation', 'reputation:>=1', []],
    ['the time since it was listed', 'listed:<7d', ['disk', 'h100', 'rtx', 'vps']],
    ['words in the title', 'small MACHINE', ['vps']],
    ['words in the description', 'object', ['disk']],
    ['a word’s beginning', 'gam', ['rtx']],
    ['words without accents', 'nurnberg', ['vps']],
    ['a phrase', '"eight h100"', ['h100']],
    ['a phrase that is parted', '"h100 eight"', []],
    ['words in the provider’s name', 'engines storage', ['disk']],
    ['a country’s name', 'germany', ['rtx', 'vps']],
    ['what is left out', '-kind:gpu -provider:bob-hosts', ['disk']],
    ['either of two', 'kind:storage or city:köln', ['disk', 'rtx']],
    ['several at once', 'kind:gpu country:NL node stock:>=1', ['h100']],
    ['nothing at all', '', ['disk', 'h100', 'rtx', 'vps']],
    ['what is hidden', 'h100 (paused or mine or unlisted)', []],
  ])('by %s finds what it should', async (_, q, expected) => {
    const all = await find({ q, sort: 'newest' });
    expect(all.items.map(({ id }) => names.get(id)).sort()).toEqual(expected);
    expect((await find({ q, limit: 1 })).total).toBe(expected.length);
  });

  test('by a rule that accepts at once follows the rule’s life', async () => {
    const query = { q: 'auto_accept:yes', hours: 48 };
    expect(await found(query)).toEqual([]);
    const id = idOf('disk');
    const view = await ada.ask(endpoints.offerings.getOwn, { params: { offering_id: id } });
    await setAutoAccept(ada, view, 48);
    await t.drain();
    expect((await find(query)).items).toMatchObject([{ id, auto_accept_hours: 48 }]);
    expect(await found({ ...query, hours: 49 })).toEqual([]);
    await ada.ask(endpoints.offerings.removeAutoAccept, { params: { offering_id: id } });
    await t.drain();
    expect(await found(query)).toEqual([]);
  });
});

describe('the price', () => {
  test('shown is the one for the hours asked for, whole, by the hour and by the month', async () => {
    const { items, hours } = await find({ q: 'kind:gpu', hours: 100, sort: 'price' });
    expect(hours).toBe(100);
    expect(items.map(({ price }) => price)).toMatchObject([
      { total_e9s: '40000000000', hourly_e9s: '400000000', monthly_e9s: '288000000000' },
      {
        ...{ total_e9s: '1997000000000', usage_e9s: '1992000000000', setup_fee_e9s: '5000000000' },
        ...{ hourly_e9s: '19970000000', monthly_e9s: '14378400000000', hours: 100 },
      },
    ]);
  });

  test('shown is the one that is charged', async () => {
    const { items } = await find({ q: 'gpu:H100', hours: 37 });
    const [item] = items;
    if (!item) throw new Error('Nothing was found');
    const offering = { ...item, description: '', created_at: item.updated_at };
    const { contract_id } = await requestRental(eve, offering, { hours: 37 });
    const params = { contract_id };
    const { total_e9s } = await eve.ask(endpoints.contracts.get, { params });
    expect(total_e9s).toBe(item.price.total_e9s);
    const rate = { price_e9s: 19_920_000_000n, unit: 'hour', setup_fee_e9s: 5_000_000_000n };
    expect(total_e9s).toBe(spreadPriceOf(rate as never, 37).total_e9s.toString());
  });

  test('is compared in one currency: the query’s, else dollars, and others are counted', async () => {
    const all = await find({});
    expect(all).toMatchObject({
      currency: 'USD',
      other_currencies: [{ currency: 'EUR', count: 1 }],
    });
    for (const { id, price } of all.items) expect(price.comparable).toBe(names.get(id) !== 'vps');
    const euros = await find({ q: 'currency:EUR' });
    expect(euros).toMatchObject({ currency: 'EUR', other_currencies: [], total: 1 });
    expect(euros.items[0]?.price.comparable).toBe(true);
  });

  test('excludes what is not rented for so many hours, and counts it', async () => {
    expect(await found({ hours: 1, sort: 'price' })).toEqual(['rtx', 'disk', 'h100']);
    expect(await find({ hours: 1 })).toMatchObject({ total: 3, excluded_by_hours: 1 });
    expect(await find({ hours: 800 })).toMatchObject({ total: 2, excluded_by_hours: 2 });
    expect(await find({ hours: 800, q: 'kind:gpu' })).toMatchObject({
      total: 1,
      excluded_by_hours: 1,
    });
  });
});

describe('the ranking', () => {
  test('explains each place by criteria whose parts are the closeness', async () => {
    const { items } = await find({ weights: 'price:50,memory:50' });
    expect(items[0]?.rank).toMatchObject({ place: 1, counterfactual: null });
    for (const { rank } of items) {
      expect(rank?.criteria.map(({ criterion }) => criterion)).toEqual([
        ...['price', 'throughput', 'memory', 'reputation', 'response', 'reliability'],
      ]);
      const parts = rank?.criteria.reduce((sum, { share }) => sum + share, 0) ?? 0;
      expect(parts).toBeCloseTo(rank?.closeness ?? -1, 9);
      expect(rank?.criteria[0]?.weight).toBe(0.5);
    }
    const rtx = items.find(({ id }) => names.get(id) === 'rtx');
    expect(rtx?.rank?.criteria[0]?.value).toBe(288);
    expect(rtx?.rank?.criteria[2]?.value).toBe(24);
  });

  test('follows the weights, and only the best has one', async () => {
    // The cheapest is out of stock, so that it stands behind its currency's others.
    expect(await found({ weights: 'cheapest' })).toEqual(['disk', 'h100', 'rtx', 'vps']);
    const out = (await find({ weights: 'cheapest' })).items[2];
    expect(out?.rank).toMatchObject({ place: 3, tied: 0, among: 3, counterfactual: null });
    expect((await found({ weights: 'memory:100' }))[0]).toBe('h100');
    for (const { rank } of (await find({ sort: 'price' })).items) expect(rank).toBeNull();
  });
});

describe('what cannot be searched for', () => {
  test.each([
    ['an unknown field', 'gpu:H100 colour:red', 'colour:red'],
    ['a value that is none', 'kind:gpu memory:much', 'much'],
    ['a bracket that is not closed', 'kind:(gpu or storage', '('],
    ['a quote that is not closed', 'cheap "liquid', '"'],
  ])('is pointed at: %s', async (_, q, word) => {
    for (const endpoint of [search, endpoints.market.facets]) {
      const { code, status, errors = [] } = (await send(t, endpoint, { query: { q } })).problem();
      expect([status, code, errors[0]?.pointer]).toEqual([422, 'query.invalid', '/q']);
      expect(q.slice(errors[0]?.from, errors[0]?.to)).toBe(word);
      expect(errors[0]?.message).toMatch(/\w/);
    }
  });

  test('comes with what could stand there instead', async () => {
    const { errors } = await refused({ q: 'gpu_counts:4' });
    expect(errors).toMatchObject([{ suggestion: 'gpu_count', from: 0, to: 10 }]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown sort', { sort: 'paid' }, '/query/sort'],
    ['a page of a thousand', { limit: 1_000 }, '/query/limit'],
    ['no hours', { hours: 0 }, '/query/hours'],
    ['a weight above all', { weights: 'price:101' }, '/query/weights'],
    ['an unknown weight', { weights: 'beauty:10' }, '/query/weights'],
  ])('is named: %s', async (_, query, pointer) => {
    expect(await refused(query)).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  test('a cursor of another sort, or of nobody, is refused', async () => {
    for (const sort of searchSorts) {
      const { next_cursor } = await find({ sort, limit: 1 });
      const other = sort === 'newest' ? 'memory' : 'newest';
      for (const cursor of [next_cursor ?? '', 'rubbish', `${next_cursor ?? ''}x`.slice(4)]) {
        expect(await refused({ cursor, sort: other })).toMatchObject({ code: 'cursor.invalid' });
      }
    }
  });
});
