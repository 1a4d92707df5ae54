import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { readQuery } from '@berth/shared/market/query';
import { presets } from '@berth/shared/market/rank';
import { makeLog } from '../deps.ts';
import { makeTestApp, type TestApp } from '../../test/harness.ts';
import { signUp, type Client } from '../../test/people.ts';
import { listOffering, someOffering } from '../../test/rental.ts';
import { openIndexHere } from './here.ts';
import type { SearchAsk, SearchIndex } from './index-port.ts';
import { openIndexThread } from './thread.ts';

const { offerings } = endpoints;

function asking(text: string, more: Partial<SearchAsk> = {}): SearchAsk {
  const read = readQuery(text);
  if (!read.ok) throw new Error(read.error.message);
  const { weights } = presets.best_value;
  const page = { weights, limit: 25, cursor: null, currency: null };
  return { query: read.query, plain: null, hours: 24, sort: 'price', ...page, ...more };
}

const ways = {
  'in this thread': (t: TestApp) => openIndexHere(t.deps),
  'in a thread of its own': (t: TestApp) =>
    openIndexThread({ where: t.where, clock: t.clock, log: makeLog('silent') }),
};

describe.each(Object.entries(ways))('the index %s', (_, open) => {
  let t: TestApp;
  let index: SearchIndex;
  let ada: Client;

  beforeAll(async () => {
    t = await makeTestApp({ live: true });
    ada = await signUp(t, 'ada');
    await listOffering(ada, { title: 'Listed before', features: ['Old'] });
    index = open(t);
    // While a thread starts, whoever asks is told to come again.
    while ((await index.stats().catch(() => null)) === null);
  });
  afterAll(async () => {
    await index.close();
    await t.close();
  });

  const idsOf = async (text: string) =>
    (await index.search(asking(text))).items.map(({ id }) => id);

  test('knows what was listed before it began', async () => {
    expect(await idsOf('feature:old')).toHaveLength(1);
    expect(await index.stats()).toMatchObject({ offerings: 1 });
  });

  test('finds an offering, its edit and its end by itself', async () => {
    const made = await listOffering(ada, { title: 'A rare machine', memory_gib: 77 });
    await expect.poll(() => idsOf('memory:77')).toEqual([made.id]);
    const { version } = made;
    await ada.ask(offerings.move, {
      params: { offering_id: made.id },
      body: { action: 'pause', version },
    });
    await expect.poll(() => idsOf('rare')).toEqual([]);
  });

  test('knows a change once it is told to read it', async () => {
    const made = await listOffering(ada, { title: 'Told by name', features: ['Told'] });
    await index.refresh([made.id, 'off_00000000000000000000']);
    expect(await idsOf('feature:told')).toEqual([made.id]);
  });

  test('answers every question, with what floats and amounts there are', async () => {
    const [best] = (await index.search(asking('', { sort: 'best' }))).items;
    expect(best?.ranking).toMatchObject({ place: 1, price_cut_percent: null });
    expect(typeof best?.total_e9s).toBe('bigint');
    const facets = await index.facets(asking(''));
    expect(facets.find(({ field }) => field === 'provider')?.values[0]?.value).toBe('ada');
    expect(facets.length).toBeGreaterThanOrEqual(25);
    const ask = { field: 'provider', prefix: 'ad', limit: 5 };
    expect(await index.complete(ask)).toMatchObject([{ value: 'ada' }]);
    const position = { offering_id: best?.id ?? '', hours: 24, similar: 3 };
    expect(await index.position(position)).toMatchObject({ similar: [expect.any(String)] });
    expect(await index.featured({ hours: 720, currency: 'USD', limit: 5 })).toBeInstanceOf(Array);
    const missing = { ...position, offering_id: 'off_00000000000000000000' };
    expect(await index.position(missing)).toBeNull();
  });

  test('knows what a query finds now that it did not find as it was', async () => {
    const { id } = await listOffering(ada, { title: 'Brought in', features: ['Entered'] });
    const { price_e9s, unit, setup_fee_e9s, currency } = someOffering;
    const was = { offering_id: id, price_e9s, unit, setup_fee_e9s, currency, available: true };
    const { query } = asking('feature:entered stock:>=1 price:<1000');
    const entered = (before: Partial<typeof was>) =>
      index.entered({ query, currency: null, hours: 24, before: [{ ...was, ...before }] });
    expect(await entered({})).toBe(0);
    expect(await entered({ price_e9s: 1_000_000_000_000_000n })).toBe(1);
    expect(await entered({ available: false })).toBe(1);
    expect(await entered({ available: false, offering_id: 'off_00000000000000000000' })).toBe(0);
  });

  test('refuses a cursor that it did not write', async () => {
    const asked = index.search(asking('', { cursor: 'x' }));
    await expect(asked).rejects.toMatchObject({ problem: { code: 'cursor.invalid' } });
  });
});

test('an index whose database cannot be read says that it is busy', async () => {
  const options = { where: '/nowhere/at/all.db', log: makeLog('silent') };
  const clock = { now: () => '', nowMs: () => 0 };
  const index = openIndexThread({ ...options, clock });
  await expect(index.search(asking(''))).rejects.toMatchObject({
    problem: { code: 'service.busy' },
  });
  await index.close();
});
