/** For how long one account keeps units from others, however it asks. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { HELD_AN_HOUR_MS, HOLD_MS, type HoldView } from '@berth/shared/offerings/hold';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { checkStock } from '../../../test/invariants.ts';
import { renew, signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental } from '../../../test/rental.ts';

const { offerings } = endpoints;
let t: TestApp;
let ada: Client;
let cas: Client;
let offering: OfferingView;

beforeEach(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  cas = await signUp(t, 'cas');
  offering = await listOffering(ada, { stock: 9 });
});
afterEach(() => t.close());

const asked = ({ id }: OfferingView) => ({ params: { offering_id: id }, body: { hours: 24 } });
const hold = (one = offering) => cas.ask(offerings.hold, asked(one));
const refused = (one = offering) => cas.refused(offerings.hold, asked(one));
const release = ({ offering_id, hold_id }: HoldView) =>
  cas.send(offerings.releaseHold, { params: { offering_id, hold_id } });
const leftOf = ({ expires_at }: HoldView) => Date.parse(expires_at) - t.clock.nowMs();
const FULL = {
  code: 'account.too_many',
  detail: 'Of an hour you can hold units for 30 minutes, and more in 30 minutes.',
};

test('a hold is renewed by asking again, and by nothing more than half an hour of each', async () => {
  const first = await hold();
  t.clock.advance(9 * MINUTE_MS);
  const again = await hold();
  expect([again.hold_id, leftOf(again)]).toEqual([first.hold_id, HOLD_MS]);
  t.clock.advance(9 * MINUTE_MS);
  expect(leftOf(await hold())).toBe(HOLD_MS);
  t.clock.advance(9 * MINUTE_MS);
  for (let tab = 0; tab < 100; tab += 1) expect(leftOf(await hold())).toBe(3 * MINUTE_MS);
  t.clock.advance(3 * MINUTE_MS);
  await t.sweep();
  expect(await refused()).toMatchObject(FULL);
  await checkStock(t.deps, offering.id, 9);
  // A request needs no hold.
  await requestRental(cas, offering);
  t.clock.advance(HOUR_MS - HELD_AN_HOUR_MS);
  cas = await renew(cas);
  expect(leftOf(await hold())).toBe(HOLD_MS);
});

test('several units at once use the time up so much sooner', async () => {
  const others = [await listOffering(ada), await listOffering(ada)];
  for (const one of [offering, ...others]) await hold(one);
  t.clock.advance(HOLD_MS);
  await t.sweep();
  expect(await refused()).toMatchObject({ code: 'account.too_many' });
  expect(await refused(others[1])).toMatchObject({ code: 'account.too_many' });
});

test('what is given back or used before its end costs the time that it took', async () => {
  for (let n = 0; n < 20; n += 1) {
    const held = await hold();
    t.clock.advance(30_000);
    if (n < 3) await requestRental(cas, offering);
    else await release(held);
  }
  expect(leftOf(await hold())).toBe(HOLD_MS);
});

test('time of an hour that has passed is not given back into the next', async () => {
  const other = await listOffering(ada);
  await hold();
  t.clock.advance(HOUR_MS - MINUTE_MS);
  const late = await hold(other);
  t.clock.advance(2 * MINUTE_MS);
  cas = await renew(cas);
  // A new hour: of it ten minutes are taken, and the eight that `late` lets go are not its own.
  await hold();
  await release(late);
  for (let n = 0; n < 2; n += 1) {
    t.clock.advance(HOLD_MS);
    expect(leftOf(await hold())).toBe(HOLD_MS);
  }
  t.clock.advance(HOLD_MS);
  expect(await refused()).toMatchObject({ code: 'account.too_many' });
});
