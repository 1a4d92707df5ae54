import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { priceOf } from '@berth/shared/price';
import { endpoints } from '@berth/shared/endpoints';
import { HOLD_MS, MAX_HOLDS, type HoldView } from '@berth/shared/offerings/hold';
import { termsHash } from '@berth/shared/offerings/terms';
import type { OfferingInput, OfferingView } from '@berth/shared/offerings/schemas';
import { makeTestApp, openBeside, type TestApp } from '../../../test/harness.ts';
import { checkContract, checkStock } from '../../../test/invariants.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental, signedRequest, viewOf } from '../../../test/rental.ts';
import { sweepDue } from '../../jobs/due.ts';
import { endedHolds } from './jobs.ts';
import { useHold } from './service.ts';

const { contracts, offerings } = endpoints;
let t: TestApp;
let ada: Client;
let bob: Client;
let eve: Client;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  bob = await signUp(t, 'bob');
  eve = await signUp(t, 'eve');
});
afterAll(() => t.close());

const at = (offering_id: string) => ({ params: { offering_id } });
const hold = (who: Client, { id }: Pick<OfferingView, 'id'>, hours = 24) =>
  who.ask(offerings.hold, { ...at(id), body: { hours } });
const refusedHold = (who: Client, { id }: Pick<OfferingView, 'id'>, hours = 24) =>
  who.refused(offerings.hold, { ...at(id), body: { hours } });
const release = (who: Client, { offering_id, hold_id }: HoldView) =>
  who.send(offerings.releaseHold, { params: { offering_id, hold_id } });
const stockOf = async ({ id }: Pick<OfferingView, 'id'>) =>
  (await ada.ask(offerings.getOwn, at(id))).stock;
const someone = () => signUp(t, `renter-${(made += 1)}`);

/** The provider changes it, as it stands now. */
async function change({ id }: OfferingView, changes: Partial<OfferingInput>) {
  const now = await ada.ask(offerings.getOwn, at(id));
  const offering = { ...now, ...changes, price_e9s: String(changes.price_e9s ?? now.price_e9s) };
  const body = { version: now.version, offering: { ...offering, setup_fee_e9s: '0' } };
  return ada.ask(offerings.change, { ...at(id), body });
}
async function move({ id }: OfferingView, action: 'pause' | 'archive') {
  const { version } = await ada.ask(offerings.getOwn, at(id));
  await ada.ask(offerings.move, { ...at(id), body: { action, version } });
}

