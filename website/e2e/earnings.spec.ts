import { endpoints } from '@berth/shared/endpoints';
import { HOUR_MS } from '@berth/shared/time';
import { renew } from '../../api/test/people.ts';
import { listOffering, rentalIn } from '../../api/test/rental.ts';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { adminOn, visitor } from './people.ts';

/** Its clock runs away from everybody else's. */
test.use({ server: { name: 'earned', settings: { PAYMENTS: 'balance' } } });

const titleOf = (nth: number) => `Server ${nth} in Oslo`;

test('what a rental earned is what its renter spent, by month, offering and provider', async ({
  browser,
  berth,
}) => {
  const boss = await adminOn(berth, browser, 'Teller');
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  await open(grace.page, '/dashboard/provider/earnings');
  await expect(grace.page.getByText('Nothing was earned yet')).toBeVisible();
  await expectFineInEveryLook(grace.page);

  await boss.client.ask(endpoints.ledger.transfer, {
    body: {
      ...{ direction: 'in', account: 'balance', currency: 'EUR', reference: '2026-12-01/1' },
      handle: ada.client.account.handle,
      amount_e9s: '500000000000',
    },
  });
  const sides = { renter: ada.client, provider: grace.client };
  for (const nth of [1, 2]) {
    const price_e9s = BigInt(nth) * 1_000_000_000n;
    const fields = { title: titleOf(nth), currency: 'EUR' as const, price_e9s, setup_fee_e9s: 0n };
    const offering = await listOffering(grace.client, fields);
    await rentalIn('active', { ...sides, offering }, { hours: 24 });
  }
  await berth.forward(25 * HOUR_MS);
  await Promise.all([renew(ada.client), renew(grace.client)]);

  await open(grace.page, '/dashboard');
  const dashboard = grace.page.getByRole('navigation', { name: 'Dashboard' });
  await dashboard.getByRole('link', { name: 'Earnings' }).click();
  // 24 hours at €1 and 24 at €2, less a tenth.
  const earned = cardOf(grace.page, 'Earned');
  await expect(earned).toContainText('€64.80');
  await expect(earned.getByRole('row', { name: /Server 2 in Oslo/ })).toContainText('67 %');
  await expect(cardOf(grace.page, 'To be paid out')).toContainText('€64.80');
  await expectFineInEveryLook(grace.page);

  await open(ada.page, '/dashboard/billing');
  const spent = cardOf(ada.page, 'What you spent');
  await expect(spent).toContainText('€72.00');
  await expect(spent.getByRole('row', { name: /Server 1 in Oslo/ })).toContainText('€24.00');
  await spent.getByRole('link', { name: 'By provider' }).click();
  await expect(spent.getByRole('row', { name: /Grace/ })).toContainText('100 %');
  await spent.getByText('As a table').click();
  await expect(spent.getByRole('table', { name: 'What you spent by month' })).toBeVisible();
  await expectFineInEveryLook(ada.page);
  await Promise.all([ada, grace, boss].map((one) => one.close()));
});
