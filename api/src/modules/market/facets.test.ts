import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { readQuery } from '@berth/shared/market/query';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signUp, type Client } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';

const { search, facets, completions } = endpoints.market;
let t: TestApp;
let ada: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada', { display_name: 'Ada Engines' });
  const bob = await signUp(t, 'bob-hosts');
  await listOffering(ada, { title: 'Node one' });
  await listOffering(ada, { title: 'Node two', country: 'DE', city: 'Berlin' });
  await listOffering(ada, { gpu_model: 'RTX 4090', gpu_count: 1, gpu_memory_gib: 24 });
  await listOffering(bob, { gpu_model: 'RTX 4080', gpu_count: 2, currency: 'EUR' });
  await listOffering(bob, { gpu_model: 'RTX 3090', max_hours: 24 });
  for (const visibility of ['unlisted', 'private'] as const) {
    await listOffering(ada, {
      ...{ visibility, title: 'Zanzibar node', gpu_model: 'Zebra 9', city: 'Zagreb' },
      ...{ country: 'HR', features: ['Zipline'] },
    });
  }
  const paused = await listOffering(bob, { title: 'Zanzibar', country: 'HR', city: 'Zadar' });
  await bob.ask(endpoints.offerings.move, {
    params: { offering_id: paused.id },
    body: { action: 'pause', version: paused.version },
  });
  await t.drain();
});
afterAll(() => t.close());

describe('the facets', () => {
  const count = async (query: { q?: string; hours?: number }) => {
    const reply = (await send(t, facets, { query })).answer();
    return (field: string) => {
      const found = reply.facets.find((one) => one.field === field);
      return Object.fromEntries((found?.values ?? []).map((one) => [one.value, one.count]));
    };
  };

  test('count the values of all that matches for these hours', async () => {
    const all = await count({});
    expect(all('country')).toEqual({ NL: 3, DE: 1 });
    expect(all('gpu')).toEqual({ 'H100 SXM': 2, 'RTX 4090': 1, 'RTX 4080': 1 });
    expect(all('provider')).toEqual({ ada: 3, 'bob-hosts': 1 });
    expect((await count({ hours: 24 }))('gpu')).toMatchObject({ 'RTX 3090': 1 });
  });

  test('count each field’s values as if its own filter were not there', async () => {
    const some = await count({ q: 'gpu:"RTX 4090" provider:ada' });
    expect(some('gpu')).toEqual({ 'H100 SXM': 2, 'RTX 4090': 1 });
    expect(some('provider')).toEqual({ ada: 1 });
    expect(some('country')).toEqual({ NL: 1 });
  });

  test('count nothing that is hidden', async () => {
    const reply = await send(t, facets, { query: {} });
    expect(reply.text).not.toMatch(/Zebra|Zagreb|Zadar|Zipline|"HR"/);
  });
});

describe('completion', () => {
  const complete = async (q: string, at?: number) =>
    (await send(t, completions, { query: { q, ...(at === undefined ? {} : { at }) } })).answer()
      .items;
  const applied = async (q: string, at = q.length) =>
    (await complete(q, at)).map(({ text, from, to }) => q.slice(0, from) + text + q.slice(to));

  test.each([
    ['a field by its name', 'gpu_me', 'gpu_memory:'],
    ['a field by another word for it', 'vram', 'gpu_memory:'],
    ['a field after a denial', 'rtx -curr', 'rtx -currency:'],
    ['a field in brackets', '(stock:1 or coun', '(stock:1 or country:'],
    ['a value', 'gpu:H1', 'gpu:"H100 SXM"'],
    ['a value in quotes', 'gpu:"RTX 408', 'gpu:"RTX 4080"'],
    ['a value after another', 'gpu:H100,RTX', 'gpu:H100,"RTX 4090"'],
    ['a value in brackets', 'country:(NL or germ', 'country:(NL or DE'],
    ['a field after brackets', 'country:(NL or DE) curr', 'country:(NL or DE) currency:'],
    ['a country by its name', 'country:Neth', 'country:NL'],
    ['a value with a label', 'kind:g', 'kind:gpu'],
    ['a flag', 'auto_accept:y', 'auto_accept:yes'],
    ['a provider', 'provider:bob', 'provider:bob-hosts'],
    ['a GPU from a bare word', '409', 'gpu:"RTX 4090"'],
    ['a word', 'amster', 'amsterdam'],
  ])('offers %s', async (_, q, expected) => {
    expect((await applied(q)).map((text) => text.toLowerCase())).toContain(expected.toLowerCase());
  });

  test('offers no word of the second half of what is typed, which would drop the first', async () => {
    expect(await complete('gpu_c')).not.toHaveLength(0);
    for (const q of ['gpu_c', 'rack-am', '"rack am']) {
      expect((await complete(q)).filter(({ type }) => type === 'word')).toEqual([]);
    }
  });

  test('replaces the whole word that the cursor stands in, and nothing else', async () => {
    expect(await applied('kind:gpu coun price:<2', 13)).toContain('kind:gpu country: price:<2');
    expect(await applied('gpu:"RTX 40" stock:1', 9)).toContain('gpu:"RTX 4090" stock:1');
  });

  test('writes what reads, counts what there is, and names it for people', async () => {
    const items = await complete('country:');
    expect(items).toMatchObject([
      { text: 'NL', label: 'Netherlands', type: 'value' },
      { text: 'DE', label: 'Germany', type: 'value' },
    ]);
    for (const q of ['rt', 'h', 'a', 'gpu:', 'provider:', 'city:', 'os:', 'feature:']) {
      for (const { text, from, to, type } of await complete(q)) {
        const whole = q.slice(0, from) + text + q.slice(to);
        if (type !== 'field') expect(readQuery(whole), whole).toMatchObject({ ok: true });
      }
    }
  });

  test('begins with the fields, and has nothing to say of numbers and of unknown fields', async () => {
    expect((await complete('')).map(({ type }) => type)).toContain('field');
    expect(await complete('gpu_count:')).toEqual([]);
    expect(await complete('colour:re')).toEqual([]);
    expect(await complete('colour:(red gr')).toEqual([]);
  });

  test('never offers what is hidden', async () => {
    for (const q of ['z', 'gpu:z', 'city:z', 'feature:z', 'country:h', 'gpu:"Zeb', 'zanz']) {
      expect(JSON.stringify(await complete(q))).not.toMatch(/Zebra|Zag|Zadar|Zip|"HR"|zanzi/i);
    }
  });
});

test('whatever is typed is answered, or refused with a place in it', async () => {
  const bits = [
    'gpu:',
    '-',
    '(',
    ')',
    '"',
    '\\',
    ' ',
    ',',
    '>=',
    '..',
    'or',
    '4',
    'ä',
    '\u0000',
    ':',
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...bits), { maxLength: 12 }).map((some) => some.join('')),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(30), async (q, at) => {
      for (const endpoint of [search, facets]) {
        const reply = await send(t, endpoint, { query: { q } });
        if (reply.status === 200) continue;
        const { code, errors = [] } = reply.problem();
        expect(code).toBe('query.invalid');
        const { from = -1, to = -1 } = errors[0] ?? {};
        expect(0 <= from && from <= to && to <= q.length).toBe(true);
      }
      for (const item of await completed(q, at)) {
        expect(0 <= item.from && item.from <= item.to && item.to <= q.length).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

const completed = async (q: string, at: number) =>
  (await send(t, completions, { query: { q, at } })).answer().items;