describe('a hold', () => {
  test('keeps a unit for ten minutes, with the terms and the total to sign', async () => {
    const offering = await listOffering(ada, { stock: 2 });
    const held = await hold(bob, offering, 48);
    expect(held).toMatchObject({
      offering_id: offering.id,
      terms_hash: offering.terms_hash,
      hours: 48,
      total_e9s: priceOf(rateOf(offering), 48).total_e9s.toString(),
      currency: 'USD',
    });
    expect(termsHash(held.terms)).toBe(offering.terms_hash);
    expect(Date.parse(held.expires_at)).toBe(t.clock.nowMs() + HOLD_MS);
    expect(await stockOf(offering)).toBe(1);
    await checkStock(t.deps, offering.id, 2);
  });

  test('asked for again is the same one, at the price that was held, for other hours too', async () => {
    const offering = await listOffering(ada, { stock: 2 });
    const first = await hold(eve, offering);
    await change(offering, { price_e9s: 99_000_000_000n });
    const again = await hold(eve, offering, 1);
    expect(again).toMatchObject({
      hold_id: first.hold_id,
      expires_at: first.expires_at,
      terms_hash: offering.terms_hash,
      total_e9s: priceOf(rateOf(offering), 1).total_e9s.toString(),
    });
    expect(await stockOf(offering)).toBe(1);
  });

  test('released gives its unit back at once, and only its owner can, once', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    const held = await hold(cas, offering);
    for (const other of [bob, ada]) expect((await release(other, held)).status).toBe(404);
    expect(await stockOf(offering)).toBe(0);
    const both = await Promise.all([release(cas, held), release(cas, held)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 404]);
    expect(await stockOf(offering)).toBe(1);
    await checkStock(t.deps, offering.id, 1);
  });

  test('whose time is over gives its unit back, once, and no request can use it', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    const held = await hold(cas, offering);
    t.clock.advance(HOLD_MS - 1);
    await t.sweep();
    expect(await stockOf(offering)).toBe(0);
    const { body } = await signedRequest(cas, offering);
    t.clock.advance(1);
    expect(await cas.refused(contracts.request, { body })).toMatchObject({
      code: 'offering.out_of_stock',
    });
    await Promise.all([t.sweep(), t.sweep()]);
    expect(await stockOf(offering)).toBe(1);
    expect((await release(cas, held)).status).toBe(404);
    expect((await hold(cas, offering)).hold_id).not.toBe(held.hold_id);
    await checkStock(t.deps, offering.id, 1);
  });

  test('that ended makes room for a new one, before any sweep', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    const held = await hold(cas, offering);
    t.clock.advance(HOLD_MS);
    expect((await hold(cas, offering)).hold_id).not.toBe(held.hold_id);
    await checkStock(t.deps, offering.id, 1);
  });

  test('is refused of one’s own, a hidden, a paused, an empty offering, and for other hours', async () => {
    const cas = await someone();
    const offering = await listOffering(ada, { stock: 1, max_hours: 100 });
    expect(await refusedHold(ada, offering)).toMatchObject({ code: 'offering.own' });
    const hidden = await listOffering(ada, { visibility: 'private' });
    expect(await refusedHold(cas, hidden)).toMatchObject({ code: 'request.not_found' });
    const paused = await listOffering(ada);
    await move(paused, 'pause');
    expect(await refusedHold(cas, paused)).toMatchObject({ code: 'offering.not_available' });
    expect(await refusedHold(cas, offering, 101)).toMatchObject({
      code: 'request.invalid',
      errors: [{ pointer: '/hours', message: 'Choose 1 to 100 hours' }],
    });
    await hold(cas, offering);
    expect(await refusedHold(bob, offering)).toMatchObject({ code: 'offering.out_of_stock' });
    await checkStock(t.deps, offering.id, 1);
  });

  test(`is one of ${MAX_HOLDS} at most, and asking for many is limited`, async () => {
    const cas = await someone();
    const shop = await Promise.all(
      Array.from({ length: MAX_HOLDS + 1 }, (_, n) => listOffering(ada, { title: `Unit ${n}` })),
    );
    const statuses = await Promise.all(
      shop.map(async ({ id }) => {
        const reply = await cas.send(offerings.hold, { ...at(id), body: { hours: 1 } });
        return reply.status;
      }),
    );
    expect(statuses.sort()).toEqual([200, 200, 200, 409]);
    expect(offerings.hold.rate_limit).toBe('hold');
  });
});

describe('a request', () => {
  test('uses the hold at its price, though the offering was changed and archived since', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    await hold(cas, offering);
    await change(offering, { price_e9s: 99_000_000_000n, title: 'Dearer now', max_hours: 2 });
    await move(offering, 'archive');
    const { contract_id } = await requestRental(cas, offering);
    expect(await viewOf(cas, contract_id)).toMatchObject({
      total_e9s: priceOf(rateOf(offering), 24).total_e9s.toString(),
      title: offering.title,
    });
    await checkContract(t.deps, contract_id);
    await checkStock(t.deps, offering.id, 1);
  });

  test('uses a hold once, and the next takes a unit as any other does', async () => {
    const offering = await listOffering(ada, { stock: 2 });
    const cas = await someone();
    await hold(cas, offering);
    await requestRental(cas, offering);
    expect(await stockOf(offering)).toBe(1);
    await requestRental(cas, offering);
    expect(await stockOf(offering)).toBe(0);
    expect((await signedRequestRefused(cas, offering)).code).toBe('offering.out_of_stock');
    await checkStock(t.deps, offering.id, 2);
  });

  test('that is refused leaves the hold as it was', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    const held = await hold(cas, offering);
    const { body } = await signedRequest(cas, { ...offering, price_e9s: '1' });
    expect(await cas.refused(contracts.request, { body })).toMatchObject({ code: 'price.changed' });
    expect((await hold(cas, offering)).hold_id).toBe(held.hold_id);
    await requestRental(cas, offering);
    await checkStock(t.deps, offering.id, 1);
  });

  test('by another gets no held unit, and on other terms takes one of its own', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    const held = await hold(cas, offering);
    expect((await signedRequestRefused(bob, offering)).code).toBe('offering.out_of_stock');
    const dearer = await change(offering, { price_e9s: 99_000_000_000n, stock: 1 });
    await requestRental(cas, dearer);
    expect((await hold(cas, offering)).hold_id).toBe(held.hold_id);
    await checkStock(t.deps, offering.id, 2);
  });
});

