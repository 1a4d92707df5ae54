import { listOffering, requestRental } from '../../api/test/rental.ts';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

test('a provider declines all requests of one renter at once, blocks it, and unblocks it', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'Storage in Oslo', stock: 20 });
  const requests = [];
  for (let at = 0; at < 3; at++) requests.push(await requestRental(ada.client, offering));

  await openLive(grace.page, '/dashboard/provider/requests');
  const card = cardOf(grace.page, 'Several requests from one renter');
  await expect(card).toContainText('3 requests wait');
  await expectFineInEveryLook(grace.page);
  await card.getByRole('button', { name: 'Decline all' }).click();
  const dialog = grace.page.getByRole('dialog', { name: 'Decline 3 requests of Ada?' });
  await dialog.getByLabel('Reason').fill('Only one each, please.');
  await dialog.getByLabel('Take no more requests from Ada').check();
  await expectFineInEveryLook(grace.page);
  await dialog.getByRole('button', { name: 'Sign and decline all' }).click();
  await expect(dialog).toBeHidden();
  await expect(card).toBeHidden();
  for (const { contract_id } of requests) {
    await open(ada.page, `/dashboard/rentals/${contract_id}`);
    await expect(ada.page.getByText('Only one each, please.')).toBeVisible();
  }

  await open(ada.page, `/offerings/${offering.id}`);
  await ada.page.getByRole('button', { name: 'Rent Resource' }).first().click();
  const told = ada.page.getByRole('dialog').getByText('This provider takes no requests from you');
  await expect(told).toBeVisible();

  await grace.page.getByRole('link', { name: 'Blocked renters' }).click();
  await expect(grace.page.getByText(`@${ada.client.account.handle}`)).toBeVisible();
  const here = grace.page.getByRole('navigation', { name: 'Dashboard' });
  await expect(here.getByRole('link', { name: 'Requests' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await expectFineInEveryLook(grace.page);
  await grace.page.getByRole('button', { name: 'Unblock' }).click();
  const again = grace.page.getByRole('dialog', { name: 'Take requests from Ada again?' });
  await again.getByRole('button', { name: 'Unblock' }).click();
  await expect(grace.page.getByText('Nobody is blocked')).toBeVisible();
  expect((await requestRental(ada.client, offering)).state).toBe('pending');
  await Promise.all([ada.close(), grace.close()]);
});
