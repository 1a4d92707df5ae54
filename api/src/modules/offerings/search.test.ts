import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '@berth/shared/endpoint';
import { endpoints } from '@berth/shared/endpoints';
import { offeringSorts, type OfferingInput } from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signUp, type Client } from '../../../test/people.ts';
import { listOffering, setAutoAccept } from '../../../test/rental.ts';

const { search } = endpoints.offerings;
let t: TestApp;
let ada: Client;
let bob: Client;

const nothing = {
  gpu_model: null,
  gpu_count: null,
  gpu_memory_gib: null,
  unmetered: false,
  features: [],
} satisfies Partial<OfferingInput>;

const shop: Record<string, Partial<OfferingInput>> = {
  h100: { title: 'Eight H100 in one node', price_e9s: 20_000_000_000n },
  rtx: {
    title: 'Gaming card',
    description: 'Quiet 100% of the time_s, back\\slash.',
    gpu_model: 'RTX 4090',
    gpu_count: 1,
    gpu_memory_gib: 24,
    vcpus: 16,
    memory_gib: 64,
    price_e9s: 400_000_000n,
    country: 'DE',
    city: 'Köln',
    stock: 0,
  },
  vps: {
    ...nothing,
    title: 'Small machine',
    description: 'For a web site.',
    kind: 'compute',
    vcpus: 2,
    memory_gib: 4,
    disk_gib: 40,
    uplink_mbps: 1_000,
    virtualization: 'kvm',
    price_e9s: 5_000_000_000n,
    unit: 'month',
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
    vcpus: null,
    memory_gib: null,
    disk_kind: 'hdd',
    disk_gib: 100_000,
    uplink_mbps: null,
    virtualization: null,
    price_e9s: 24_000_000_000n,
    unit: 'day',
  },
};
const names = new Map<string, string>();

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada', { display_name: 'Ada Engines' });
  bob = await signUp(t, 'bob-hosts', { display_name: 'Bob' });
  for (const [name, changes] of Object.entries(shop)) {
    t.clock.advance(1_000);
    const { id } = await listOffering(name === 'vps' ? bob : ada, changes);
    names.set(id, name);
  }
  await listOffering(ada, { visibility: 'unlisted', title: 'Eight H100 unlisted' });
  await listOffering(ada, { visibility: 'private', title: 'Eight H100 private' });
});
afterAll(() => t.close());

type Query = Record<string, unknown>;
const find = async (query: Query) => {
  const reply = await t.app.inject({ url: addressOf(search, { query }) });
  return reply.json<{
    items: { id: string }[];
    next_cursor: string | null;
    total: number;
    code?: string;
    errors?: { pointer: string; message: string }[];
  }>();
};
const found = async (query: Query) =>
  (await find(query)).items.map(({ id }) => names.get(id) ?? 'hidden');

describe('the order', () => {
  const orders: Record<(typeof offeringSorts)[number], string[]> = {
    price: ['vps', 'rtx', 'disk', 'h100'],
    price_desc: ['h100', 'disk', 'rtx', 'vps'],
    newest: ['disk', 'vps', 'rtx', 'h100'],
    memory: ['h100', 'rtx', 'vps', 'disk'],
    gpu_memory: ['h100', 'rtx'],
  };

  test.each(offeringSorts)('by %s is the same whole and page by page', async (sort) => {
    const whole = await found({ sort });
    expect(whole.slice(0, orders[sort].length)).toEqual(orders[sort]);
    expect(whole).toHaveLength(4);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await find({ sort, limit: 1, cursor });
      paged.push(...page.items.map(({ id }) => names.get(id) ?? ''));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });

  test('is the price where none is asked for', async () => {
    expect(await found({})).toEqual(orders.price);
  });
});

test('a page names the next one also in a Link header', async () => {
  const reply = await t.app.inject({ url: '/api/v1/offerings?limit=3' });
  const { next_cursor } = reply.json<{ next_cursor: string }>();
  expect(reply.headers['link']).toContain(`cursor=${next_cursor}`);
});

