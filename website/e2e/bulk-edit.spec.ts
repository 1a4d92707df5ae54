import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor, type Visitor } from './people.ts';

const here = '/dashboard/provider/offerings';

async function valuesOf({ client }: Visitor, name: 'price_e9s' | 'stock' | 'state') {
  const { items } = await client.ask(endpoints.offerings.listOwn, { query: { limit: 100 } });
  return items
    .sort((a, b) => a.title.localeCompare(b.title))
    .map((offering) => offering[name].toString());
}

test('prices of a range are seen before and after, changed at once, and put back', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  for (const title of ['A', 'B', 'C', 'D']) {
    await listOffering(grace.client, { title: `Machine ${title}`, price_e9s: 2_000_000_000n });
  }
  const { page } = grace;
  await open(page, here);
  await page.getByLabel('Select Machine D').click();
  await page.getByLabel('Select Machine B').click({ modifiers: ['Shift'] });
  await expect(page.getByText('3 offerings selected')).toBeVisible();
  await page.getByRole('button', { name: 'Change price' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change prices' });
  await dialog.getByLabel('Percent').fill('more');
  await dialog.getByRole('button', { name: 'See what changes' }).click();
  await expect(dialog.getByText('Write a percentage')).toBeVisible();
  await dialog.getByLabel('Percent').fill('-12.5');
  await dialog.getByRole('button', { name: 'See what changes' }).click();
  const row = dialog.getByRole('row').filter({ hasText: 'Machine C' });
  await expect(row).toContainText('$2.00 per hour');
  await expect(row).toContainText('$1.75 per hour');
  await expectFineInEveryLook(page);
  expect(new Set(await valuesOf(grace, 'price_e9s'))).toEqual(new Set(['2000000000']));
  await dialog.getByRole('button', { name: 'Change 3 offerings' }).click();
  await expect(page.getByText('3 offerings changed')).toBeVisible();
  const changed = ['2000000000', '1750000000', '1750000000', '1750000000'];
  expect(await valuesOf(grace, 'price_e9s')).toEqual(changed);
  await page
    .getByRole('region', { name: 'Messages' })
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(page.getByText('3 offerings put back')).toBeVisible();
  expect(new Set(await valuesOf(grace, 'price_e9s'))).toEqual(new Set(['2000000000']));
  await grace.close();
});

test('all of a filter are taken, what is refused is left out, and a day’s undo is on the page', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  for (let at = 0; at < 27; at += 1) {
    await listOffering(grace.client, { title: `Shelf ${String(at).padStart(2, '0')}`, stock: at });
  }
  const { page } = grace;
  await open(page, `${here}?state=listed`);
  await page.getByRole('button', { name: 'Select all 27 of this list' }).click();
  await page.getByRole('button', { name: 'Change stock' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change stock' });
  await dialog.getByLabel('How').selectOption({ label: 'By a number' });
  await dialog.getByLabel(/Units more/).fill('-2');
  await dialog.getByRole('button', { name: 'See what changes' }).click();
  const counts = dialog.getByRole('list', { name: 'What it would do' });
  await expect(counts).toContainText('25 change');
  await expect(counts).toContainText('2 cannot be changed so');
  await expect(dialog.getByRole('row').nth(1)).toContainText('in stock.');
  await dialog.getByRole('button', { name: 'Leave those out, change 25 offerings' }).click();
  await expect(page.getByText('25 offerings changed')).toBeVisible();
  expect((await valuesOf(grace, 'stock')).slice(0, 4)).toEqual(['0', '1', '0', '1']);
  await open(page, here);
  const last = page.getByRole('listitem').filter({ hasText: 'Stock of 25 offerings' });
  await last.getByRole('button', { name: 'Undo' }).click();
  await expect(last.getByText('Undone')).toBeVisible();
  expect((await valuesOf(grace, 'stock')).slice(0, 4)).toEqual(['0', '1', '2', '3']);
  await expectFineInEveryLook(page);
  await grace.close();
});

test('states of many change too, and what changed meanwhile is shown before anything is done', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const one = await listOffering(grace.client, { title: 'First' });
  await listOffering(grace.client, { title: 'Second' });
  const { page } = grace;
  await open(page, here);
  await page.getByRole('button', { name: 'Select this page' }).click();
  await page.getByRole('button', { name: 'Change state' }).click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change states' });
  await expect(dialog.getByRole('button', { name: 'Change 2 offerings' })).toBeEnabled();
  await grace.client.ask(endpoints.offerings.move, {
    params: { offering_id: one.id },
    body: { action: 'pause', version: one.version },
  });
  await dialog.getByRole('button', { name: 'Change 2 offerings' }).click();
  await expect(dialog.getByRole('alert')).toContainText('1 of 2 were changed');
  expect(await valuesOf(grace, 'state')).toEqual(['paused', 'listed']);
  await dialog.getByRole('button', { name: 'Change 1 offering' }).click();
  await expect(page.getByText('1 offering changed')).toBeVisible();
  expect(await valuesOf(grace, 'state')).toEqual(['paused', 'paused']);
  await grace.close();
});
