import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoints } from '@berth/shared/endpoints';
import { UNDO_HOURS, type BulkPreview } from '@berth/shared/offerings/bulk';
import {
  MAX_OFFERINGS,
  offeringInput,
  type OfferingInput,
  type OfferingView,
  type OwnOfferingView,
} from '@berth/shared/offerings/schemas';
import { HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental } from '../../../test/rental.ts';

const { offerings } = endpoints;
let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const someone = () => signUp(t, `provider-${(made += 1)}`);
type Change = Parameters<typeof previewOf>[2];
const idsOf = (shop: readonly OfferingView[]) => shop.map(({ id }) => id);
const getOwn = (who: Client, { id }: Pick<OfferingView, 'id'>) =>
  who.ask(offerings.getOwn, { params: { offering_id: id } });

async function openShop(who: Client, ...changes: Partial<OfferingInput>[]) {
  const shop: OfferingView[] = [];
  for (const one of changes) shop.push(await listOffering(who, { setup_fee_e9s: 0n, ...one }));
  return shop;
}
const previewOf = (
  who: Client,
  shop: readonly OfferingView[],
  change: Parameters<typeof who.ask<typeof offerings.previewBulk>>[1]['body']['change'],
) => who.ask(offerings.previewBulk, { body: { which: { offering_ids: idsOf(shop) }, change } });
const seen = ({ rows }: BulkPreview) =>
  rows.map(({ offering_id, version }) => ({ offering_id, version }));
async function apply(who: Client, shop: readonly OfferingView[], change: Change) {
  const body = { offerings: seen(await previewOf(who, shop, change)), change };
  return who.ask(offerings.bulk, { body });
}
const undo = (who: Client, change_id: string) =>
  who.ask(offerings.undoBulk, { params: { change_id } });
async function pricesOf(who: Client, shop: readonly OfferingView[]) {
  const now: OwnOfferingView[] = [];
  for (const one of shop) now.push(await getOwn(who, one));
  return now.map(({ price_e9s }) => price_e9s);
}

describe('a preview', () => {
  test('is answered while another request writes, needs no key, and no answer of it is kept', async () => {
    const ada = await someone();
    const shop = await openShop(ada, { stock: 3 });
    const kept = () => t.deps.db.selectFrom('idempotency_keys').select('idempotency_key').execute();
    const before = await kept();
    let finish = () => {};
    const writing = new Promise<void>((done) => {
      finish = done;
    });
    const write = t.deps.write(() => writing);
    try {
      expect(await previewOf(ada, shop, { type: 'stock_add', by: 1 })).toMatchObject({
        changed: 1,
      });
      const file = { format: 'csv' as const, text: 'reference,title\na,Alpha' };
      expect(await ada.ask(offerings.previewImport, { body: file })).toMatchObject({ refused: 1 });
      const guess = await ada.ask(offerings.suggestMapping, { body: file });
      expect(guess.mapping.columns).toHaveProperty('title');
    } finally {
      finish();
    }
    await write;
    expect(await kept()).toEqual(before);
  });

  test('tells before and after of each, what is refused and why, and changes nothing', async () => {
    const ada = await someone();
    const shop = await openShop(ada, { stock: 3 }, { stock: 9 }, { stock: 0 });
    const view = await previewOf(ada, shop, { type: 'stock_add', by: -3 });
    expect(view).toMatchObject({ changed: 2, unchanged: 0, refused: 1 });
    expect(
      view.rows.map(({ before, after, error }) => [before.stock, after?.stock, error]),
    ).toEqual([
      [3, 0, null],
      [9, 6, null],
      [0, undefined, 'It has 0 in stock.'],
    ]);
    expect(await Promise.all(shop.map((one) => getOwn(ada, one)))).toMatchObject(
      shop.map(({ stock, version }) => ({ stock, version })),
    );
  });

  test('of a filter takes what a list of one’s own has, and of another’s nothing', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const shop = await openShop(ada, { title: 'Blue whale' }, { title: 'Red kite' });
    const change = { type: 'stock_set', stock: 7 } as const;
    const found = await ada.ask(offerings.previewBulk, {
      body: { which: { filter: { state: 'listed', q: 'BLUE' } }, change },
    });
    expect(found.rows.map(({ title }) => title)).toEqual(['Blue whale']);
    const body = { which: { offering_ids: idsOf(shop) }, change };
    expect((await eve.refused(offerings.previewBulk, { body })).code).toBe('request.not_found');
    const all = await eve.ask(offerings.previewBulk, { body: { which: { filter: {} }, change } });
    expect(all.rows).toEqual([]);
  });

  test('keeps to the machine, the unit and the currency, and to a price of what is listed', async () => {
    const ada = await someone();
    const [hourly, monthly] = await openShop(ada, {}, { unit: 'month', currency: 'EUR' });
    const shop = [hourly, monthly].filter((one) => one !== undefined);
    const errors = async (change: Change) =>
      (await previewOf(ada, shop, change)).rows.map(({ error }) => error);
    const price = { type: 'price_amount', unit: 'hour', currency: 'USD' } as const;
    expect(await errors({ ...price, price_e9s: '5' })).toEqual([
      null,
      'Its price is in EUR per month.',
    ]);
    expect((await errors({ ...price, price_e9s: '0' }))[0]).toMatch(/price above zero/);
    expect((await errors({ type: 'move', action: 'restore' }))[0]).not.toBeNull();
    expect(await errors({ type: 'move', action: 'list' })).toEqual([null, null]);
    expect((await errors({ type: 'stock_add', by: 100_000 }))[0]).toMatch(/at most 100,000/);
    expect((await errors({ type: 'price_percent', percent: 1_000 }))[0]).toBeNull();
  });
});

