import { readFile } from 'node:fs/promises';
import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

const here = '/dashboard/provider/offerings/import';
const good = `title,kind,country,price,unit,vcpus,memory_gib,reference,state
Import one,compute,NL,9.90,month,4,16,imp-1,listed
Import two,compute,Norway,0.05,hour,2,"8 GiB",imp-2,draft
`;
const bad = `${good}Import three,boat,NL,9.90,month,4,16,imp-3,draft
`;
const fileOf = (name: string, text: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text),
});

const twoBad = `${bad}Import four,compute,NL,cheap,month,4,16,imp-4,draft
`;

test('a refused cell is mended by the keyboard, and the rest is imported without what is not', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  await page.getByLabel('Choose a file').first().setInputFiles(fileOf('list.csv', twoBad));
  const counts = page.getByRole('list', { name: 'What an import would do' });
  await expect(counts).toContainText('2 refused');
  await page.getByLabel('Only what is refused').check();
  await expect(page.getByRole('row').filter({ hasText: 'Import one' })).toHaveCount(0);
  const kind = page.getByLabel('kind of row 3', { exact: true });
  await expect(kind).toHaveAccessibleDescription(/One of gpu, compute/);
  await kind.fill('compute');
  await kind.press('Enter');
  await expect(counts).toContainText('1 refused');
  await expect(page.getByLabel('price of row 4', { exact: true })).toBeFocused();

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the refused row' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('list-refused.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe(
    `${good.split('\n')[0]}\r\nImport four,compute,NL,cheap,month,4,16,imp-4,draft\r\n`,
  );
  await page.getByRole('button', { name: 'Import the other 3 rows' }).click();
  await expect(page.getByRole('heading', { name: 'list-refused.csv' })).toBeVisible();
  const titles = async () =>
    (await grace.client.ask(endpoints.offerings.listOwn, { query: {} })).items
      .map(({ title }) => title)
      .sort();
  expect(await titles()).toEqual(['Import one', 'Import three', 'Import two']);
  await page.getByLabel('price of row 1', { exact: true }).fill('3.50');
  await page.getByLabel('price of row 1', { exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Import 1 offering' }).click();
  await expect(page).toHaveURL('/dashboard/provider/offerings');
  expect(await titles()).toHaveLength(4);
  await grace.close();
});

test('a number that may be two and a GPU that nobody knows are asked about once', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  const rows = ['One', 'Two'].map((name) => `Node ${name};gpu;RTX 4091;NL;1.234;EUR`).join('\n');
  await page
    .getByLabel('Or paste it')
    .fill(`sep=;\ntitle;kind;gpu_model;country;price;currency\n${rows}`);
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByText('CSV parted by semicolons, its header is line 2')).toBeVisible();
  await expect(page.getByText('“1.234” may be two numbers')).toBeVisible();
  await expectFineInEveryLook(page);
  await page.getByRole('button', { name: '1234, decimal comma' }).click();
  const read = page.getByRole('list', { name: 'How it was read' });
  await expect(read).toContainText('€1,234.00 per hour');
  await read.getByLabel('Decimal mark of price').selectOption('decimal point');
  await expect(read).toContainText('€1.234 per hour');
  await page.getByLabel('What RTX 4091 is').selectOption('RTX 4090');
  await expect(page.getByText('GPUs that Berth has no figures of')).toBeHidden();
  await page.getByRole('button', { name: 'Import 2 offerings' }).click();
  await expect(page).toHaveURL('/dashboard/provider/offerings');
  const { items } = await grace.client.ask(endpoints.offerings.listOwn, { query: {} });
  expect(items.map(({ gpu_model, price_e9s }) => `${gpu_model} ${price_e9s}`)).toEqual([
    'RTX 4090 1234000000',
    'RTX 4090 1234000000',
  ]);
  await grace.close();
});

test('a good file is looked at, confirmed, and imported; once more it updates', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  await page.getByLabel('Choose a file').first().setInputFiles(fileOf('list.csv', good));
  await expect(page.getByRole('heading', { name: 'list.csv' })).toBeVisible();
  await page.getByRole('button', { name: 'Import 2 offerings' }).click();
  await expect(page).toHaveURL('/dashboard/provider/offerings');
  await expect(page.getByRole('row').filter({ hasText: 'Import one' })).toContainText('Listed');
  await expect(page.getByRole('row').filter({ hasText: 'Import two' })).toContainText('Draft');

  await open(page, here);
  await page.getByLabel('Or paste it').fill(good.replace('9.90', '8.90'));
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('list', { name: 'What an import would do' })).toContainText(
    '2 updated',
  );
  await page.getByRole('button', { name: 'Import 2 offerings' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Import one' })).toContainText('$8.90');
  await grace.close();
});

test('a file is dropped on the page, and columns that mean nothing are named', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  const text = `[{"title":"From JSON","kind":"hosting","country":"SE","price":"4","colour":"red"}]`;
  const transfer = await page.evaluateHandle((json) => {
    const data = new DataTransfer();
    data.items.add(new File([json], 'list.json', { type: 'application/json' }));
    return data;
  }, text);
  await page
    .getByRole('group', { name: 'A file' })
    .dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('row').filter({ hasText: 'From JSON' })).toContainText('New');
  await expect(page.getByText('colour. They are left out.')).toBeVisible();
  await grace.close();
});

test('what cannot be read says so, and the list can be brought again', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  await page.getByLabel('Or paste it').fill('[{"title": ');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('alert')).toContainText('That does not work as it is');
  await page.getByLabel('Or paste it').fill(good);
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('button', { name: 'Import 2 offerings' })).toBeEnabled();
  await page.getByRole('button', { name: 'Another list' }).click();
  await expect(page.getByLabel('Or paste it')).toHaveValue('');
  await grace.close();
});

test('the template can be imported as it is', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, here);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download a template' }).click();
  const template = await readFile(await (await downloading).path(), 'utf8');
  await page.getByLabel('Or paste it').fill(template);
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('button', { name: 'Import 1 offering' })).toBeEnabled();
  await grace.close();
});

test('what is exported imports as the same, in both formats', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  await listOffering(grace.client, { title: 'Round trip', description: 'One, "two"\nthree' });
  const { page } = grace;
  for (const format of ['CSV', 'JSON']) {
    await open(page, '/dashboard/provider/offerings');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: `As ${format}` }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`berth-offerings.${format.toLowerCase()}`);
    const text = await readFile(await download.path(), 'utf8');
    await open(page, here);
    await page.getByLabel('Or paste it').fill(text);
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect(page.getByRole('list', { name: 'What an import would do' })).toContainText(
      '1 updated',
    );
  }
  await grace.close();
});

test('the import page with a preview fits a phone', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace', { viewport: { width: 390, height: 844 } });
  const { page } = grace;
  await open(page, here);
  await page.getByLabel('Or paste it').fill(bad);
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByText('Refused: 1 row.')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await grace.close();
});
