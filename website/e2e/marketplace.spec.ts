import { gzipSync } from 'node:zlib';
import { formatMoney } from '@berth/shared/money';
import { priceOf } from '@berth/shared/contracts/price';
import { endpoints } from '@berth/shared/endpoints';
import type { Page } from '@playwright/test';
import { listOffering } from '../../api/test/rental.ts';
import { newHandle } from './accounts.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

const MAX_SCRIPT_BYTES = 100_000;
const HOURLY_E9S = 1_250_000_000n;

/** A word that only this test's offerings have, so that it finds them alone. */
const newWord = (): string => newHandle('word').replace('-', '');

const titlesOn = (page: Page) =>
  page.getByRole('region', { name: 'Results' }).getByRole('article').getByRole('heading');

const statusOf = (page: Page) => page.getByRole('region', { name: 'Results' }).getByRole('status');

test('filters are in the address, survive a reload and are the same for whoever it is sent to', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} in Oslo`, country: 'NO', city: 'Oslo' });
  await listOffering(grace.client, { title: `${word} in Lyon`, country: 'FR', city: 'Lyon' });
  await open(page, '/marketplace');
  await page.getByRole('searchbox', { name: 'Search the marketplace' }).fill(word);
  await expect(statusOf(page)).toHaveText('2 offerings');
  await page.getByRole('group', { name: 'Country' }).getByLabel('Norway').check();
  await page.getByLabel('Hours I need').fill('48');
  await page.getByLabel('In stock').check();
  await expect(page).toHaveURL(/country=NO.*in_stock=1.*hours=48/);
  await expect(titlesOn(page)).toHaveText([`${word} in Oslo`]);

  await page.reload();
  await expect(page.getByRole('group', { name: 'Country' }).getByLabel('Norway')).toBeChecked();
  await expect(page.getByLabel('Hours I need')).toHaveValue('48');
  await expect(titlesOn(page)).toHaveText([`${word} in Oslo`]);

  await open(grace.page, page.url());
  await expect(titlesOn(grace.page)).toHaveText([`${word} in Oslo`]);
  await grace.close();
});

test('a filter goes with its chip, all go with one press, and back brings them again', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} small`, memory_gib: 64 });
  await listOffering(grace.client, { title: `${word} large`, memory_gib: 512 });
  await open(page, `/marketplace?q=${word}&min_memory_gib=256`);
  await expect(titlesOn(page)).toHaveText([`${word} large`]);
  await page.getByRole('link', { name: 'Remove the filter 256 GiB+ memory' }).click();
  await expect(statusOf(page)).toHaveText('2 offerings');
  await page.goBack();
  await expect(page.getByLabel('Memory', { exact: true })).toHaveValue('256');
  await expect(statusOf(page)).toHaveText('1 offering');
  await page.getByRole('link', { name: 'Clear all' }).click();
  await expect(page).toHaveURL('/marketplace');
  await grace.close();
});

test('nothing found says which filters to loosen, and loosening one finds it', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: word, country: 'FI' });
  await open(page, `/marketplace?q=${word}&country=IS&in_stock=1`);
  await expect(page.getByText('Nothing is all of that at once')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /^Any country/ }).click();
  await expect(titlesOn(page)).toHaveText([word]);
  await grace.close();
});

