import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { hasEnded, paymentMachine } from '@berth/shared/payments/machine';
import { runs } from '@berth/shared/runs-node';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkLedger, checkMoney } from '../../../test/money.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import { move, requestRental, viewOf } from '../../../test/rental.ts';
import { openStripe, type StripeStandIn } from '../../../test/stripe/server.ts';
import { makeStripePayments } from '../../adapters/stripe/index.ts';
import { fixedClock } from '../../lib/clock.ts';

const { payments, ledger } = endpoints;
const clock = fixedClock();
const keys = { secret_key: 'sk_test_0123456789', webhook_secret: 'whsec_0123456789' };
/** 24 hours at 19.92 and a setup fee of 5. */
const TOTAL_E9S = 483_080_000_000n;

let stripe: StripeStandIn;
let cast: Cast;
let events_url: string | null = null;
let copies: () => number = () => 1;

beforeAll(async () => {
  stripe = await openStripe({
    ...{ ...keys, webhook_url: () => events_url, nowMs: () => clock.nowMs() },
    copiesOf: () => copies(),
  });
  const port = makeStripePayments({ ...keys, api_base: stripe.origin });
  cast = await makeCast({ clock, config: { payments: 'balance' }, ports: { payments: port } });
  await cast.t.app.listen({ port: 0, host: '127.0.0.1' });
  const { port: number } = cast.t.app.addresses()[0] as { port: number };
  events_url = `http://127.0.0.1:${number}/api/v1/payments/stripe/events`;
});
afterAll(async () => {
  await checkLedger(cast.t.deps);
  await cast.t.close();
  await stripe.close();
});

/** Calls what is due until nothing is, as a second or two do. */
async function settle(): Promise<void> {
  await stripe.sent();
  for (let turn = 0; turn < 4; turn += 1) await cast.t.sweep();
  await cast.t.drain();
}
const viewPayment = (client: Client, payment_id: string) =>
  client.ask(payments.get, { params: { payment_id } });
const sessionOf = (payment_id: string) =>
  [...stripe.sessions.values()].find(({ metadata }) => metadata['payment_id'] === payment_id);
const balanceOf = async (client: Client) =>
  (await client.ask(ledger.billing, {})).balances.find(({ currency }) => currency === 'USD')
    ?.available_e9s ?? '0';

