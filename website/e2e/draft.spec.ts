import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { newHandle, signUpHere } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

const SSH_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop';
const operating_systems = ['Debian 13', 'Ubuntu 24.04'];

test('what a guest fills in waits through making an account, is signed then, and both sides see it', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { operating_systems });
  await open(page, `/offerings/${offering.id}?hours=12`);
  await page.getByRole('link', { name: 'Rent Resource' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rent this resource' });
  await dialog.getByLabel('For how long').fill('30');
  await dialog.getByLabel('Operating system').selectOption('Ubuntu 24.04');
  await dialog.getByLabel('Public key').fill(SSH_KEY);
  await dialog.getByLabel('Memo to the provider').fill('For a demo.');
  await expectFineInEveryLook(page);
  await dialog.getByRole('link', { name: 'Make an account' }).click();
  await expect(page).toHaveURL(/\/sign-up\?next=/);
  await signUpHere(page, { handle: newHandle('guest') });

  await expect(dialog.getByLabel('For how long')).toHaveValue('30');
  await expect(dialog.getByLabel('Operating system')).toHaveValue('Ubuntu 24.04');
  await expect(dialog.getByLabel('Public key')).toHaveValue(SSH_KEY);
  await expect(dialog.getByLabel('Memo to the provider')).toHaveValue('For a demo.');
  await expect(dialog).toContainText('yours for 10 min');
  await dialog.getByRole('button', { name: /^Continue/ }).click();
  await expect(page.getByRole('dialog')).toContainText('Ubuntu 24.04');
  await page.getByRole('button', { name: /^Sign and request/ }).click();
  await expect(page.getByRole('heading', { name: 'Waiting for Grace' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Operating system, as chosen');
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);

  const contract_id = page.url().split('/').at(-1);
  await open(grace.page, '/dashboard/provider/requests');
  await expect(grace.page.getByRole('main')).toContainText('Ubuntu 24.04');
  await expectFineInEveryLook(grace.page);
  await open(grace.page, `/dashboard/provider/requests/${contract_id}`);
  await expect(grace.page.getByText('Operating system: Ubuntu 24.04')).toBeVisible();
  await grace.page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(grace.page.getByRole('dialog')).toContainText('Ubuntu 24.04');
  await grace.page.getByRole('button', { name: 'Sign and accept' }).click();
  await expect(grace.page.getByText('The log verifies')).toBeVisible();
  await grace.close();
});

test('what is typed survives a reload with its dialog open, and is nobody else’s', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { operating_systems });
  const { page } = ada;
  const dialog = page.getByRole('dialog');
  const memo = dialog.getByLabel('Memo to the provider');
  await open(page, `/offerings/${offering.id}?hours=12`);
  await page.getByRole('button', { name: 'Rent Resource' }).click();
  await dialog.getByRole('button', { name: /^Continue/ }).click();
  await expect(dialog.getByText('Choose what is installed')).toBeVisible();
  await dialog.getByLabel('Operating system').selectOption('Debian 13');
  await dialog.getByLabel('SSH key').selectOption('No SSH key');
  await memo.fill('Half a sentence');
  await page.reload();
  await expect(memo).toHaveValue('Half a sentence');
  await expect(dialog.getByLabel('For how long')).toHaveValue('12');
  await expect(dialog.getByLabel('Operating system')).toHaveValue('Debian 13');
  await expect(dialog.getByLabel('SSH key')).toHaveValue('none');
  await expect(dialog).toContainText('one unit are yours');

  // Closed it stays closed, and what was typed is there when it is opened again.
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await page.reload();
  await page.locator('html[data-awake]').waitFor({ state: 'attached' });
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Rent Resource' }).click();
  await expect(memo).toHaveValue('Half a sentence');

  // Another account in this tab.
  const kept = await page.evaluate(() => ({ ...sessionStorage }));
  const eve = await visitor(browser, 'Eve');
  await eve.page.evaluate((items) => Object.assign(sessionStorage, items), kept);
  await open(eve.page, `/offerings/${offering.id}?rent=12`);
  await expect(eve.page.getByLabel('Memo to the provider')).toHaveValue('');
  const { items } = await eve.client.ask(endpoints.contracts.list, { query: { role: 'renter' } });
  expect(items).toEqual([]);
  await Promise.all([ada.close(), eve.close(), grace.close()]);
});
