import { listOffering, move, rentalIn, requestRental } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

test('page, list and bell change by themselves after a move in another browser', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'H100 in Oslo' });

  await openLive(grace.page, '/dashboard/provider/requests');
  await expect(grace.page.getByText('No requests yet')).toBeVisible();
  const { contract_id } = await requestRental(ada.client, offering);
  const asked = grace.page.getByRole('link', { name: 'H100 in Oslo' });
  await expect(asked).toBeVisible();
  const bell = grace.page.getByRole('button', { name: 'Notices, 1 unread' });
  await expect(bell).toBeVisible();

  const search = grace.page.getByRole('searchbox', { name: 'Search requests' });
  await search.fill('what is typed stays');
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  await move(grace.client, contract_id, 'accept');
  const step = ada.page.locator('[aria-current="step"]');
  await expect(step).toContainText('Accepted');
  const row = grace.page.getByRole('row', { name: 'H100 in Oslo' });
  await expect(row).toContainText('Start provisioning');
  await expect(search).toHaveValue('what is typed stays');

  await test.step('what both write is there at once', async () => {
    await openLive(grace.page, `/dashboard/provider/requests/${contract_id}`);
    await ada.page.getByLabel('Message to Grace').fill('Which kernel?');
    await ada.page.getByRole('button', { name: 'Send' }).click();
    const messages = grace.page.getByRole('list', { name: 'Messages' });
    await expect(messages).toContainText('Which kernel?');
    await grace.page.getByLabel('Message to Ada').fill('6.18');
    await grace.page.getByLabel('Message to Ada').press('Control+Enter');
    await expect(ada.page.getByRole('list', { name: 'Messages' })).toContainText('6.18');
  });

  await test.step('the bell lists what happened, and forgets what was read', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: /^Notices, \d unread/ }).click();
    const notices = page.getByRole('dialog', { name: 'Notices' });
    await expect(notices).toContainText('Grace accepted H100 in Oslo');
    await notices.getByRole('button', { name: 'Mark all as read' }).click();
    await expect(page.getByRole('button', { name: 'Notices', exact: true })).toBeVisible();
  });
  await Promise.all([ada.close(), grace.close()]);
});

test('a stream that broke resumes where it was and loses nothing', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const { contract_id } = await requestRental(ada.client, offering);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  // What a page that has just opened asks for by itself is not what breaks here.
  await ada.page.waitForLoadState('networkidle');

  const context = ada.page.context();
  await context.setOffline(true);
  await move(grace.client, contract_id, 'accept');
  await context.setOffline(false);
  await expect(ada.page.locator('[aria-current="step"]')).toContainText('Accepted');
  await Promise.all([ada.close(), grace.close()]);
});

test('an extension counts once both have signed it', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('active', parties);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  await openLive(grace.page, `/dashboard/provider/requests/${contract_id}`);

  await ada.page.getByRole('button', { name: 'Extend', exact: true }).click();
  await ada.page.getByLabel('For how much longer').fill('48');
  await expect(ada.page.getByRole('dialog')).toContainText('$956.16');
  await ada.page.getByRole('button', { name: 'Sign and propose' }).click();
  await grace.page.getByRole('button', { name: 'Look and sign' }).click();
  await expect(grace.page.getByRole('dialog')).toContainText('$956.16');
  await grace.page.getByRole('button', { name: 'Sign the extension' }).click();
  await expect(ada.page.getByText('of 72 h')).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});
