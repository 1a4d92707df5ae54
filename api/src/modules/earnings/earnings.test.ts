import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { MONTHS_SHOWN, PARTS_SHOWN } from '@berth/shared/ledger/months';
import { MAX_TOTAL_E9S } from '@berth/shared/money';
import { DAY_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkLedger, payIn } from '../../../test/money.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering, rentalIn } from '../../../test/rental.ts';
import { countEarned } from './index.ts';

const { months } = endpoints.ledger;
interface Query {
  side: 'renter' | 'provider';
  by?: 'offering' | 'provider';
  currency?: 'USD';
}

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast({ config: { payments: 'balance' } });
});
afterAll(() => cast.t.close());

const monthNow = (): string => cast.t.clock.now().slice(0, '2026-11'.length);
const ask = (client: Client, query: Query) => client.ask(months, { query });
const some = <Month extends { amount_e9s: string }>(all: readonly Month[]) =>
  all.filter(({ amount_e9s }) => amount_e9s !== '0');

test('whoever has no contracts has no months', async () => {
  const nobody = await signUp(cast.t, 'nobody');
  for (const side of ['renter', 'provider'] as const) {
    expect(await ask(nobody, { side })).toEqual({
      ...{ currency: null, currencies: [], months: [], parts: [] },
      others: { count: 0, amount_e9s: '0' },
    });
  }
  const { problem } = await cast.t.call(months, { query: { side: 'renter' } });
  expect(problem.code).toBe('session.missing');
});

test('what is earned over the turn of a month stands in both, for each side what is theirs', async () => {
  const { t } = cast;
  const begun = monthNow();
  const second = await listOffering(cast.provider, { title: 'The second', max_hours: 2_000 });
  await payIn(t.deps, cast.renter, 'USD', 1_000_000_000_000_000n);
  await rentalIn('active', cast, { hours: 24 });
  await rentalIn('active', { ...cast, offering: second }, { hours: 40 * 24 });
  while (monthNow() === begun) await cast.wait(DAY_MS);
  await cast.wait(DAY_MS);

  // Whose sessions have been renewed on the way.
  const { renter, provider } = cast;
  const spent = await ask(renter, { side: 'renter' });
  expect(spent).toMatchObject({ currency: 'USD', currencies: ['USD'] });
  expect(spent.months).toHaveLength(MONTHS_SHOWN);
  expect(spent.months.at(-1)?.month).toBe(monthNow());
  expect(some(spent.months).map(({ month }) => month)).toEqual([begun, monthNow()]);
  expect(spent.parts.map(({ name }) => name)).toEqual(['The second', cast.offering.title]);
  const total = (all: readonly { amount_e9s: string }[]) =>
    all.reduce((sum, { amount_e9s }) => sum + BigInt(amount_e9s), 0n);
  expect(total(spent.parts)).toBe(total(spent.months));

  const byProvider = await ask(renter, { side: 'renter', by: 'provider' });
  expect(byProvider.parts).toEqual([
    {
      id: provider.account.handle,
      name: expect.any(String) as string,
      amount_e9s: total(spent.months).toString(),
    },
  ]);

  const earned = await ask(provider, { side: 'provider', currency: 'USD' });
  const pairs = earned.months.map(({ amount_e9s }, at) => [
    BigInt(amount_e9s),
    BigInt(spent.months[at]!.amount_e9s),
  ]);
  // Less a commission of 10 %, whose part of an e9 is for the provider or for Berth.
  for (const [net, gross] of pairs) expect(net! - (gross! * 9n) / 10n).toBeLessThanOrEqual(1n);
  expect(await ask(provider, { side: 'renter' })).toMatchObject({ currency: null });
  await checkLedger(t.deps);
});

test('the largest amounts add up, and what is not shown by itself is one sum', async () => {
  const { t, provider } = cast;
  const rich = await signUp(t, 'rich');
  const offerings = [];
  for (let at = 0; at <= PARTS_SHOWN; at += 1) offerings.push(await listOffering(provider));
  const commission = { account: 'commission' as const, currency: 'USD' as const };
  for (const { id: offering_id } of [...offerings, offerings[0]!]) {
    const earning = { renter_id: rich.account.id, provider_id: provider.account.id, offering_id };
    await t.deps.write((ctx) =>
      countEarned(ctx, { ...earning, currency: 'USD' }, [
        { ...commission, amount_e9s: MAX_TOTAL_E9S },
      ]),
    );
  }
  const view = await ask(rich, { side: 'renter' });
  expect(view.parts).toHaveLength(PARTS_SHOWN);
  expect(view.parts[0]).toMatchObject({
    id: offerings[0]!.id,
    amount_e9s: (2n * MAX_TOTAL_E9S).toString(),
  });
  expect(view.others).toEqual({ count: 1, amount_e9s: MAX_TOTAL_E9S.toString() });
  const all_e9s = BigInt(PARTS_SHOWN + 2) * MAX_TOTAL_E9S;
  expect(some(view.months)).toEqual([{ month: monthNow(), amount_e9s: all_e9s.toString() }]);
});