test('sorting orders by price and by memory, either way', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const cases = [
    { title: `${word} a`, price_e9s: 3_000_000_000n, memory_gib: 64 },
    { title: `${word} b`, price_e9s: 1_000_000_000n, memory_gib: 512 },
    { title: `${word} c`, price_e9s: 2_000_000_000n, memory_gib: 128 },
  ];
  for (const changes of cases) await listOffering(grace.client, changes);
  const named = (letters: string) => [...letters].map((letter) => `${word} ${letter}`);
  await open(page, `/marketplace?q=${word}`);
  await expect(titlesOn(page)).toHaveText(named('bca'));
  await page.getByLabel('Sort by').selectOption({ label: 'Dearest first' });
  await expect(titlesOn(page)).toHaveText(named('acb'));
  await page.getByLabel('Sort by').selectOption({ label: 'Most memory' });
  await expect(titlesOn(page)).toHaveText(named('bca'));
  await page.getByLabel('Sort by').selectOption({ label: 'Newest first' });
  await expect(titlesOn(page)).toHaveText(named('cba'));

  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await page.getByRole('columnheader', { name: 'Per hour' }).getByRole('link').click();
  const rows = page.getByRole('table').getByRole('link', { name: word });
  await expect(rows).toHaveText(named('bca'));
  await expect(page.getByRole('columnheader', { name: 'Per hour' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await grace.close();
});

test('turning the pages shows every offering once, and leads back', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const COUNT = 30;
  for (let at = 0; at < COUNT; at += 1) {
    // A few share their price, so that the order hangs on more than that.
    await listOffering(grace.client, {
      title: `${word} ${at}`,
      price_e9s: BigInt(1 + (at % 4)) * HOURLY_E9S,
    });
  }
  await open(page, `/marketplace?q=${word}`);
  await expect(statusOf(page)).toHaveText(`${COUNT} offerings`);
  const first = await titlesOn(page).allInnerTexts();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(titlesOn(page).first()).not.toHaveText(first[0] ?? '');
  const second = await titlesOn(page).allInnerTexts();
  expect(new Set([...first, ...second]).size).toBe(COUNT);
  expect(first.length + second.length).toBe(COUNT);
  await page.getByRole('button', { name: 'Previous' }).click();
  await expect(titlesOn(page)).toHaveText(first);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(titlesOn(page)).toHaveText(second);
  await page.getByRole('link', { name: 'First' }).click();
  await expect(titlesOn(page)).toHaveText(first);
  await grace.close();
});

test('an address with values that mean nothing shows what it can', async ({ page }) => {
  const strange =
    'kind=boat&hours=-1&min_vcpus=many&max_hourly=%24&cursor=zzz&sort=luck&sort=price';
  await open(page, `/marketplace?${strange}&currency=EUR&country=nl`);
  await expect(page.getByRole('link', { name: 'Remove the filter in EUR' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Remove the filter Netherlands' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Remove the filter/ })).toHaveCount(2);
});

test('without JavaScript the form, the chips, the pages and the table work', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} here`, country: 'SE' });
  await listOffering(grace.client, { title: `${word} there`, country: 'JP' });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/marketplace');
  await page.getByRole('searchbox', { name: 'Search the marketplace' }).fill(word);
  await page.getByLabel('Hours I need').fill('10');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(statusOf(page)).toHaveText('2 offerings');
  await page.getByRole('group', { name: 'Country' }).getByLabel('Japan').check();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(titlesOn(page)).toHaveText([`${word} there`]);
  await page.getByRole('link', { name: 'Remove the filter Japan' }).click();
  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await expect(page.getByRole('table').getByRole('link', { name: word })).toHaveCount(2);
  await context.close();
  await grace.close();
});

test('the total for the hours one needs stands beside every price', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const rate = {
    price_e9s: 100_000_000_000n,
    unit: 'month' as const,
    setup_fee_e9s: 7_500_000_000n,
  };
  await listOffering(grace.client, { title: word, ...rate, currency: 'EUR' });
  const total = formatMoney(priceOf(rate, 50).total_e9s, 'EUR');
  await open(page, `/marketplace?q=${word}`);
  await expect(page.getByRole('article')).toContainText('€100.00 / month');
  await page.getByLabel('Hours I need').fill('50');
  await expect(page.getByRole('article')).toContainText(`${total} for 50 hours`);
  await page.getByRole('article').getByRole('link', { name: word }).click();
  await expect(page.getByLabel('How long', { exact: true })).toHaveValue('50');
  await expect(page.getByRole('complementary', { name: 'Price' })).toContainText(total);
  await grace.close();
});

test('an offering is found and opened from the keyboard alone', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: word });
  await open(page, '/marketplace');
  await page.keyboard.press('/');
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
  await expect(titlesOn(page)).toHaveText([word]);
  const link = page.getByRole('article').getByRole('link', { name: word });
  for (let at = 0; at < 100; at += 1) {
    await page.keyboard.press('Tab');
    if (await link.evaluate((element) => element === document.activeElement)) break;
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(word);
  await grace.close();
});

test('what a provider changes shows by itself on a signed-in page', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const word = newWord();
  const offering = await listOffering(grace.client, { title: word, stock: 9 });
  await openLive(ada.page, `/marketplace?q=${word}`);
  await expect(titlesOn(ada.page)).toHaveText([word]);
  await grace.client.ask(endpoints.offerings.move, {
    params: { offering_id: offering.id },
    body: { action: 'pause', version: offering.version },
  });
  await expect(statusOf(ada.page)).toHaveText('0 offerings');
  await Promise.all([ada.close(), grace.close()]);
});

test('on a phone the filters are in a drawer that says how many it finds', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} one`, country: 'CH' });
  await listOffering(grace.client, { title: `${word} two`, country: 'AT' });
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `/marketplace?q=${word}`);
  await page.getByRole('button', { name: /^Filters/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Filters' });
  await drawer.getByRole('group', { name: 'Country' }).getByLabel('Austria').check();
  await expect(drawer.getByRole('button', { name: 'Show 1 offering' })).toBeVisible();
  await expectAccessible(page);
  await drawer.getByRole('button', { name: 'Show 1 offering' }).click();
  await expect(titlesOn(page)).toHaveText([`${word} two`]);
  await grace.close();
});

for (const view of ['cards', 'table']) {
  for (const width of [390, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`the marketplace as ${view} at ${width} px, ${colorScheme}, is accessible and fits`, async ({
        browser,
        page,
      }) => {
        const grace = await visitor(browser, 'Grace');
        await listOffering(grace.client);
        await grace.close();
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await open(page, `/marketplace?hours=24&in_stock=1&view=${view}`);
        await expect(statusOf(page)).not.toHaveText('0 offerings');
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      });
    }
  }
}

test('the marketplace sends less than 100 kB of script, gzipped', async ({ page }) => {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (reply) => {
    if (reply.request().resourceType() === 'script') scripts.push(reply.body());
  });
  await open(page, '/marketplace');
  await page.waitForLoadState('networkidle');
  const bodies = await Promise.all(scripts);
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(MAX_SCRIPT_BYTES);
});
