import { HOUR_MS } from '@berth/shared/time';
import { renew } from '../../api/test/people.ts';
import { listOffering, rentalIn } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

/** Its clock runs away from everybody else's. */
test.use({ server: { name: 'paused', settings: {} } });

test('a renter pauses what runs, both see the clock stand still, and it goes on', async ({
  browser,
  berth,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('active', parties, { hours: 48 });
  await open(ada.page, `/dashboard/rentals/${contract_id}`);
  await ada.page.getByRole('button', { name: 'Pause', exact: true }).click();
  const dialog = ada.page.getByRole('dialog');
  await expectFineInEveryLook(ada.page);
  await dialog.getByRole('button', { name: /^Sign and/ }).click();
  await expect(ada.page.getByText('Paused', { exact: true }).first()).toBeVisible();
  await expectFineInEveryLook(ada.page);

  await berth.forward(5 * HOUR_MS);
  await Promise.all([renew(ada.client), renew(grace.client)]);
  await open(grace.page, `/dashboard/provider/requests/${contract_id}`);
  await expect(grace.page.getByText('Paused', { exact: true }).first()).toBeVisible();
  await expectFineInEveryLook(grace.page);
  await open(ada.page, `/dashboard/rentals/${contract_id}`);
  await ada.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await ada.page
    .getByRole('dialog')
    .getByRole('button', { name: /^Sign and/ })
    .click();
  await expect(ada.page.getByText('Active', { exact: true }).first()).toBeVisible();
  // The first hour had begun before the pause; five hours later it is still the only one.
  await expect(ada.page.getByText('1 of 48 h')).toBeVisible();
  await expect(ada.page.getByText('1 day 23 h')).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});