describe('a filter', () => {
  test.each<[string, Query, string[]]>([
    ['words in the title', { q: 'small MACHINE' }, ['vps']],
    ['words in the description', { q: 'object' }, ['disk']],
    ['words in the GPU', { q: 'rtx 4090' }, ['rtx']],
    ['words in the city', { q: 'Köln' }, ['rtx']],
    ['words in the provider’s name', { q: 'engines storage' }, ['disk']],
    ['words in the provider’s handle', { q: 'bob-hosts' }, ['vps']],
    ['a percent sign taken literally', { q: '100%' }, ['rtx']],
    ['an underscore taken literally', { q: 'time_s' }, ['rtx']],
    ['an underscore that is none', { q: 'smal_' }, []],
    ['a backslash taken literally', { q: 'back\\slash' }, ['rtx']],
    ['control characters', { q: 'small\u0000machine' }, ['vps']],
    ['one kind', { kind: 'gpu' }, ['rtx', 'h100']],
    ['two kinds', { kind: ['compute', 'storage'] }, ['vps', 'disk']],
    ['a GPU', { gpu_model: 'RTX 4090' }, ['rtx']],
    ['a country, in small letters', { country: 'de' }, ['vps', 'rtx']],
    ['a virtualisation', { virtualization: 'kvm' }, ['vps']],
    ['a provider', { provider: 'bob-hosts' }, ['vps']],
    ['a currency', { currency: 'EUR' }, ['vps']],
    ['GPUs', { min_gpu_count: 2 }, ['h100']],
    ['a fraction of a GPU', { min_gpu_count: '1.5' }, ['h100']],
    ['GPU memory', { min_gpu_memory_gib: 24 }, ['rtx', 'h100']],
    ['a fraction of a CPU', { min_vcpus: '15.5' }, ['rtx', 'h100']],
    ['memory', { min_memory_gib: 64 }, ['rtx', 'h100']],
    ['disk', { min_disk_gib: '40.5' }, ['rtx', 'disk', 'h100']],
    ['uplink', { min_uplink_mbps: 1_000 }, ['vps', 'rtx', 'h100']],
    ['a price an hour', { max_hourly: '0.40' }, ['vps', 'rtx']],
    ['a price beyond all', { max_hourly: '9,999,999,999' }, ['vps', 'rtx', 'disk', 'h100']],
    ['hours', { hours: 721 }, ['vps']],
    ['few hours', { hours: 1 }, ['rtx', 'disk', 'h100']],
    ['stock', { in_stock: '1', country: 'DE' }, ['vps']],
    ['several at once', { kind: 'gpu', country: 'NL', q: 'node', in_stock: '1' }, ['h100']],
    ['what nothing has', { gpu_model: "x' OR 1=1 --" }, []],
  ])('by %s finds what it should', async (_, query, expected) => {
    expect(await found(query)).toEqual(expected);
    expect((await find({ ...query, limit: 1 })).total).toBe(expected.length);
  });

  test('by a rule that accepts at once follows the rule’s life', async () => {
    const query = { auto_accept: '1' as const };
    expect(await found(query)).toEqual([]);
    const disk = (await send(t, search, { query: { kind: 'storage' } })).answer().items[0];
    if (!disk) throw new Error('No storage is listed');
    const { id } = await setAutoAccept(ada, { ...disk, description: '', created_at: '' }, 48);
    const page = await send(t, search, { query });
    expect(page.answer().items).toMatchObject([{ id, auto_accept_hours: 48 }]);
    await ada.ask(endpoints.offerings.removeAutoAccept, { params: { offering_id: id } });
    expect(await found({ auto_accept: '1' })).toEqual([]);
  });
});

test('facets count all that is listed and public, most first, whatever is filtered', async () => {
  const reply = await send(t, search, { query: { kind: 'storage', limit: 1 } });
  expect(reply.answer().facets).toEqual({
    kind: [
      { value: 'gpu', count: 2 },
      { value: 'compute', count: 1 },
      { value: 'storage', count: 1 },
    ],
    gpu_model: [
      { value: 'H100 SXM', count: 1 },
      { value: 'RTX 4090', count: 1 },
    ],
    country: [
      { value: 'DE', count: 2 },
      { value: 'NL', count: 2 },
    ],
  });
});

describe('what cannot be searched for', () => {
  test.each<[string, Query, string]>([
    ['a price that is no amount', { max_hourly: 'cheap' }, '/query/max_hourly'],
    ['a price below zero', { max_hourly: '-1' }, '/query/max_hourly'],
    ['an unknown sort', { sort: 'best' }, '/query/sort'],
    ['an unknown kind', { kind: ['gpu', 'boat'] }, '/query/kind/1'],
    ['a page of a thousand', { limit: 1_000 }, '/query/limit'],
    ['no hours', { hours: 0 }, '/query/hours'],
    ['control characters in a GPU', { gpu_model: 'a\u0000' }, '/query/gpu_model/0'],
    ['control characters in a handle', { provider: '\u0000' }, '/query/provider'],
    ['words without end', { q: 'a'.repeat(201) }, '/query/q'],
  ])('is named: %s', async (_, query, pointer) => {
    expect(await find(query)).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  test('a cursor of another sort, of other values or of nobody is refused', async () => {
    const of = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
    const [id = ''] = names.keys();
    const { next_cursor } = await find({ sort: 'newest', limit: 1 });
    const cursors = [
      next_cursor,
      'rubbish',
      of('price', 'e9s:9999999999999999999', id),
      of('price', 5, id),
      of('price', 'e9s:5', '\u0000'),
      of('price', null, null),
      of('price', 'e9s:5'),
    ];
    for (const cursor of cursors) {
      expect(await find({ cursor, sort: 'price' })).toMatchObject({ code: 'cursor.invalid' });
    }
    const late = of('newest', 'no time', id);
    expect(await find({ cursor: late, sort: 'newest' })).toMatchObject({ code: 'cursor.invalid' });
    const text = of('memory', 'much', id);
    expect(await find({ cursor: text, sort: 'memory' })).toMatchObject({ code: 'cursor.invalid' });
  });
});
