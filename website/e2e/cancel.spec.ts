import { listOffering, rentalIn } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

test('what comes back is shown before a running contract is cancelled, and comes back', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('active', parties);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  await openLive(grace.page, `/dashboard/provider/requests/${contract_id}`);

  await ada.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Cancel this contract?' });
  // 24 h at $19.92 and $5 for the setup: the begun hour and the setup fee are kept.
  await expect(dialog.getByTestId('refund')).toContainText('$458.16 of $483.08');
  await expect(dialog).toContainText('The hours not yet begun are paid back');
  await expect(dialog.getByLabel('Why')).toHaveValue('1000');
  await dialog.getByLabel('Why').selectOption({ label: 'Nobody’s fault' });
  await expectFineInEveryLook(ada.page);
  await dialog.getByLabel('Reason').fill('Done early.');
  await dialog.getByRole('button', { name: 'Sign and cancel' }).click();

  for (const { page } of [ada, grace]) {
    await expect(page.locator('[aria-current="step"]')).toContainText('Cancelled');
    await expect(page.getByText('Nobody’s fault: Done early.')).toBeVisible();
    await expect(page.getByText('$458.16')).toBeVisible();
  }
  await Promise.all([ada.close(), grace.close()]);
});

test('a contract that was cancelled by the other side takes no move from an open dialog', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('pending', parties);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  await openLive(grace.page, `/dashboard/provider/requests/${contract_id}`);

  await grace.page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(grace.page.getByRole('dialog', { name: 'Accept this request?' })).toBeVisible();
  await ada.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await ada.page.getByRole('button', { name: 'Sign and cancel' }).click();

  await expect(grace.page.getByText('The contract has moved on')).toBeVisible();
  await expect(grace.page.getByRole('dialog', { name: 'Accept this request?' })).toBeHidden();
  await expect(grace.page.getByRole('button', { name: 'Accept', exact: true })).toHaveCount(0);
  await Promise.all([ada.close(), grace.close()]);
});