describe('of many at once', () => {
  test('as many have a unit as there are units, held or rented', async () => {
    const offering = await listOffering(ada, { stock: 5 });
    const renters = await Promise.all(Array.from({ length: 12 }, someone));
    const statuses = await Promise.all(
      renters.map(async (who, n) => {
        const body = { hours: 24 };
        if (n % 2 === 0)
          return (await who.send(offerings.hold, { ...at(offering.id), body })).status;
        return (await who.send(contracts.request, await signedRequest(who, offering))).status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    await checkStock(t.deps, offering.id, 5);
  });

  test('asks by one account make one hold', async () => {
    const offering = await listOffering(ada, { stock: 5 });
    const cas = await someone();
    const held = await Promise.all(Array.from({ length: 8 }, () => hold(cas, offering)));
    expect(new Set(held.map(({ hold_id }) => hold_id)).size).toBe(1);
    await checkStock(t.deps, offering.id, 5);
  });

  test('a use, a release and the end of a hold, one has its unit', async () => {
    const offering = await listOffering(ada, { stock: 1 });
    const cas = await someone();
    for (let round = 0; round < 5; round++) {
      const held = await hold(cas, offering);
      const using = t.deps.write((ctx) => useHold(ctx, actorOf(cas), held)).then(Boolean);
      const releasing = release(cas, held).then(({ status }) => status === 204);
      t.clock.advance(round % 2 === 0 ? 0 : HOLD_MS);
      const [used, released] = await Promise.all([using, releasing, t.sweep()]);
      expect([used, released].filter(Boolean).length).toBeLessThanOrEqual(1);
      // What was used here is no contract's: put it back.
      if (used) await giveBack(offering);
      await checkStock(t.deps, offering.id, 1);
    }
  });
});

test('a process killed with a hold open loses nothing: another returns the unit', async () => {
  const offering = await listOffering(ada, { stock: 1 });
  const cas = await someone();
  const held = await hold(cas, offering);
  const torn = t.deps.write(async (ctx) => {
    await useHold(ctx, actorOf(cas), held);
    throw new Error('killed before the commit');
  });
  await expect(torn).rejects.toThrow('killed');
  await checkStock(t.deps, offering.id, 1);
  t.clock.advance(HOLD_MS);
  const other = await openBeside(t.where, { clock: t.clock });
  await sweepDue(endedHolds)(other);
  await other.close();
  expect(await stockOf(offering)).toBe(1);
  await checkStock(t.deps, offering.id, 1);
});

const rateOf = ({ price_e9s, unit, setup_fee_e9s }: OfferingView) => ({
  price_e9s: BigInt(price_e9s),
  unit,
  setup_fee_e9s: BigInt(setup_fee_e9s),
});
const actorOf = ({ account }: Client) =>
  ({ acting_for: account.id }) as Parameters<typeof useHold>[1];
const signedRequestRefused = async (who: Client, offering: OfferingView) =>
  who.refused(contracts.request, await signedRequest(who, offering));
async function giveBack(offering: OfferingView) {
  const stock = (await stockOf(offering)) + 1;
  await change(offering, { stock });
}
