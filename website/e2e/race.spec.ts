import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { visitor, type Visitor } from './people.ts';

async function lookItOver({ page }: Visitor, offering_id: string): Promise<void> {
  await open(page, `/offerings/${offering_id}`);
  await page.getByRole('button', { name: 'Rent Resource' }).click();
  await page.getByLabel('SSH key').selectOption('No SSH key');
  await page.getByRole('button', { name: /^Continue/ }).click();
}

const sign = ({ page }: Visitor) => page.getByRole('button', { name: /^Sign and request/ });

test('of three who ask at once for the last unit one holds and rents it, the others are told', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const renters = [
    await visitor(browser, 'Ada'),
    await visitor(browser, 'Barbara'),
    await visitor(browser, 'Carol'),
  ];
  const offering = await listOffering(grace.client, { stock: 1 });
  for (const { page } of renters) await open(page, `/offerings/${offering.id}`);
  await Promise.all(
    renters.map(({ page }) => page.getByRole('button', { name: 'Rent Resource' }).click()),
  );

  const outcomes = await Promise.all(
    renters.map(async (renter) => {
      const { page } = renter;
      const lost = page.getByRole('alert').filter({ hasText: 'The last unit has just been taken' });
      await expect(lost.or(page.getByText('This price and one unit are yours for'))).toBeVisible();
      if (await lost.isVisible()) return 'lost';
      await page.getByLabel('SSH key').selectOption('No SSH key');
      await page.getByRole('button', { name: /^Continue/ }).click();
      await sign(renter).click();
      await expect(page.getByRole('heading', { name: 'Waiting for Grace' })).toBeVisible();
      return 'won';
    }),
  );
  expect(outcomes.sort()).toEqual(['lost', 'lost', 'won']);
  await Promise.all([grace, ...renters].map(({ close }) => close()));
});

test('a double click, and a retry after a lost answer and a reload, make one contract', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const { page } = ada;
  await lookItOver(ada, offering.id);

  // The request arrives and its answer is lost, however often it is asked before the reload.
  await page.route('**/api/v1/contracts', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await sign(ada).dblclick();
  await expect(page.getByText('Your request has had no answer yet')).toBeVisible();
  await page.unroute('**/api/v1/contracts');
  await page.reload();

  await expect(page).toHaveURL(/\/dashboard\/rentals\//);
  const query = { role: 'renter' as const };
  const { items } = await ada.client.ask(endpoints.contracts.list, { query });
  expect(items).toHaveLength(1);
  await Promise.all([ada.close(), grace.close()]);
});

test('a visitor is led through sign-in and back to the dialog', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client);
  await open(page, `/offerings/${offering.id}`);
  await page.getByRole('link', { name: 'Rent Resource' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rent this resource' });
  await dialog.getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  const next = new URL(page.url()).searchParams.get('next') ?? '';

  const ada = await visitor(browser, 'Ada');
  await open(ada.page, next);
  await expect(ada.page.getByRole('dialog', { name: 'Rent this resource' })).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});
