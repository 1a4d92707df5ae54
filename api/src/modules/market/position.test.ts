import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import { HISTORY_DAYS } from '@berth/shared/market/schemas';
import {
  offeringInput,
  type OfferingInput,
  type OfferingView,
} from '@berth/shared/offerings/schemas';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, move, rentalIn, someOffering } from '../../../test/rental.ts';
import { EVERYBODY } from '../../lib/hub.ts';

const { compare, position, featured } = endpoints.market;
let t: TestApp;
let ada: Client;
let eve: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  eve = await signUp(t, 'eve');
});
afterAll(() => t.close());

const at = (offering_id: string) => ({ params: { offering_id } });
const own = (id: string) => ada.ask(endpoints.offerings.getOwn, at(id));
const standing = async (id: string, hours?: number) => {
  await t.drain();
  const query = hours === undefined ? {} : { hours };
  return (await send(t, position, { ...at(id), query })).answer();
};

async function change(id: string, changes: Partial<OfferingInput>): Promise<OfferingView> {
  const { version } = await own(id);
  const offering = z.encode(offeringInput, { ...someOffering, ...changes });
  return ada.ask(endpoints.offerings.change, { ...at(id), body: { version, offering } });
}

async function act(id: string, action: 'pause' | 'list'): Promise<void> {
  const { version } = await own(id);
  await ada.ask(endpoints.offerings.move, { ...at(id), body: { action, version } });
}

const wait = async (ms: number) => {
  t.clock.advance(ms);
  ada = await signIn(t, ada);
  eve = await signIn(t, eve);
};

describe('the history', () => {
  const points = async (id: string) =>
    (await standing(id, 10)).history.map(
      ({ at: since, price, available }) => [since, price.total_e9s, available] as const,
    );

  test('has each price and each time out of stock from the moment it began', async () => {
    const { id } = await listOffering(ada, { stock: 1, price_e9s: 2n, setup_fee_e9s: 5n });
    const begun = t.clock.now();
    expect(await points(id)).toEqual([[begun, '25', true]]);
    await wait(HOUR_MS);
    const dearer = t.clock.now();
    const listed = await change(id, { stock: 1, price_e9s: 3n, setup_fee_e9s: 5n });
    // Read long after, news still says when and what.
    await wait(HOUR_MS);
    const taken = t.clock.now();
    const contract_id = await rentalIn('pending', { renter: eve, provider: ada, offering: listed });
    await wait(HOUR_MS);
    const given = t.clock.now();
    await move(eve, contract_id, 'cancel');
    await wait(HOUR_MS);
    expect(await points(id)).toEqual([
      [begun, '25', true],
      [dearer, '35', true],
      [taken, '35', false],
      [given, '35', true],
    ]);
  });

  test('of what is hidden for a while says that, and not what it cost then', async () => {
    const { id } = await listOffering(ada, { price_e9s: 2n, setup_fee_e9s: 0n });
    const begun = t.clock.now();
    await wait(HOUR_MS);
    const hidden = t.clock.now();
    await change(id, { price_e9s: 9n, setup_fee_e9s: 0n, visibility: 'private' });
    await wait(HOUR_MS);
    await change(id, { price_e9s: 8n, setup_fee_e9s: 0n, visibility: 'private' });
    await wait(HOUR_MS);
    const back = t.clock.now();
    await change(id, { price_e9s: 4n, setup_fee_e9s: 0n });
    expect(await points(id)).toEqual([
      [begun, '20', true],
      [hidden, '20', false],
      [back, '40', true],
    ]);
  });

  test('goes back so many days, with what stood when they began; what passed is erased', async () => {
    const { id } = await listOffering(ada, { price_e9s: 1n, setup_fee_e9s: 0n });
    await wait(10 * DAY_MS);
    const second = t.clock.now();
    await change(id, { price_e9s: 2n, setup_fee_e9s: 0n });
    await t.drain();
    await wait((HISTORY_DAYS - 1) * DAY_MS);
    expect(await points(id)).toHaveLength(2);
    await wait(2 * DAY_MS);
    expect(await points(id)).toEqual([[second, '20', true]]);
    const kept = () =>
      t.deps.db.selectFrom('offering_points').where('offering_id', '=', id).select('at').execute();
    expect(await kept()).toHaveLength(2);
    await t.sweep();
    expect(await kept()).toEqual([{ at: second }]);
  });
});

describe('the position', () => {
  const alike = { gpu_model: 'L40S', gpu_count: 2, gpu_memory_gib: 48, setup_fee_e9s: 0n };

  test('tells how its price stands among what is comparable, and what is like it', async () => {
    const ids: string[] = [];
    for (const price_e9s of [4n, 1n, 3n, 2n]) {
      ids.push((await listOffering(ada, { ...alike, price_e9s: price_e9s * 10n ** 9n })).id);
    }
    for (const visibility of ['unlisted', 'private'] as const) {
      await listOffering(ada, { ...alike, visibility, price_e9s: 1n });
    }
    const [dearest = '', cheapest = ''] = ids;
    const low = await standing(cheapest, 10);
    expect(low).toMatchObject({ hours: 10, currency: 'USD', price: { total_e9s: '10000000000' } });
    expect(low.position).toMatchObject({ comparable: 3, cheaper: 0, percentile: 100 });
    expect(low.position?.same).toContain('currency');
    const high = await standing(dearest, 10);
    expect(high.position).toMatchObject({ comparable: 3, cheaper: 3, percentile: 0 });
    expect(low.similar.map(({ id }) => id)).toEqual(
      expect.arrayContaining(ids.filter((id) => id !== cheapest)),
    );
    for (const one of low.similar) expect(one.visibility).toBe('public');
    expect(low.similar.map(({ id }) => id)).not.toContain(cheapest);
  });

  test('is none for what is not in the market, which its provider alone may ask', async () => {
    const body = z.encode(offeringInput, someOffering);
    const draft = await ada.ask(endpoints.offerings.create, { body });
    const view = await ada.ask(position, { ...at(draft.id), query: {} });
    expect(view).toMatchObject({ position: null, history: [], similar: [] });
    for (const id of [draft.id, makeId('offering')]) {
      const { problem } = await send(t, position, { ...at(id), query: {} });
      expect(problem().code).toBe('request.not_found');
    }
  });

  test('is for the hours that it can be rented where none are asked for', async () => {
    const { id } = await listOffering(ada, { min_hours: 1, max_hours: 48 });
    expect((await standing(id)).hours).toBe(48);
    const { id: long } = await listOffering(ada, { min_hours: 1_000, max_hours: 2_000 });
    expect((await standing(long)).hours).toBe(1_000);
  });
});

