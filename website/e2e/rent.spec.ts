import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

const SSH_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop';

test('a resource is rented, accepted, provisioned, opened and active, by two browsers', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: '8x H100 for a day' });

  await test.step('Ada asks', async () => {
    const { page } = ada;
    await open(page, `/offerings/${offering.id}`);
    await page.getByRole('button', { name: 'Rent Resource' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rent this resource' });
    await dialog.getByLabel('For how long').fill('24');
    await dialog.getByLabel('Public key').fill(SSH_KEY);
    await dialog.getByLabel('Memo to the provider').fill('Ubuntu, please.');
    await dialog.getByRole('button', { name: 'Continue with $483.08' }).click();
    await expect(page.getByRole('dialog', { name: 'Look it over, then sign' })).toBeVisible();
    await page.getByRole('button', { name: 'Sign and request for $483.08' }).click();
    await expect(page).toHaveURL(/\/dashboard\/rentals\/[0-9a-f]{64}$/);
    await expect(page.getByRole('heading', { name: 'Waiting for Grace' })).toBeVisible();
  });

  const contract_id = ada.page.url().split('/').at(-1);
  await test.step('Grace accepts and starts', async () => {
    const { page } = grace;
    await openLive(page, `/dashboard/provider/requests/${contract_id}`);
    await expect(page.getByText('Ubuntu, please.')).toBeVisible();
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await page.getByRole('button', { name: 'Sign and accept' }).click();
    await page.getByRole('button', { name: 'Start provisioning' }).click();
    await page.getByRole('button', { name: 'Sign and start' }).click();
    await expect(page.getByRole('button', { name: 'Post credentials' })).toBeVisible();
  });

  await test.step('Grace seals the credentials', async () => {
    const { page } = grace;
    await page.getByRole('button', { name: 'Post credentials' }).click();
    const dialog = page.getByRole('dialog', { name: 'Post credentials' });
    await dialog.getByLabel('Address').fill('node7.example.net');
    await dialog.getByLabel('User', { exact: true }).fill('root');
    await expect(dialog.getByLabel('The renter’s SSH key opens it')).toBeChecked();
    await dialog.getByRole('button', { name: 'Add a secret' }).click();
    await dialog.getByLabel('Password', { exact: true }).fill('correct horse');
    const sent = page.waitForRequest((request) => request.url().endsWith('/moves'));
    await dialog.getByRole('button', { name: 'Seal, sign and post' }).click();
    expect((await sent).postData()).not.toContain('correct horse');
    await expect(page.getByRole('heading', { name: 'Waiting for Ada' })).toBeVisible();
  });

  await test.step('Ada opens them, and the clock runs', async () => {
    const { page } = ada;
    await expect(page.getByText('shown here once you have opened')).toBeVisible();
    expect(await page.content()).not.toContain('node7.example.net');
    await page.getByRole('button', { name: 'Open credentials' }).first().click();
    await page.getByRole('button', { name: 'Sign and open' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your credentials' });
    await expect(dialog.getByText('correct horse')).toBeHidden();
    await expect(dialog.getByText('Your SSH key opens it.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Show Password' }).click();
    await expect(dialog.getByText('correct horse')).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByText('0 of 24 h').or(page.getByText('1 of 24 h'))).toBeVisible();
    await expect(page.locator('[aria-current="step"]')).toContainText('Active');
    await expect(page.getByText('ssh root@node7.example.net').first()).toBeVisible();
  });

  await expect(grace.page.locator('[aria-current="step"]')).toContainText('Active');
  await Promise.all([ada.close(), grace.close()]);
});