/** Begins a payment for the balance and waits for its page. */
async function beginFor(client: Client, amount_e9s = 25_500_000_000n) {
  const body = { currency: 'USD' as const, amount_e9s: amount_e9s.toString() };
  const { id } = await client.ask(payments.begin, { body });
  await settle();
  return id;
}
const pay = (url: string | null, form: Record<string, string>) =>
  fetch(url ?? '', { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

describe('a request that is paid by card', () => {
  test('waits for the card, and is the provider’s once Stripe says that it is paid', async () => {
    const renter = await signUp(cast.t, 'carl');
    const { contract_id } = await requestRental(renter, cast.offering, { pays_by: 'card' });
    const begun = await renter.ask(payments.beginFor, { params: { contract_id } });
    expect(begun).toMatchObject({
      ...{ state: 'preparing', currency: 'USD', amount_e9s: TOTAL_E9S.toString(), url: null },
      contract_id,
    });
    await settle();
    const open = await viewPayment(renter, begun.id);
    expect(open).toMatchObject({ state: 'to_pay', url: sessionOf(begun.id)?.url });
    const page = await (await fetch(open.url ?? '')).text();
    expect(page).toContain('$483.08');
    expect(page).toContain('8x H100 SXM in Amsterdam');

    const declined = await pay(open.url, { card: '4000 0000 0000 0002', way: 'card' });
    expect(await declined.text()).toContain('Your card was declined.');
    expect((await viewOf(renter, contract_id)).state).toBe('requested');
    const asked = await pay(open.url, { card: '4000 0025 0000 3155', way: 'card' });
    expect(await asked.text()).toContain('Complete authentication');
    const done = await pay(open.url, { card: '4000 0025 0000 3155', confirmed: 'yes' });
    expect(done.headers.get('location')).toBe(
      `http://localhost:3000/dashboard/billing/payments/${begun.id}`,
    );
    await settle();
    expect(await viewPayment(renter, begun.id)).toMatchObject({ state: 'paid' });
    expect((await viewOf(renter, contract_id)).state).toBe('pending');
    expect(await balanceOf(renter)).toBe('0');
    await checkMoney(cast.t.deps, contract_id);
    const again = await renter.refused(payments.beginFor, { params: { contract_id } });
    expect(again).toMatchObject({ code: 'payment.nothing_due' });
  });

  test('is paid by what the balance has and the rest by card, in whole cents', async () => {
    const renter = await signUp(cast.t, 'mixed');
    const first = await beginFor(renter, 100_000_000_000n);
    await stripe.settle(sessionOf(first)?.id ?? '', 'paid');
    await settle();
    const { contract_id } = await requestRental(renter, cast.offering, { pays_by: 'card' });
    const rest = await renter.ask(payments.beginFor, { params: { contract_id } });
    expect(rest.amount_e9s).toBe((TOTAL_E9S - 100_000_000_000n).toString());
    await settle();
    await stripe.settle(sessionOf(rest.id)?.id ?? '', 'paid');
    await settle();
    expect((await viewOf(renter, contract_id)).state).toBe('pending');
    await checkMoney(cast.t.deps, contract_id);
  });

  test('paid after it was cancelled, or too late, leaves the money in the balance', async () => {
    for (const ends of ['cancel', 'time'] as const) {
      const renter = await signUp(cast.t, `late-${ends}`);
      const { contract_id } = await requestRental(renter, cast.offering, { pays_by: 'card' });
      const { id } = await renter.ask(payments.beginFor, { params: { contract_id } });
      await settle();
      if (ends === 'cancel') await move(renter, contract_id, 'cancel');
      else clock.advance(31 * MINUTE_MS);
      await settle();
      await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
      await settle();
      expect((await viewOf(renter, contract_id)).ended_at).not.toBeNull();
      await checkMoney(cast.t.deps, contract_id);
      expect(await balanceOf(renter)).toBe(TOTAL_E9S.toString());
    }
  });
});

describe('what Stripe says', () => {
  test.each([
    ['twice', 2],
    ['never', 0],
  ])('is heard %s, and posted once all the same', async (_, times) => {
    const payer = await signUp(cast.t, `heard-${times}`);
    const id = await beginFor(payer);
    copies = () => times;
    await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
    copies = () => 1;
    await settle();
    if (times === 0) {
      expect((await viewPayment(payer, id)).state).toBe('to_pay');
      clock.advance(5 * MINUTE_MS);
      await settle();
    }
    expect((await viewPayment(payer, id)).state).toBe('paid');
    expect(await balanceOf(payer)).toBe('25500000000');
  });

  test('is looked at at once for whoever has come back from its page', async () => {
    const payer = await signUp(cast.t, 'back');
    const id = await beginFor(payer);
    copies = () => 0;
    await stripe.settle(sessionOf(id)?.id ?? '', 'paid');
    copies = () => 1;
    await payer.ask(payments.look, { params: { payment_id: id } });
    await settle();
    expect((await viewPayment(payer, id)).state).toBe('paid');
  });

  test('of a bank comes days later, well or badly', async () => {
    const payer = await signUp(cast.t, 'bank');
    const [well, badly] = [await beginFor(payer), await beginFor(payer)];
    for (const id of [well, badly]) await pay(sessionOf(id)?.url ?? '', { way: 'bank' });
    await settle();
    expect((await viewPayment(payer, well)).state).toBe('processing');
    clock.advance(3 * DAY_MS);
    await stripe.settle(sessionOf(well)?.id ?? '', 'paid');
    await stripe.settle(sessionOf(badly)?.id ?? '', 'failed');
    await settle();
    const later = await signIn(cast.t, payer);
    expect((await viewPayment(later, well)).state).toBe('paid');
    expect(await viewPayment(later, badly)).toMatchObject({
      ...{ state: 'failed', failure: 'The bank account could not be debited.' },
    });
    expect(await balanceOf(later)).toBe('25500000000');
  });

  test('of another amount or currency posts nothing, and stands where admins look', async () => {
    const payer = await signUp(cast.t, 'lied');
    for (const lie of [{ amount_total: 99_999_900 }, { currency: 'eur' }]) {
      const id = await beginFor(payer);
      const session = sessionOf(id);
      Object.assign(session ?? {}, lie);
      await stripe.settle(session?.id ?? '', 'paid');
      await settle();
      expect((await viewPayment(payer, id)).state).toBe('to_pay');
      const failing = await cast.t.deps.db
        .selectFrom('due_work as w')
        .innerJoin('effects as e', 'e.id', 'w.subject_id')
        .where('e.payload', 'like', `%${id}%`)
        .where('w.attempts', '>', 0)
        .select(['e.state', 'w.last_error'])
        .execute();
      expect(failing).toMatchObject([{ state: 'answered' }]);
      expect(failing[0]?.last_error).toContain('The processor says');
    }
    expect(await balanceOf(payer)).toBe('0');
  });

  test('unsigned, signed by another, old or changed is refused and not kept', async () => {
    const payer = await signUp(cast.t, 'forged');
    const id = await beginFor(payer);
    const { t } = cast;
    const count = async () =>
      (await t.deps.db.selectFrom('processor_events').selectAll().execute()).length;
    const before = await count();
    const text = JSON.stringify({
      id: 'evt_1',
      type: 'x',
      data: { object: { metadata: { payment_id: id } } },
    });
    const { createHmac } = await import('node:crypto');
    const signed = (at_ms: number, secret: string) => {
      const at = Math.floor(at_ms / 1_000);
      return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${text}`).digest('hex')}`;
    };
    const post = (headers: Record<string, string>, payload = text) =>
      t.app.inject({
        ...{ method: 'POST', url: '/api/v1/payments/stripe/events', payload },
        headers: { 'content-type': 'application/json', ...headers },
      });
    const now = clock.nowMs();
    const good = signed(now, keys.webhook_secret);
    for (const [header, payload] of [
      [undefined, text],
      [signed(now, 'whsec_another'), text],
      [signed(now - HOUR_MS, keys.webhook_secret), text],
      [good, text.replace('evt_1', 'evt_2')],
    ] as const) {
      const reply = await post(header === undefined ? {} : { 'stripe-signature': header }, payload);
      expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([
        401,
        'signature.invalid',
      ]);
    }
    expect(await count()).toBe(before);
    expect((await post({ 'stripe-signature': good })).statusCode).toBe(204);
    expect((await post({ 'stripe-signature': good })).statusCode).toBe(204);
    expect(await count()).toBe(before + 1);
    await settle();
    // It says that something happened; Stripe, asked, says that nothing did.
    expect((await viewPayment(payer, id)).state).toBe('to_pay');
    clock.advance(31 * DAY_MS);
    await cast.t.sweep();
    expect(await count()).toBe(0);
  });
});

describe('a payment', () => {
  test.each(['lost', 'broken', 'limited'] as const)(
    'has one page where the answer is %s, which is asked for again',
    async (fault) => {
      const payer = await signUp(cast.t, `fault-${fault}`);
      // The SDK itself asks once more where the connection was closed.
      stripe.faults.push(...(fault === 'lost' ? [fault, fault] : [fault]));
      const id = await beginFor(payer);
      expect((await viewPayment(payer, id)).state).toBe('preparing');
      clock.advance(6 * MINUTE_MS);
      await settle();
      const { state, url } = await viewPayment(payer, id);
      expect(state).toBe('to_pay');
      const made = [...stripe.sessions.values()].filter(
        ({ metadata }) => metadata['payment_id'] === id,
      );
      expect(made.map((one) => one.url)).toEqual([url]);
    },
  );

  test('is for its own account alone, and of an amount that a card pays', async () => {
    const [payer, other] = [await signUp(cast.t, 'own'), await signUp(cast.t, 'other')];
    const id = await beginFor(payer);
    const ask = { params: { payment_id: id } };
    expect((await other.send(payments.get, ask)).status).toBe(404);
    expect((await other.send(payments.look, ask)).status).toBe(404);
    expect((await other.ask(payments.list, {})).items).toEqual([]);
    const { contract_id } = await requestRental(payer, cast.offering, { pays_by: 'card' });
    expect((await other.send(payments.beginFor, { params: { contract_id } })).status).toBe(404);
    const provider = await signIn(cast.t, cast.provider);
    const providers = await provider.refused(payments.beginFor, { params: { contract_id } });
    expect(providers).toMatchObject({ code: 'payment.nothing_due' });
    for (const amount_e9s of ['0', '999999999', '1000000001', '1000000000000000']) {
      const body = { currency: 'USD' as const, amount_e9s };
      expect(await payer.refused(payments.begin, { body })).toMatchObject({ status: 422 });
    }
    const coins = { currency: 'ICP' as 'USD', amount_e9s: '1000000000' };
    expect(await payer.refused(payments.begin, { body: coins })).toMatchObject({
      ...{ status: 422, errors: [{ pointer: '/currency' }] },
    });
  });

  test('is one of a limited number that are open', async () => {
    const payer = await signUp(cast.t, 'eager');
    const body = { currency: 'USD' as const, amount_e9s: '1000000000' };
    for (let n = 0; n < 20; n += 1) await payer.ask(payments.begin, { body });
    expect(await payer.refused(payments.begin, { body })).toMatchObject({
      code: 'account.too_many',
    });
    await settle();
  });

  test('is not taken where nobody takes cards', async () => {
    const off = await makeCast({ config: { payments: 'balance' } });
    const body = { currency: 'USD' as const, amount_e9s: '1000000000' };
    expect(await off.renter.refused(payments.begin, { body })).toMatchObject({
      code: 'payment.off',
    });
    await off.t.close();
  });
});

test('whatever Stripe says in whatever order, heard or not, is posted once or not at all', async () => {
  const payer = await signUp(cast.t, 'walker');
  const says = fc.constantFrom('paid', 'failed', 'processing', 'expired', 'wait', 'look');
  let expected = BigInt(await balanceOf(payer));
  await fc.assert(
    fc.asyncProperty(fc.array(says, { maxLength: 5 }), fc.array(fc.nat(2)), async (walk, heard) => {
      const begun = await beginFor(await signIn(cast.t, payer), 1_000_000_000n);
      const session = sessionOf(begun);
      if (session === undefined) throw new Error('No page');
      for (const [nth, step] of walk.entries()) {
        const at = hasEnded((await viewPayment(await signIn(cast.t, payer), begun)).state);
        if (step === 'wait') clock.advance(DAY_MS + HOUR_MS);
        else if (step === 'look') {
          const again = await signIn(cast.t, payer);
          await again.ask(payments.look, { params: { payment_id: begun } });
        } else if (session.payment_status === 'unpaid' && session.status !== 'expired' && !at) {
          copies = () => heard[nth] ?? 1;
          await stripe.settle(session.id, step);
        }
        await settle();
      }
      // Every day it is asked for, so that nothing is missed.
      copies = () => 1;
      clock.advance(2 * DAY_MS);
      await settle();
      const view = await viewPayment(await signIn(cast.t, payer), begun);
      expect(view.state === 'paid').toBe(session.payment_status === 'paid');
      if (view.state === 'paid') expected += 1_000_000_000n;
      expect(await balanceOf(await signIn(cast.t, payer))).toBe(expected.toString());
      // Its log is what the machine allows.
      const log = await cast.t.deps.db
        .selectFrom('log')
        .where('subject_kind', '=', paymentMachine.name)
        .where('subject_id', '=', begun)
        .orderBy('seq')
        .selectAll()
        .execute();
      expect(log.at(-1)?.to_state).toBe(view.state);
      for (const [seq, row] of log.entries()) {
        expect([row.seq, row.prev_hash]).toEqual([seq, log[seq - 1]?.hash ?? null]);
      }
      if (!hasEnded(view.state)) await stripe.settle(session.id, 'expired').then(settle);
    }),
    { numRuns: runs(100) },
  );
});