test('what changes of a price or of stock is told to every open page, what is hidden to none', async () => {
  const told = async () => {
    await t.drain();
    const events = await t.deps.db
      .selectFrom('stream_events')
      .where('topic', '=', 'offering')
      .where('account_id', '=', EVERYBODY)
      .orderBy('id')
      .select('subject_id')
      .execute();
    return events.map(({ subject_id }) => subject_id);
  };
  const offering = await listOffering(ada, { stock: 2 });
  const secret = await listOffering(ada, { visibility: 'unlisted' });
  const before = (await told()).length;
  const cast = { renter: eve, provider: ada };
  const contract_id = await rentalIn('pending', { ...cast, offering });
  await rentalIn('pending', { ...cast, offering: secret });
  expect((await told()).slice(before)).toEqual([offering.id]);
  await move(eve, contract_id, 'cancel');
  await change(offering.id, { price_e9s: 5n });
  await change(secret.id, { price_e9s: 5n, visibility: 'unlisted' });
  expect((await told()).slice(before)).toEqual([offering.id, offering.id, offering.id]);
});

describe('side by side', () => {
  test('offerings come in the order asked for, and what is gone is named', async () => {
    const one = await listOffering(ada, { title: 'The first' });
    const two = await listOffering(ada, { title: 'The other', currency: 'EUR', max_hours: 24 });
    const paused = await listOffering(ada);
    await act(paused.id, 'pause');
    const id = [two.id, 'rubbish\u0000', one.id, paused.id];
    const reply = (await send(t, compare, { query: { id, hours: 100 } })).answer();
    expect(reply.gone).toEqual(['rubbish\u0000', paused.id]);
    expect(reply.items).toMatchObject([
      { id: two.id, fits_hours: false, price: { comparable: true, hours: 100 } },
      { id: one.id, fits_hours: true, price: { comparable: false, total_e9s: '1997000000000' } },
    ]);
    expect(reply.items[1]?.description).toBe(someOffering.description);
    expect(reply.items[1]?.values).toMatchObject({
      ...{ price: 1_997, memory: 640, reliability: expect.any(Number) as number },
    });
    const seen = await ada.ask(compare, { query: { id } });
    expect(seen.gone).toEqual(['rubbish\u0000']);
    const mine = seen.items.map((item) => item.id);
    expect(mine).toEqual([two.id, one.id, paused.id]);
  });

  test('are at most four, and at least one', async () => {
    for (const id of [[], Array.from({ length: 5 }, () => makeId('offering'))]) {
      const { problem } = await send(t, compare, { query: { id } });
      expect(problem().code).toBe('request.invalid');
    }
  });

  test('say nothing of a provider’s answers before there are any, and then their median', async () => {
    const provider = await signUp(t, 'newcomer');
    const offering = await listOffering(provider);
    const values = async () => {
      await t.drain();
      const query = { id: [offering.id] };
      return (await send(t, compare, { query })).answer().items[0]?.values;
    };
    expect(await values()).toMatchObject({ response: null, reputation: 0, reliability: 0.5 });
    await rentalIn('rejected', { renter: eve, provider, offering });
    expect(await values()).toMatchObject({ response: 0, reputation: 0, reliability: 2 / 3 });
  });
});

describe('the featured prices', () => {
  test('are of one GPU by the hour of a month, and are counted at most once a minute', async () => {
    const some = { gpu_model: 'B200', setup_fee_e9s: 720n * 10n ** 9n, max_hours: 720 };
    const offered = async () => {
      const { items } = (await send(t, featured, {})).answer();
      return items.find(({ gpu_model }) => gpu_model.includes('B200'));
    };
    await listOffering(ada, { ...some, gpu_count: 2, price_e9s: 3n * 10n ** 9n });
    await listOffering(ada, { ...some, gpu_count: 1, price_e9s: 5n * 10n ** 9n });
    await listOffering(ada, { ...some, visibility: 'unlisted', price_e9s: 1n });
    await t.drain();
    await wait(60_000);
    const first = await offered();
    expect(first).toMatchObject({ count: 2, currency: 'USD', least_hourly_e9s: '2000000000' });
    await listOffering(ada, { ...some, gpu_count: 1, price_e9s: 1n });
    await t.drain();
    expect(await offered()).toEqual(first);
    await wait(60_000);
    expect(await offered()).toMatchObject({ count: 3, least_hourly_e9s: '1000000001' });
  });
});
