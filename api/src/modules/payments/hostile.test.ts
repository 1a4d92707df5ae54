/** Pages that nobody is to pay any more, impatient payers, and news in the middle of a move. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import { MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkLedger, checkMoney } from '../../../test/money.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { move, requestRental, viewOf } from '../../../test/rental.ts';
import { openStripe, type StripeStandIn } from '../../../test/stripe/server.ts';
import { makeStripePayments } from '../../adapters/stripe/index.ts';
import { fixedClock } from '../../lib/clock.ts';
import { findAnyPayment, savePayments, setLookAt } from './repo.ts';

const { payments } = endpoints;
const clock = fixedClock();
const keys = { secret_key: 'sk_test_0123456789', webhook_secret: 'whsec_0123456789' };

let stripe: StripeStandIn;
let cast: Cast;
let names = 0;

beforeAll(async () => {
  // It says nothing by itself.
  stripe = await openStripe({ ...keys, nowMs: () => clock.nowMs() });
  const port = makeStripePayments({ ...keys, api_base: stripe.origin });
  cast = await makeCast({ clock, config: { payments: 'balance' }, ports: { payments: port } });
});
afterAll(async () => {
  await checkLedger(cast.t.deps);
  await cast.t.close();
  await stripe.close();
});

/** What is due and what follows from it, as a few seconds do. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await cast.t.sweep();
    await cast.t.drain();
  }
}
const viewPayment = (client: Client, payment_id: string) =>
  client.ask(payments.get, { params: { payment_id } });
const sessionOf = (payment_id: string) =>
  [...stripe.sessions.values()].find(({ metadata }) => metadata['payment_id'] === payment_id);
const ask = (renter: Client) => requestRental(renter, cast.offering, { pays_by: 'card' });
const begin = async (renter: Client, contract_id: string) =>
  (await renter.ask(payments.beginFor, { params: { contract_id } })).id;
const beginForBalance = async (client: Client) => {
  const body = { currency: 'USD' as const, amount_e9s: '1000000000' };
  const { id } = await client.ask(payments.begin, { body });
  await settle();
  return id;
};
const payer = () => signUp(cast.t, `payer-${(names += 1)}`);

describe('the page of a payment', () => {
  test('is closed once its contract has ended, so that nobody pays for what there is not', async () => {
    const renter = await payer();
    const { contract_id } = await ask(renter);
    const id = await begin(renter, contract_id);
    await settle();
    expect(sessionOf(id)?.status).toBe('open');
    await move(renter, contract_id, 'cancel');
    await settle();
    expect(sessionOf(id)?.status).toBe('expired');
    expect(await viewPayment(renter, id)).toMatchObject({ state: 'expired', url: null });
  });

  test('is closed where another paid the same contract', async () => {
    const renter = await payer();
    const { contract_id } = await ask(renter);
    const [one, two] = [await begin(renter, contract_id), await begin(renter, contract_id)];
    await settle();
    await stripe.settle(sessionOf(one)?.id ?? '', 'paid');
    await renter.ask(payments.look, { params: { payment_id: one } });
    await settle();
    expect((await viewOf(renter, contract_id)).state).toBe('pending');
    expect(sessionOf(two)?.status).toBe('expired');
    expect((await viewPayment(renter, two)).state).toBe('expired');
    await checkMoney(cast.t.deps, contract_id);
  });

  test('that was made only after its contract had ended is closed too', async () => {
    const renter = await payer();
    const { contract_id } = await ask(renter);
    const id = await begin(renter, contract_id);
    // The SDK itself asks once more where the connection was closed.
    stripe.faults.push('lost', 'lost');
    await settle();
    expect((await viewPayment(renter, id)).state).toBe('preparing');
    await move(renter, contract_id, 'cancel');
    await settle();
    clock.advance(6 * MINUTE_MS);
    await settle();
    expect(sessionOf(id)?.status).toBe('expired');
    expect((await viewPayment(renter, id)).state).toBe('expired');
  });

  test('that was paid before it could be closed leaves the money in the balance', async () => {
    const renter = await payer();
    const { contract_id } = await ask(renter);
    const id = await begin(renter, contract_id);
    await settle();
    await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
    await move(renter, contract_id, 'cancel');
    await settle();
    expect((await viewPayment(renter, id)).state).toBe('paid');
    const { balances } = await renter.ask(endpoints.ledger.billing, {});
    const { amount_e9s } = await viewPayment(renter, id);
    expect(balances).toMatchObject([{ available_e9s: amount_e9s, held_e9s: '0' }]);
  });
});

test('an event that Stripe has signed is taken, whatever its kind and shape', async () => {
  const shapes = [
    { type: 'v2.core.account[requirements].updated', related_object: { id: 'acct_1' } },
    { type: 'x', data: null },
    { type: 'x', data: { object: null } },
    { type: 'x', data: { object: { metadata: null } } },
    { type: 'x', data: { object: { metadata: { payment_id: 7 } } } },
    { type: 'x', data: { object: { metadata: { payment_id: "pay_' OR 1=1" } } } },
    { type: 'x', data: { object: { metadata: { payment_id: makeId('payment') } } } },
  ];
  for (const [nth, shape] of shapes.entries()) {
    const payload = JSON.stringify({ id: `evt_shape_${nth}`, ...shape });
    const at = Math.floor(clock.nowMs() / 1_000);
    const signed = createHmac('sha256', keys.webhook_secret).update(`${at}.${payload}`);
    const reply = await cast.t.app.inject({
      ...{ method: 'POST', url: '/api/v1/payments/stripe/events', payload },
      headers: {
        'content-type': 'application/json',
        'stripe-signature': `t=${at},v1=${signed.digest('hex')}`,
      },
    });
    expect([shape.type, reply.statusCode]).toEqual([shape.type, 204]);
  }
});

test('who pays by card is told that it came in, and of no bank transfer', async () => {
  const who = await payer();
  const id = await beginForBalance(who);
  await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
  await who.ask(payments.look, { params: { payment_id: id } });
  await settle();
  const { items } = await who.ask(endpoints.notices.list, {});
  const told = items.find(({ kind }) => kind === 'money.paid_in');
  expect(told?.title).toBe('$1.00 was paid in');
});

describe('a payer who asks again and again', () => {
  test('has one call under way, however long Stripe is out, and an answer once it is back', async () => {
    const who = await payer();
    const id = await beginForBalance(who);
    await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
    const before = stripe.count();
    stripe.faults.push(...Array.from({ length: 10 }, () => 'broken' as const));
    for (let press = 0; press < 10; press += 1) {
      await who.ask(payments.look, { params: { payment_id: id } });
      await cast.t.sweep();
    }
    const effects = await cast.t.deps.db
      .selectFrom('effects')
      .where('kind', '=', 'payment.look')
      .where('payload', 'like', `%${id}%`)
      .select('id')
      .execute();
    expect(effects).toHaveLength(1);
    expect(stripe.count() - before).toBeLessThanOrEqual(10);
    stripe.faults.length = 0;
    clock.advance(3_000);
    await settle();
    expect((await viewPayment(who, id)).state).toBe('paid');
  });
});

describe('news of a payment in the middle of a move', () => {
  test('begin nothing again that has ended', async () => {
    const who = await payer();
    const id = await beginForBalance(who);
    await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
    await who.ask(payments.look, { params: { payment_id: id } });
    await settle();
    await cast.t.deps.database.write((tx) => setLookAt(tx, id, clock.now()));
    expect((await findAnyPayment(cast.t.deps.db, id))?.look_at).toBeNull();
  });

  test('are not forgotten by it', async () => {
    const who = await payer();
    const id = await beginForBalance(who);
    const before = await findAnyPayment(cast.t.deps.db, id);
    if (before === null) throw new Error('No payment');
    const now = clock.now();
    await cast.t.deps.database.write((tx) => setLookAt(tx, id, now));
    const after = { ...before, version: before.version + 1 };
    await cast.t.deps.database.write((tx) => savePayments(tx, [{ before, after }]));
    expect((await findAnyPayment(cast.t.deps.db, id))?.look_at).toBe(now);
    await cast.t.deps.database.write((tx) =>
      savePayments(tx, [{ before: after, after: { ...before } }]),
    );
  });
});
