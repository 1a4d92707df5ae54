import { listOffering, requestRental } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

test('a provider sees while writing a price how many it undercuts, and how the offering does', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const rare = { gpu_model: 'Gaudi 3', gpu_count: 3, setup_fee_e9s: 0n };
  for (const price_e9s of [2_000_000_000n, 3_000_000_000n, 4_000_000_000n]) {
    await listOffering(ada.client, { ...rare, price_e9s });
  }
  const own = await listOffering(grace.client, { ...rare, price_e9s: 5_000_000_000n });
  await requestRental(ada.client, own);
  const { page } = grace;
  await open(page, `/dashboard/provider/offerings/${own.id}`);
  await expect(page.getByText('Cheaper than 0 of 3 comparable.')).toBeVisible();
  await page.getByLabel('Price', { exact: true }).fill('2.50');
  await expect(page.getByText('Cheaper than 2 of 3 comparable.')).toBeVisible();
  await page.getByLabel('Setup fee, once').fill('500');
  await expect(page.getByText('Cheaper than 1 of 3 comparable.')).toBeVisible();
  await page.getByLabel('Currency').selectOption('CHF');
  await expect(page.getByText('Nobody else lists the same GPU')).toBeVisible();
  const card = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'How it does' }) });
  await expect(card.getByRole('definition').nth(2)).toHaveText('1');
  await card.getByText('As a table').click();
  await expect(card.getByRole('row').nth(1)).toContainText('1');
  await expectFineInEveryLook(page);
  await Promise.all([ada.close(), grace.close()]);
});
