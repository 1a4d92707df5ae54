import type { Page } from '@playwright/test';
import { addressOf } from '@berth/shared/endpoint';
import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor, type Visitor } from './people.ts';

const here = '/dashboard/provider/offerings/sheet';
const ROWS = 100;

/** As a spreadsheet does: from its clipboard into the cell one is in. */
const paste = (page: Page, text: string) =>
  page.getByRole('grid').evaluate((grid, tsv) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', tsv);
    grid.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, text);

const cell = (page: Page, row: number, column: number) =>
  page.locator(`[role="gridcell"][data-row="${row}"][data-column="${column}"]`);
const own = ({ client }: Visitor, q = '') =>
  client.ask(endpoints.offerings.listOwn, { query: { q, limit: 100 } });

/** Title, state, kind, price, unit, currency, setup fee, stock; and a country far to the right. */
const lineOf = (at: number, price: string) =>
  [`Pasted ${at}`, 'listed', 'VPS', price, 'per month', 'eur', '0', '3'].join('\t');

test('a hundred rows are pasted from a spreadsheet, a wrong cell is found and mended, all are saved', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  await listOffering(grace.client, { title: 'Here before' });
  const { page } = grace;
  await open(page, here);
  const grid = page.getByRole('grid', { name: 'Your offerings' });
  await expect(cell(page, 0, 0)).toHaveText('Here before');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  const lines = Array.from({ length: ROWS }, (_, at) => lineOf(at, at === 70 ? 'cheap' : '9.90'));
  await paste(page, lines.join('\r\n'));
  await expect(page.getByText(`${ROWS} rows not saved yet`)).toBeVisible();
  // The country of each is still to be said: one cell, filled down over all of them.
  await page.getByRole('button', { name: /to mend: next/ }).click();
  await expect(page.getByText('Country, row 2: Fill this in')).toBeVisible();
  await paste(page, Array.from({ length: ROWS }, () => 'Norway').join('\n'));
  await page.getByRole('button', { name: '1 to mend: next' }).click();
  await expect(page.getByText(/^Price, row 72: Write an amount/)).toBeVisible();
  await expect(cell(page, 71, 3)).toHaveAttribute('aria-invalid', 'true');
  expect(await page.getByRole('gridcell').count()).toBeLessThan(1_000);

  await page.getByRole('button', { name: 'Save all' }).click();
  expect((await own(grace)).items).toHaveLength(1);
  await grid.focus();
  await page.keyboard.type('8.50');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /to mend/ })).toBeHidden();
  await page.getByRole('button', { name: 'Save all' }).click();
  await expect(page.getByText('100 new, 0 changed')).toBeVisible();
  await expect(page.getByText('Everything is saved.')).toBeVisible();
  const [mended] = (await own(grace, 'Pasted 70')).items;
  expect(mended).toMatchObject({ price_e9s: '8500000000', country: 'NO', kind: 'compute' });
  expect((await own(grace)).counts.listed).toBe(ROWS + 1);
  // What was kept is shown as it was understood.
  await expect(cell(page, 71, 2)).toHaveText('compute');
  await grace.close();
});

test('cells are edited, filled down, emptied, undone and copied by the keyboard alone', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  for (const title of ['One', 'Two', 'Three']) await listOffering(grace.client, { title });
  const { page } = grace;
  await open(page, here);
  await page.getByRole('grid').focus();
  await page.keyboard.press('F2');
  await page.keyboard.press('End');
  await page.keyboard.type(' more');
  await page.keyboard.press('Enter');
  await expect(cell(page, 0, 0)).toContainText('One more');
  await expect(cell(page, 1, 0)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.type('lost');
  await page.keyboard.press('Escape');
  await expect(cell(page, 1, 0)).toHaveText('Two');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+d');
  await expect(cell(page, 2, 0)).toContainText('One more');
  await page.keyboard.press('Control+z');
  await expect(cell(page, 2, 0)).toHaveText('Three');
  await page.keyboard.press('Control+Shift+z');
  await expect(cell(page, 2, 0)).toContainText('One more');
  const copied = await page.getByRole('grid').evaluate((grid) => {
    const clipboardData = new DataTransfer();
    grid.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true }));
    return clipboardData.getData('text/plain');
  });
  expect(copied).toBe('One more\nOne more\nOne more');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Home');
  await expect(page.getByText('Title, row 1: Fill this in')).toBeVisible();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Tab');
  await expect(cell(page, 0, 1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+End');
  await expect(page.locator('[role="gridcell"][data-column="32"]').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('grid')).not.toBeFocused();
  await grace.close();
});

