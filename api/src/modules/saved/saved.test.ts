import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoints } from '@berth/shared/endpoints';
import { offeringInput, type OfferingInput } from '@berth/shared/offerings/schemas';
import { MAX_SAVED_SEARCHES } from '@berth/shared/saved/schemas';
import { MINUTE_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { renew, signUp, type Client } from '../../../test/people.ts';
import { listOffering, someOffering } from '../../../test/rental.ts';
import { lastNewsId, listOfferingNews } from '../../db/search-rows.ts';
import { lookAgain, settleChanges } from './jobs.ts';

const { saved, offerings, notices } = endpoints;
const at = (offering_id: string) => ({ params: { offering_id } });

let t: TestApp;
let provider: Client;
let renter: Client;

beforeAll(async () => {
  t = await makeTestApp();
  [provider, renter] = [await signUp(t, 'ada'), await signUp(t, 'bob')];
});
afterAll(() => t.close());

async function change(id: string, changes: Partial<OfferingInput>): Promise<void> {
  const { version } = await provider.ask(offerings.getOwn, at(id));
  const body = { version, offering: z.encode(offeringInput, { ...someOffering, ...changes }) };
  await provider.ask(offerings.change, { ...at(id), body });
}

/** Lets time pass as the process would: news, then what is due, then the news of that. */
async function later(minutes: number): Promise<void> {
  await t.drain();
  t.clock.advance(minutes * MINUTE_MS);
  await t.sweep();
  await t.drain();
  [provider, renter] = [await renew(provider), await renew(renter)];
}

/** What the renter was told since it was asked last. */
async function told(): Promise<string[]> {
  const { items } = await renter.ask(notices.list, { query: { unread: '1' } });
  await renter.ask(notices.read, { body: { all: true } });
  return items.map(({ title }) => title);
}

describe('a saved offering', () => {
  test('is listed latest first, as it is now and as it was last told of', async () => {
    const [first, second] = [await listOffering(provider), await listOffering(provider)];
    await renter.ask(saved.saveOffering, at(first.id));
    t.clock.advance(1);
    await renter.ask(saved.saveOffering, at(second.id));
    await renter.ask(saved.saveOffering, at(first.id));
    const { ids } = await renter.ask(saved.listOfferingIds, {});
    expect(ids).toEqual([second.id, first.id]);
    const page = await renter.ask(saved.listOfferings, { query: { limit: 1 } });
    expect(page.items).toMatchObject([
      { offering_id: second.id, offering: { title: second.title }, told: { available: true } },
    ]);
    const query = { limit: 1, cursor: page.next_cursor ?? '' };
    const rest = await renter.ask(saved.listOfferings, { query });
    expect(rest).toMatchObject({ items: [{ offering_id: first.id }], next_cursor: null });
    await renter.ask(saved.removeOffering, at(second.id));
    const again = await renter.refused(saved.removeOffering, at(second.id));
    expect(again.code).toBe('request.not_found');
    expect((await renter.ask(saved.listOfferingIds, {})).ids).toEqual([first.id]);
    expect((await provider.ask(saved.listOfferingIds, {})).ids).toEqual([]);
  });

  test('that cannot be seen cannot be saved; one that was hidden later is shown as gone', async () => {
    const { id } = await listOffering(provider, { visibility: 'private' });
    const refusal = await renter.refused(saved.saveOffering, at(id));
    expect(refusal.code).toBe('request.not_found');
    await change(id, { visibility: 'public' });
    await renter.ask(saved.saveOffering, at(id));
    await change(id, { visibility: 'private' });
    const { items } = await renter.ask(saved.listOfferings, { query: {} });
    expect(items.find(({ offering_id }) => offering_id === id)?.offering).toBeNull();
  });

  test('tells of a new price and of stock that went and came, once each', async () => {
    const { id } = await listOffering(provider, { title: 'Watched box', setup_fee_e9s: 0n });
    await renter.ask(saved.saveOffering, at(id));
    await later(5);
    await told();
    await change(id, { title: 'Watched box', setup_fee_e9s: 0n, price_e9s: 15_000_000_000n });
    await later(5);
    expect(await told()).toEqual(['Watched box now costs $15.00 per hour, was $19.92 per hour']);
    const sold_out = { title: 'Watched box', setup_fee_e9s: 0n, price_e9s: 15_000_000_000n };
    await change(id, { ...sold_out, stock: 0 });
    await later(5);
    expect(await told()).toEqual(['Watched box cannot be rented right now']);
    await change(id, { ...sold_out, stock: 2 });
    await later(5);
    expect(await told()).toEqual(['Watched box can be rented again, at $15.00 per hour']);
    await later(5);
    expect(await told()).toEqual([]);
  });

  test('says nothing of a change that was taken back within two minutes', async () => {
    const { id } = await listOffering(provider);
    await renter.ask(saved.saveOffering, at(id));
    await later(5);
    await told();
    await change(id, { stock: 0 });
    await later(1);
    await change(id, {});
    await later(5);
    expect(await told()).toEqual([]);
  });

  test('that changes again while it is looked at is told as it is in the end', async () => {
    const { id } = await listOffering(provider, { title: 'Busy box', setup_fee_e9s: 0n });
    await renter.ask(saved.saveOffering, at(id));
    const priced = (price_e9s: bigint) =>
      change(id, { title: 'Busy box', setup_fee_e9s: 0n, price_e9s });
    await priced(15_000_000_000n);
    await t.drain();
    t.clock.advance(5 * MINUTE_MS);
    await settleChanges({
      ...t.deps,
      async write(work) {
        await priced(12_000_000_000n);
        await t.drain();
        return t.deps.write(work);
      },
    });
    await later(5);
    expect((await told())[0]).toContain('Busy box now costs $12.00 per hour');
  });

  test('tells no price that only its provider sees', async () => {
    const { id } = await listOffering(provider, { stock: 0 });
    await renter.ask(saved.saveOffering, at(id));
    const hidden = { stock: 0, visibility: 'private', price_e9s: 1_000_000_000n } as const;
    await change(id, hidden);
    await later(5);
    expect(await told()).toEqual([]);
    const { items } = await renter.ask(saved.listOfferings, { query: {} });
    const row = items.find(({ offering_id }) => offering_id === id);
    expect(row?.told.price_e9s).toBe(someOffering.price_e9s.toString());
  });

  test('that only its address leads to tells of its changes too, and nobody else', async () => {
    const { id } = await listOffering(provider, { visibility: 'unlisted' });
    await renter.ask(saved.saveOffering, at(id));
    await t.drain();
    const before = await lastNewsId(t.deps.db);
    await change(id, { visibility: 'unlisted', stock: 0 });
    await later(5);
    expect(await told()).toEqual([`${someOffering.title} cannot be rented right now`]);
    expect((await listOfferingNews(t.deps.db, before, 100)).ids).toEqual([]);
  });

  test('whose last unit is only held is told of once that is rented or comes back', async () => {
    const { id } = await listOffering(provider, { stock: 1 });
    await renter.ask(saved.saveOffering, at(id));
    const held = () => renter.ask(offerings.hold, { ...at(id), body: { hours: 24 } });
    await held();
    await t.drain();
    t.clock.advance(MINUTE_MS);
    await t.sweep();
    await held();
    t.clock.advance(MINUTE_MS - 1);
    await held();
    await t.drain();
    t.clock.advance(1);
    await settleChanges(t.deps);
    await t.drain();
    expect(await told()).toEqual([]);
    await later(5);
    expect(await told()).toEqual([]);
    const { version } = await provider.ask(offerings.getOwn, at(id));
    await provider.ask(offerings.move, { ...at(id), body: { action: 'pause', version } });
    await later(5);
    expect(await told()).toEqual([`${someOffering.title} cannot be rented right now`]);
  });

  test('is one of many that changed at once: the notice counts them', async () => {
    for (let n = 0; n < 5; n += 1) {
      const { id } = await listOffering(provider);
      await renter.ask(saved.saveOffering, at(id));
      await change(id, { stock: 0 });
    }
    await later(5);
    expect(await told()).toEqual(['5 offerings you saved have changed']);
  });

  test('that was removed tells nothing more', async () => {
    const { id } = await listOffering(provider);
    await renter.ask(saved.saveOffering, at(id));
    await renter.ask(saved.removeOffering, at(id));
    await change(id, { stock: 0 });
    await later(5);
    expect(await told()).toEqual([]);
  });
});

const noMachine = { gpu_model: null, gpu_count: null, gpu_memory_gib: null } as const;
const search = { q: 'gpu:"RTX 4090"', sort: 'price', hours: 24, weights: '', tells: true } as const;

describe('a saved search', () => {
  test('keeps what the address says, is changed and removed by its owner alone', async () => {
    const made = await renter.ask(saved.saveSearch, { body: { ...search, name: 'Cheap cards' } });
    expect(made).toMatchObject({ ...search, name: 'Cheap cards' });
    const one = { params: { saved_search_id: made.id } };
    const body = { ...search, name: 'Cards', tells: false };
    expect((await provider.refused(saved.changeSearch, { ...one, body })).code).toBe(
      'request.not_found',
    );
    expect((await provider.refused(saved.removeSearch, one)).code).toBe('request.not_found');
    const changed = await renter.ask(saved.changeSearch, { ...one, body });
    expect((await renter.ask(saved.listSearches, {})).items).toEqual([changed]);
    await renter.ask(saved.removeSearch, one);
    expect((await renter.ask(saved.listSearches, {})).items).toEqual([]);
  });

  test('that cannot be read is refused at its word', async () => {
    const body = { ...search, name: 'Wrong', q: 'gpux:H100' };
    const refusal = await renter.refused(saved.saveSearch, { body });
    expect(refusal).toMatchObject({ code: 'query.invalid', errors: [{ pointer: '/q', from: 0 }] });
  });

  test('tells of what was listed since, counted once, and of nothing else', async () => {
    const card = { gpu_model: 'RTX 4090', min_hours: 1, max_hours: 720 };
    await listOffering(provider, card);
    await later(0);
    const made = await renter.ask(saved.saveSearch, { body: { ...search, name: 'Cards' } });
    t.clock.advance(1);
    await later(1);
    await told();
    t.clock.advance(1);
    await listOffering(provider, card);
    await listOffering(provider, card);
    await listOffering(provider, { gpu_model: 'H100 SXM' });
    await later(20);
    expect(await told()).toEqual(['2 new offerings for “Cards”']);
    await later(20);
    expect(await told()).toEqual([]);
    await listOffering(provider, card);
    await renter.ask(saved.removeSearch, { params: { saved_search_id: made.id } });
    await later(20);
    expect(await told()).toEqual([]);
  });

  test('finds in the end what the index did not know when it looked', async () => {
    const made = await renter.ask(saved.saveSearch, { body: { ...search, name: 'Late' } });
    await later(1);
    t.clock.advance(15 * MINUTE_MS);
    await listOffering(provider, { gpu_model: 'RTX 4090', min_hours: 1, max_hours: 720 });
    const late: TestApp['deps']['search'] = {
      ...t.deps.search,
      search: async (ask) => ({ ...(await t.deps.search.search(ask)), total: 0 }),
    };
    await lookAgain({ ...t.deps, search: late });
    await later(20);
    expect(await told()).toEqual(['1 new offering for “Late”']);
    await renter.ask(saved.removeSearch, { params: { saved_search_id: made.id } });
  });

  test('tells of what its price or its stock brings in, and of no other change', async () => {
    const card = { gpu_model: 'L40S', min_hours: 1, max_hours: 720, setup_fee_e9s: 0n } as const;
    const dear = { ...card, unit: 'hour', price_e9s: 3_000_000_000n } as const;
    const { id } = await listOffering(provider, dear);
    const cheap = await listOffering(provider, { ...dear, price_e9s: 1_500_000_000n });
    await later(0);
    const q = 'gpu:L40S price:<2 stock:>=1';
    const made = await renter.ask(saved.saveSearch, { body: { ...search, q, name: 'Bargains' } });
    const ask = { params: { saved_search_id: made.id } };
    await later(16);
    await told();
    await change(id, { ...dear, price_e9s: 2_500_000_000n });
    await change(cheap.id, { ...dear, price_e9s: 1_400_000_000n });
    await later(16);
    expect(await told()).toEqual([]);
    await change(id, { ...dear, price_e9s: 1_900_000_000n });
    await later(16);
    expect(await told()).toEqual(['1 offering now fits “Bargains”']);
    await change(id, { ...dear, price_e9s: 1_800_000_000n, stock: 0 });
    await later(16);
    expect(await told()).toEqual([]);
    await change(id, { ...dear, price_e9s: 1_800_000_000n, stock: 2 });
    await listOffering(provider, { ...dear, price_e9s: 1_000_000_000n });
    await later(16);
    expect(await told()).toEqual(['1 new offering for “Bargains”, and 1 more that now fits']);
    await renter.ask(saved.removeSearch, ask);
  });

  test('looks for what its words mean, and for the words where nothing fits that', async () => {
    const box = { ...noMachine, kind: 'storage', title: 'Zebra boxes', min_hours: 1 } as const;
    const q = 'network zebra';
    await listOffering(provider, { ...box, description: 'On a fast network.' });
    const made = await renter.ask(saved.saveSearch, { body: { ...search, q, name: 'Zebras' } });
    await later(1);
    await told();
    await listOffering(provider, { ...box, description: 'A quiet network.' });
    await listOffering(provider, box);
    await later(16);
    expect(await told()).toEqual(['1 new offering for “Zebras”']);
    await listOffering(provider, { ...box, kind: 'network', description: 'Transit.' });
    await listOffering(provider, { ...box, description: 'Another network.' });
    await later(16);
    expect(await told()).toEqual(['1 new offering for “Zebras”']);
    await renter.ask(saved.removeSearch, { params: { saved_search_id: made.id } });
  });

  test('compares prices in the currency in which it was saved, and leads back to that', async () => {
    const file = { gpu_model: 'A30', currency: 'EUR', min_hours: 1, setup_fee_e9s: 0n } as const;
    const body = { ...search, q: 'gpu:A30 price:<2', name: 'In euros' };
    await renter.ask(saved.saveSearch, { body: { ...body, currency: 'EUR' } });
    await renter.ask(saved.saveSearch, { body: { ...body, name: 'In dollars' } });
    await later(1);
    await told();
    await listOffering(provider, { ...file, unit: 'hour', price_e9s: 1_500_000_000n });
    await later(16);
    expect(await told()).toEqual(['1 new offering for “In euros”']);
    const { items } = await renter.ask(endpoints.notices.list, {});
    expect(items[0]?.link).toContain('currency=EUR');
    for (const { id, name } of (await renter.ask(saved.listSearches, {})).items) {
      const params = { saved_search_id: id };
      if (name.startsWith('In ')) await renter.ask(saved.removeSearch, { params });
    }
  });

  test('that fails keeps no other from looking', async () => {
    const one = await renter.ask(saved.saveSearch, { body: { ...search, name: 'First' } });
    t.clock.advance(1);
    const two = await renter.ask(saved.saveSearch, { body: { ...search, name: 'Second' } });
    let asked = 0;
    const failing: TestApp['deps']['search'] = {
      ...t.deps.search,
      async search(ask) {
        asked += 1;
        if (asked === 1) throw new Error('no');
        return t.deps.search.search(ask);
      },
    };
    t.clock.advance(MINUTE_MS);
    await expect(lookAgain({ ...t.deps, search: failing })).rejects.toThrow('no');
    await lookAgain({ ...t.deps, search: failing });
    expect(asked).toBe(2);
    for (const { id } of [one, two]) {
      await renter.ask(saved.removeSearch, { params: { saved_search_id: id } });
    }
  });

  test('is refused with weights or characters that no address has', async () => {
    for (const odd of [{ weights: 'price:a lot' }, { weights: 'a\0b' }, { q: 'a\0b' }]) {
      const body = { ...search, name: 'Odd', ...odd };
      expect((await renter.refused(saved.saveSearch, { body })).code).toBe('request.invalid');
    }
    const cursor = Buffer.from(JSON.stringify(['saved', 'a\0', 'b'])).toString('base64url');
    const refusal = await renter.refused(saved.listOfferings, { query: { cursor } });
    expect(refusal.code).toBe('cursor.invalid');
  });

  test('is one of at most 50', async () => {
    const eve = await signUp(t, 'eve');
    for (let n = 0; n < MAX_SAVED_SEARCHES; n += 1) {
      await eve.ask(saved.saveSearch, { body: { ...search, name: `Search ${n}` } });
    }
    const refusal = await eve.refused(saved.saveSearch, { body: { ...search, name: 'One more' } });
    expect(refusal.code).toBe('account.too_many');
  });
});
