import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signUp, type Client } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';

const { search } = endpoints.market;
let t: TestApp;
let ada: Client;

const nothing = {
  gpu_model: null,
  gpu_count: null,
  gpu_memory_gib: null,
  unmetered: false,
  features: [],
  description: 'As it says.',
  setup_fee_e9s: 0n,
} satisfies Partial<OfferingInput>;

const shop: Record<string, Partial<OfferingInput>> = {
  h100: { title: 'Eight H100 in one node', max_hours: 1_000 },
  rtx: {
    title: 'Gaming card',
    gpu_model: 'RTX 4090',
    gpu_count: 1,
    gpu_memory_gib: 24,
    price_e9s: 400_000_000n,
    setup_fee_e9s: 0n,
    country: 'DE',
    city: 'Köln',
    stock: 0,
    operating_systems: ['Debian 13'],
  },
  vps: { ...nothing, title: 'Small machine', kind: 'compute', country: 'DE', city: 'Nürnberg' },
  disk: {
    ...nothing,
    title: 'Boxes of bits',
    kind: 'storage',
    disk_gib: 100_000,
    country: 'US',
    city: 'Dallas',
  },
};
const names = new Map<string, string>();

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  for (const [name, changes] of Object.entries(shop)) {
    t.clock.advance(1_000);
    names.set((await listOffering(ada, changes)).id, name);
  }
  await t.drain();
});
afterAll(() => t.close());

type Query = NonNullable<Parameters<typeof send<typeof search>>[2]['query']>;
const find = async (query: Query) => (await send(t, search, { query })).answer();
const found = async (query: Query) =>
  (await find(query)).items.map(({ id }) => names.get(id) ?? 'unknown');

describe('plain words', () => {
  const meant = async (q: string) => (await find({ q })).understood;

  test.each<[string, string[]]>([
    ['GPU', ['h100', 'rtx']],
    ['nvidia', ['h100', 'rtx']],
    ['amd gpu', []],
    ['vps', ['vps']],
    ['storage in the us', ['disk']],
    ['gpu in germany', ['rtx']],
    ['rtx 4090 24gb', ['rtx']],
    ['gpu 80gb', ['h100']],
    ['not europe', ['disk']],
    ['-gpu', ['disk', 'vps']],
    ['vps or storage', ['disk', 'vps']],
    ['gpu under $1', ['rtx']],
    ['debian 13', ['rtx']],
    ['in stock gpu', ['h100']],
    ['"gpu"', []],
  ])('find what they mean: %s', async (q, wanted) => {
    expect((await found({ q })).sort()).toEqual(wanted);
    expect((await find({ q })).as_words).toBe(false);
  });

  test('say the order, unless another one is chosen, and what each was understood as', async () => {
    const cheap = await find({ q: 'cheap gpu' });
    expect(cheap.sort).toBe('price');
    expect(cheap.items.map(({ id }) => names.get(id))).toEqual(['rtx', 'h100']);
    expect((await find({ q: 'cheap gpu', sort: 'best' })).sort).toBe('best');
    expect((await find({ q: 'gpu' })).sort).toBe('best');
    expect(await meant('cheap gpu not in europe "gpu"')).toEqual([
      { text: 'cheap', query: null, sort: 'price' },
      { text: 'gpu', query: 'kind:gpu', sort: null },
      { text: 'in europe', query: '-region:europe', sort: null },
    ]);
  });

  test('are searched for as words where nothing fits what they mean, page by page', async () => {
    for (let made = 0; made < 3; made += 1) {
      t.clock.advance(1_000);
      const text = { title: `Dallas boxes ${made}`, description: 'No hosting, no GPU.' };
      names.set((await listOffering(ada, { ...shop['disk'], ...text })).id, `boxes${made}`);
    }
    const whole = await find({ q: 'hosting in dallas', sort: 'newest' });
    expect(whole.items.map(({ id }) => names.get(id))).toEqual(['boxes2', 'boxes1', 'boxes0']);
    expect(whole).toMatchObject({ total: 3, as_words: true });
    const first = await find({ q: 'hosting in dallas', sort: 'newest', limit: 2 });
    const site = await listOffering(ada, { ...shop['disk'], kind: 'hosting' });
    const rest = await find({
      ...{ q: 'hosting in dallas', sort: 'newest', limit: 2 },
      cursor: first.next_cursor ?? '',
    });
    expect(rest.items.map(({ id }) => names.get(id))).toEqual(['boxes0']);
    expect(await find({ q: 'hosting in dallas' })).toMatchObject({ total: 1, as_words: false });
    const ask = { query: { q: 'hosting in dallas' } };
    const kinds = async () =>
      (await send(t, endpoints.market.facets, ask))
        .answer()
        .facets.find(({ field }) => field === 'country')?.values;
    expect(await kinds()).toEqual([{ value: 'US', count: 1 }]);
    const archive = { action: 'archive' as const, version: site.version };
    await ada.ask(endpoints.offerings.move, { params: { offering_id: site.id }, body: archive });
    expect(await kinds()).toEqual([{ value: 'US', count: 3 }]);
    for (const [id, name] of names) {
      if (!name.startsWith('boxes')) continue;
      const params = { offering_id: id };
      const { version } = await ada.ask(endpoints.offerings.get, { params });
      const body = { action: 'archive' as const, version };
      await ada.ask(endpoints.offerings.move, { params, body });
    }
  });
});