test('what the server refuses stands at its cell, and what others changed is not lost', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'Mine', stock: 4 });
  const away = await listOffering(grace.client, { title: 'Away', reference: 'taken' });
  await grace.client.ask(endpoints.offerings.move, {
    params: { offering_id: away.id },
    body: { action: 'archive', version: away.version },
  });
  const { page } = grace;
  await open(page, here);
  await page.getByRole('grid').focus();
  const reference = await page.getByRole('grid').getAttribute('aria-colcount');
  expect(Number(reference)).toBeGreaterThan(30);
  await page.keyboard.type('Mine, renamed');
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  for (let left = 0; left < 3; left += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('taken');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save all' }).click();
  await expect(
    page.getByText('Reference, row 1: Another of your offerings has this reference'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  const params = { offering_id: offering.id };
  const body = {
    offerings: [{ offering_id: offering.id, version: offering.version }],
    change: { type: 'stock_set' as const, stock: 9 },
  };
  await grace.client.ask(endpoints.offerings.bulk, { body });
  await page.getByRole('button', { name: 'Save all' }).click();
  await expect(page.getByText(/Some offerings were changed in the meantime/)).toBeVisible();
  await page.keyboard.press('Control+Home');
  await expect(cell(page, 0, 0)).toContainText('Mine, renamed');
  await page.getByRole('button', { name: 'Save all' }).click();
  await expect(page.getByText('Everything is saved.')).toBeVisible();
  expect(await grace.client.ask(endpoints.offerings.getOwn, { params })).toMatchObject({
    title: 'Mine, renamed',
    stock: 9,
  });
  await grace.close();
});

test('the sheet is accessible and fits in every look, with mistakes and edits in it', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  await listOffering(grace.client, { title: 'T'.repeat(100) });
  const { page } = grace;
  await open(page, here);
  await page.getByRole('grid').focus();
  await paste(page, 'Changed\tlisted\tboat\n\nNew one\tdraft\tcompute');
  await expectFineInEveryLook(page);
  await grace.close();
});

test('a save whose answer was lost, and is too long to be kept, makes no offering twice', async ({
  browser,
}) => {
  const lena = await visitor(browser, 'Lena');
  await listOffering(lena.client, { title: 'Here before' });
  const { page } = lena;
  let asked = 0;
  await page.route(addressOf(endpoints.offerings.saveRows, {}), async (route) => {
    asked += 1;
    if (asked === 1) {
      await route.fetch();
      return route.abort();
    }
    if (asked > 2) return route.continue();
    const document = { code: 'idempotency.done', type: '', title: 'Done', status: 409 };
    return route.fulfill({ status: 409, json: document });
  });
  await open(page, here);
  await page.getByRole('grid', { name: 'Your offerings' }).focus();
  await page.keyboard.press('ArrowDown');
  await paste(page, lineOf(1, '9.90'));
  await page.getByRole('button', { name: /to mend: next/ }).click();
  await paste(page, 'Norway');
  await page.getByRole('button', { name: 'Save all' }).click();
  await expect(page.getByRole('alert')).toContainText('could not be reached');
  await page.getByRole('button', { name: 'Save all' }).click();
  await expect(page.getByText('Everything is saved.')).toBeVisible();
  await expect(cell(page, 1, 0)).toHaveText('Pasted 1');
  expect((await own(lena)).items).toHaveLength(2);
  await lena.close();
});
