import { endpoints } from '@berth/shared/endpoints';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

const here = '/dashboard/provider/offerings/import';

test('a cloud’s price list is mapped, looked at, imported, and read again by the kept mapping', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  await page.getByRole('button', { name: 'Try this sample' }).click();
  await expect(page.getByRole('heading', { name: 'Which column is which' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Columns', exact: true })).toBeHidden();
  const field = (name: string) =>
    page
      .getByRole('region', { name: 'Berth’s fields and your columns' })
      .getByRole('row')
      .filter({ has: page.getByText(name, { exact: true }) });
  await expect(field('gpu_model')).toContainText('NVIDIA L40S');
  await expect(field('country')).toContainText('header “region”, values look like countries');
  await expect(page.getByRole('button', { name: 'Import 3 offerings' })).toBeEnabled();

  const dialog = page.getByRole('dialog');
  const always = async (name: string, value: string) => {
    await field(name)
      .getByRole('button', { name: `Change ${name}` })
      .click();
    await dialog.getByLabel('The same').check();
    await dialog.getByLabel('Value').fill(value);
    await dialog.getByRole('button', { name: 'Take it' }).click();
    await expect(field(name)).toContainText(`always “${value}”`);
  };
  await always('kind', 'gpu');
  await field('title').getByRole('button', { name: 'Change title' }).click();
  await dialog.getByLabel('A text').check();
  await dialog.getByLabel('Text', { exact: true }).fill('{gpu_model}, {vram_gb} GB');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await page.getByLabel('One more field').selectOption('city');
  await dialog.getByLabel('Your column').selectOption('region');
  await dialog.getByRole('button', { name: 'Do something to it on the way' }).click();
  await dialog.getByLabel('Words').fill('Norway = Bergen');
  await expectFineInEveryLook(page);
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await expect(field('city')).toContainText('Norway is Bergen');
  await expect(field('vcpus')).toContainText('left out where it cannot be used');

  await page.getByRole('button', { name: 'See what each row gives' }).click();
  const h100 = page.getByRole('row').filter({ hasText: 'NVIDIA H100 SXM5, 80 GB' });
  await expect(h100).toContainText('vcpus is left out: 26.5');
  await expectFineInEveryLook(page);
  await page.getByLabel('Keep this mapping as').fill('Clouds');
  await page.getByRole('button', { name: 'Save mapping' }).click();
  await expect(page.getByText('Mapping saved')).toBeVisible();
  await page.getByRole('button', { name: 'Import 3 offerings' }).click();
  await expect(page).toHaveURL('/dashboard/provider/offerings');
  const { items } = await grace.client.ask(endpoints.offerings.listOwn, { query: {} });
  expect(items.map(({ title, city, country }) => `${title} ${city} ${country}`).sort()).toEqual([
    'AMD MI300X, 192 GB Sweden SE',
    'NVIDIA H100 SXM5, 80 GB Bergen NO',
    'NVIDIA L40S, 48 GB Bergen NO',
  ]);

  await open(page, here);
  await page.getByRole('button', { name: 'Try this sample' }).click();
  await page.getByLabel(/^Mapping/).selectOption({ label: 'Clouds' });
  await expect(field('kind')).toContainText('always “gpu”');
  await expect(page.getByRole('list', { name: 'What an import would do' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByLabel(/^Mapping/)).toBeHidden();
  await grace.close();
});
