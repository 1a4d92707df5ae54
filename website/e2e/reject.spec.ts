import { listOffering, requestRental } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

test('a provider declines with a reason, which the renter reads at once', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'Storage in Oslo' });
  const { contract_id } = await requestRental(ada.client, offering);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);

  await openLive(grace.page, '/dashboard/provider/requests');
  await grace.page.getByRole('link', { name: 'Storage in Oslo' }).click();
  await grace.page.getByRole('button', { name: 'Decline' }).click();
  const dialog = grace.page.getByRole('dialog', { name: 'Decline this request?' });
  await expect(dialog.getByTestId('refund')).toContainText('$483.08 of $483.08');
  await dialog.getByLabel('Reason').fill('The rack is full until Monday.');
  await dialog.getByRole('button', { name: 'Sign and decline' }).click();
  await expect(dialog).toBeHidden();

  await expect(ada.page.getByRole('heading', { name: 'How it ended' })).toBeVisible();
  await expect(ada.page.getByText('The rack is full until Monday.')).toBeVisible();
  await expect(ada.page.getByRole('button', { name: 'Cancel' })).toHaveCount(0);
  await Promise.all([ada.close(), grace.close()]);
});
