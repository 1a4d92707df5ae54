import { listOffering, move, rentalIn } from '../../api/test/rental.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

test('overview, lists, contracts and notices are accessible and fit, light and dark', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const check = async ({ page }: typeof ada, address: string) => {
    await open(page, address);
    await expectFineInEveryLook(page);
  };
  await check(ada, '/dashboard');

  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const active = await rentalIn('active', parties, { memo: 'Ubuntu, please.' });
  const pending = await rentalIn('pending', parties);
  await rentalIn('rejected', parties);
  await move(ada.client, active, 'message');
  await move(grace.client, active, 'extend');
  await check(ada, '/dashboard');
  await check(ada, '/dashboard/rentals');
  await check(ada, `/dashboard/rentals/${active}`);
  await check(ada, '/dashboard/notices');
  await check(grace, `/dashboard/provider/requests/${pending}`);
  await Promise.all([ada.close(), grace.close()]);
});

test('on a phone messages come before the terms, which unfold, and the log is last', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const active = await rentalIn('active', {
    renter: ada.client,
    provider: grace.client,
    offering,
  });
  const { page } = ada;
  await page.setViewportSize({ width: 390, height: 900 });
  await open(page, `/dashboard/rentals/${active}`);
  const topOf = async (name: string) =>
    (await page.getByRole('heading', { name, exact: true }).boundingBox())?.y ?? 0;
  const tops = await Promise.all(['Messages', 'Costs', 'Terms as signed', 'Log'].map(topOf));
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  const term = page.getByText('Answer within', { exact: true });
  await expect(term).toBeHidden();
  await page.getByRole('button', { name: 'Show the terms' }).click();
  await expect(term).toBeVisible();
  await page.getByRole('button', { name: 'Hide the terms' }).click();
  await expect(term).toBeHidden();
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(term).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show the terms' })).toBeHidden();
  await Promise.all([ada.close(), grace.close()]);
});

test('dialogs are accessible, on a phone and in the dark too', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const provisioning = await rentalIn('provisioning', parties);
  const active = await rentalIn('active', parties);
  const check = async ({ page }: typeof ada, address: string, button: string) => {
    await page.setViewportSize({ width: 390, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open(page, address);
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  };
  await check(ada, `/offerings/${offering.id}`, 'Rent Resource');
  await ada.page.getByLabel('SSH key').selectOption('No SSH key');
  await ada.page.getByRole('button', { name: /^Continue/ }).click();
  await expectAccessible(ada.page);
  await check(ada, `/dashboard/rentals/${active}`, 'Cancel');
  await check(ada, `/dashboard/rentals/${active}`, 'Extend');
  await check(ada, `/dashboard/rentals/${active}`, 'Open them again');
  await check(grace, `/dashboard/provider/requests/${provisioning}`, 'Post credentials');
  await Promise.all([ada.close(), grace.close()]);
});

test('a request is answered with the keyboard alone', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'H100 in Oslo' });
  const parties = { renter: ada.client, provider: grace.client, offering };
  await rentalIn('pending', parties);
  const { page } = grace;
  await openLive(page, '/dashboard/provider/requests');

  const reach = async (name: string | RegExp, role: 'link' | 'button') => {
    const wanted = page.getByRole(role, { name, exact: true });
    await expect(wanted).toBeVisible();
    await expect(async () => {
      await page.keyboard.press('Tab');
      await expect(wanted).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0] });
    await page.keyboard.press('Enter');
  };
  await reach('H100 in Oslo', 'link');
  await reach('Accept', 'button');
  await expect(page.getByRole('heading', { name: 'Accept this request?' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await reach('Sign and accept', 'button');
  await expect(page.locator('[aria-current="step"]')).toContainText('Accepted');
  await Promise.all([ada.close(), grace.close()]);
});