describe('a change', () => {
  test('of prices by percent makes the whole cents that its preview showed', async () => {
    const ada = await someone();
    const shop = await openShop(ada, { price_e9s: 1_220_000_000n }, { price_e9s: 3_500_000n });
    const change = { type: 'price_percent', percent: 2.3 } as const;
    const { rows } = await previewOf(ada, shop, change);
    expect(rows.map(({ after }) => after?.price_e9s)).toEqual(['1250000000', '3600000']);
    await apply(ada, shop, change);
    expect(await pricesOf(ada, shop)).toEqual(['1250000000', '3600000']);
  });

  test('keeps new terms, which a renter signs next', async () => {
    const [ada, bob] = [await someone(), await someone()];
    const shop = await openShop(ada, {});
    await apply(ada, shop, { type: 'price_percent', percent: 10 });
    const now = await getOwn(ada, { id: shop[0]?.id ?? '' });
    expect(now.terms_hash).not.toBe(shop[0]?.terms_hash);
    expect((await requestRental(bob, now)).state).toBe('pending');
  });

  test('is made to all or to none: who was moved in the meantime is named', async () => {
    const [ada, bob] = [await someone(), await someone()];
    const shop = await openShop(ada, {}, {}, {});
    const change = { type: 'price_percent', percent: 5 } as const;
    const body = { offerings: seen(await previewOf(ada, shop, change)), change };
    await requestRental(bob, shop[1] ?? shop[0]!);
    expect(await ada.refused(offerings.bulk, { body })).toMatchObject({
      code: 'offering.moved',
      offerings: [{ offering_id: shop[1]?.id, version: (shop[1]?.version ?? 0) + 1 }],
    });
    expect(await pricesOf(ada, shop)).toEqual(shop.map(({ price_e9s }) => price_e9s));
  });

  test('that one of them refuses changes none, and points at it', async () => {
    const ada = await someone();
    const shop = await openShop(ada, { stock: 5 }, { stock: 1 });
    const offered = shop.map(({ id, version }) => ({ offering_id: id, version }));
    const body = { offerings: offered, change: { type: 'stock_add', by: -2 } as const };
    expect(await ada.refused(offerings.bulk, { body })).toMatchObject({
      code: 'offering.refused',
      errors: [{ pointer: '/offerings/1', message: 'It has 1 in stock.' }],
    });
    expect((await getOwn(ada, { id: shop[0]?.id ?? '' })).stock).toBe(5);
  });

  test('leaves what is so already as it was', async () => {
    const ada = await someone();
    const shop = await openShop(ada, {}, {});
    await apply(ada, shop.slice(0, 1), { type: 'move', action: 'pause' });
    const reply = await apply(ada, shop, { type: 'move', action: 'pause' });
    expect(reply).toMatchObject({ changed: 1, unchanged: 1 });
    expect((await getOwn(ada, { id: shop[0]?.id ?? '' })).version).toBe(3);
  });
});

