import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { STATISTICS_DAYS, VIEWS_KEPT_DAYS } from '@berth/shared/offerings/statistics';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, move, requestRental, setAutoAccept } from '../../../test/rental.ts';
import { keepViews } from './jobs.ts';

const { offerings } = endpoints;
let t: TestApp;
let ada: Client;
let bob: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  bob = await signUp(t, 'bob');
});
afterAll(() => t.close());

const at = ({ id }: OfferingView) => ({ params: { offering_id: id } });
const look = async (
  offering: OfferingView,
  headers: Record<string, string> = {},
  from?: string,
) => {
  const { statusCode } = await t.app.inject({
    method: 'GET',
    url: `/api/v1/offerings/${offering.id}`,
    headers,
    ...(from === undefined ? {} : { remoteAddress: from }),
  });
  expect(statusCode).toBe(200);
};
const statistics = (who: Client, offering: OfferingView) =>
  who.ask(offerings.statistics, at(offering));
async function wait(ms: number) {
  t.clock.advance(ms);
  await t.sweep();
  await t.drain();
  ada = await signIn(t, ada);
  bob = await signIn(t, bob);
}

test('a view is a visitor’s, once in half an hour, and neither the provider’s nor fetched ahead', async () => {
  const offering = await listOffering(ada);
  await look(offering, ada.headers);
  await look(offering, bob.headers);
  await look(offering, bob.headers);
  await look(offering, {}, '192.0.2.1');
  await look(offering, {}, '192.0.2.1');
  await look(offering, {}, '192.0.2.2');
  await look(offering, { 'sec-purpose': 'prefetch;prerender' }, '192.0.2.3');
  expect((await statistics(ada, offering)).totals.views).toBe(0);
  await t.sweep();
  expect((await statistics(ada, offering)).totals.views).toBe(3);
  await wait(HOUR_MS / 2);
  await look(offering, bob.headers);
  await t.sweep();
  expect((await statistics(ada, offering)).totals.views).toBe(4);
});

test('thirty days are told, each with its own, and today is the last', async () => {
  const offering = await listOffering(ada);
  const today = t.clock.now().slice(0, 10);
  await look(offering, bob.headers);
  await requestRental(bob, offering);
  await wait(2 * DAY_MS);
  await look(offering, bob.headers);
  await bob.ask(endpoints.saved.saveOffering, at(offering));
  await t.sweep();
  const { days } = await statistics(ada, offering);
  expect(days).toHaveLength(STATISTICS_DAYS);
  expect(days.at(-1)).toEqual({
    day: t.clock.now().slice(0, 10),
    views: 1,
    saves: 1,
    requests: 0,
    accepted: 0,
  });
  expect(days.at(-3)).toEqual({ day: today, views: 1, saves: 0, requests: 1, accepted: 0 });
  await wait(STATISTICS_DAYS * DAY_MS);
  expect((await statistics(ada, offering)).totals).toMatchObject({ views: 0, requests: 0 });
});

test('answers are counted by what they say, with the median of their time', async () => {
  const offering = await listOffering(ada);
  const rentals = [];
  for (let n = 0; n < 3; n++) rentals.push(await requestRental(bob, offering));
  const [first, second] = rentals;
  await wait(HOUR_MS);
  await move(ada, first?.contract_id ?? '', 'accept');
  await wait(HOUR_MS);
  await move(ada, second?.contract_id ?? '', 'reject');
  await setAutoAccept(ada, offering, 48);
  await requestRental(bob, offering);
  expect((await statistics(ada, offering)).totals).toEqual({
    views: 0,
    saves: 0,
    requests: 4,
    accepted: 2,
    answered: 3,
    median_response_s: 3_600,
  });
});

test('another’s are not shown, and there is no median without an answer', async () => {
  const offering = await listOffering(ada);
  expect((await bob.refused(offerings.statistics, at(offering))).code).toBe('request.not_found');
  expect((await statistics(ada, offering)).totals.median_response_s).toBeNull();
});

test('views that could not be written are written by the next sweep', async () => {
  const offering = await listOffering(ada);
  await look(offering, bob.headers);
  const broken = { ...t.deps.database, write: () => Promise.reject(new Error('disk full')) };
  await expect(keepViews({ ...t.deps, database: broken })).rejects.toThrow('disk full');
  await t.sweep();
  expect((await statistics(ada, offering)).totals.views).toBe(1);
});

test(`views are forgotten after ${VIEWS_KEPT_DAYS} days`, async () => {
  const offering = await listOffering(ada);
  await look(offering, bob.headers);
  await t.sweep();
  const kept = () =>
    t.deps.db
      .selectFrom('offering_days')
      .where('offering_id', '=', offering.id)
      .select('views')
      .execute();
  await wait(VIEWS_KEPT_DAYS * DAY_MS);
  expect(await kept()).toHaveLength(1);
  await wait(DAY_MS);
  expect(await kept()).toEqual([]);
});