describe('an undo', () => {
  test('puts back what nobody touched since, and tells what stays and why', async () => {
    const [ada, bob] = [await someone(), await someone()];
    const shop = await openShop(ada, { title: 'First' }, { title: 'Second' }, { title: 'Third' });
    const { change_id } = await apply(ada, shop, { type: 'price_percent', percent: 10 });
    await apply(ada, shop.slice(1, 2), { type: 'price_percent', percent: 10 });
    // A unit that was rented is no other price.
    await requestRental(bob, await getOwn(ada, { id: shop[2]?.id ?? '' }));
    const told = await undo(ada, change_id);
    expect(told.put_back).toBe(2);
    expect(told.rows.map(({ title, kept }) => [title, kept])).toEqual([
      ['First', null],
      ['Second', 'Its price was changed since.'],
      ['Third', null],
    ]);
    const [first, second, third] = await pricesOf(ada, shop);
    expect([first, third]).toEqual([shop[0]?.price_e9s, shop[2]?.price_e9s]);
    expect(second).not.toBe(shop[1]?.price_e9s);
  });

  test('puts no price back that what was changed since makes too much to be offered', async () => {
    const ada = await someone();
    const shop = await openShop(ada, { price_e9s: 10n ** 17n, min_hours: 1, max_hours: 1 });
    const { change_id } = await apply(ada, shop, { type: 'price_percent', percent: -99 });
    const now = await getOwn(ada, shop[0]!);
    const offering = z.encode(offeringInput, { ...offeringInput.parse(now), max_hours: 100 });
    const params = { offering_id: now.id };
    await ada.ask(offerings.change, { params, body: { version: now.version, offering } });
    const told = await undo(ada, change_id);
    expect(told.put_back).toBe(0);
    expect(told.rows[0]?.kept).toMatch(/^For 100 hours the price is at most/);
    expect(await pricesOf(ada, shop)).toEqual([now.price_e9s]);
  });

  test('of stock and of states works alike, the archived ones too', async () => {
    const [ada, bob] = [await someone(), await someone()];
    const shop = await openShop(ada, { stock: 5 }, { stock: 6 });
    const set = await apply(ada, shop, { type: 'stock_set', stock: 2 });
    await requestRental(bob, await getOwn(ada, { id: shop[0]?.id ?? '' }));
    expect((await undo(ada, set.change_id)).rows.map(({ kept }) => kept)).toEqual([
      'Its stock was changed since.',
      null,
    ]);
    const away = await apply(ada, shop, { type: 'move', action: 'archive' });
    expect((await undo(ada, away.change_id)).put_back).toBe(2);
    const now = await Promise.all(shop.map((one) => getOwn(ada, one)));
    expect(now.map(({ state, stock }) => [state, stock])).toEqual([
      ['listed', 1],
      ['listed', 6],
    ]);
  });

  test('can be found again for a day: what was changed lately is listed, and what was undone', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const shop = await openShop(ada, { stock: 1 }, { stock: 2 });
    const first = await apply(ada, shop, { type: 'price_percent', percent: 10 });
    t.clock.advance(MINUTE_MS);
    const second = await apply(ada, shop.slice(1), { type: 'stock_set', stock: 7 });
    await undo(ada, second.change_id);
    const { items } = await ada.ask(offerings.listBulk, {});
    expect(items).toMatchObject([
      { change_id: second.change_id, what: 'stock', changed: 1, undone_at: t.clock.now() },
      { change_id: first.change_id, what: 'price', changed: 2, undone_at: null },
    ]);
    expect(items[1]?.undo_until).toBe(first.undo_until);
    expect((await eve.ask(offerings.listBulk, {})).items).toEqual([]);
    t.clock.advance(UNDO_HOURS * HOUR_MS - MINUTE_MS);
    const left = await (await signIn(t, ada)).ask(offerings.listBulk, {});
    expect(left.items.map(({ change_id }) => change_id)).toEqual([second.change_id]);
  });

  test('is possible once, for a day, and only to its provider', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const shop = await openShop(ada, {});
    const first = await apply(ada, shop, { type: 'stock_add', by: 1 });
    const ask = (id: string) => ({ params: { change_id: id } });
    expect((await eve.send(offerings.undoBulk, ask(first.change_id))).status).toBe(404);
    await undo(ada, first.change_id);
    expect((await ada.send(offerings.undoBulk, ask(first.change_id))).status).toBe(404);
    const second = await apply(ada, shop, { type: 'stock_add', by: 1 });
    t.clock.advance(UNDO_HOURS * HOUR_MS);
    const later = await signIn(t, ada);
    expect((await later.send(offerings.undoBulk, ask(second.change_id))).status).toBe(404);
    await t.sweep();
    const kept = await t.deps.db.selectFrom('bulk_changes').select('id').execute();
    expect(kept).toEqual([]);
  });
});

test('who has more offerings than an account may keep can put them away, and bring none back', async () => {
  const ada = await someone();
  const cells = { kind: 'VPS', title: 'A small machine', country: 'Netherlands', price: '2.50' };
  const rows = Array.from({ length: MAX_OFFERINGS }, () => ({
    ...{ offering_id: null, version: null, cells },
  }));
  await ada.ask(offerings.saveRows, { body: { rows } });
  const { items } = await ada.ask(offerings.listOwn, { query: { limit: 5 } });
  const shop = items.slice(0, 4);
  const away = await apply(ada, shop, { type: 'move', action: 'archive' });
  for (const _ of shop) {
    await ada.ask(offerings.duplicate, { params: { offering_id: items[4]!.id } });
  }
  // As where the limit was higher once.
  await t.deps.write(({ tx }) =>
    tx
      .updateTable('offerings')
      .set({ state: 'draft' })
      .where('id', 'in', idsOf(shop).slice(0, 3))
      .execute(),
  );
  const [one, two, three, put_away] = await Promise.all(shop.map((own) => getOwn(ada, own)));
  const move = (own: OwnOfferingView, action: 'archive' | 'restore') => ({
    params: { offering_id: own.id },
    body: { version: own.version, action },
  });
  expect((await ada.ask(offerings.move, move(one!, 'archive'))).state).toBe('archived');
  const stock = await apply(ada, [two!], { type: 'stock_set', stock: 3 });
  expect((await undo(ada, stock.change_id)).put_back).toBe(1);
  await apply(ada, [three!], { type: 'move', action: 'archive' });
  expect((await ada.refused(offerings.move, move(put_away!, 'restore'))).code).toBe(
    'account.too_many',
  );
  expect((await undo(ada, away.change_id)).put_back).toBe(0);
});
