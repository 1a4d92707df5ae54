import { endpoints } from '@berth/shared/endpoints';
import { offeringInput, type OfferingView } from '@berth/shared/offerings/schemas';
import * as z from 'zod';
import { listOffering, requestRental, someOffering } from '../../api/test/rental.ts';
import { expect, expectAccessible, open, test } from './harness.ts';
import { expectFineInEveryLook, expectFitsEveryWidth } from './looks.ts';
import { boxOf, hoursOf, newWord, resultsOf, statusOf, titlesOn } from './market.ts';
import { openLive, visitor, type Visitor } from './people.ts';
import { scriptBytes } from './script-size.ts';

const MAX_SCRIPT_BYTES = 100_000;
const MAX_PAGE_BYTES = 90 * 1024;
/** Offerings of a first page, and what of them a laptop's screen of 1440 by 900 shows. */
const CARDS = 24;
const LINES = 30;
const HOURLY_E9S = 1_250_000_000n;

/** The provider changes its price and says so to nobody. */
async function setPrice(
  { client }: Visitor,
  offering: OfferingView,
  title: string,
  price_e9s: bigint,
): Promise<void> {
  const changed = z.encode(offeringInput, { ...someOffering, title, price_e9s });
  await client.ask(endpoints.offerings.change, {
    params: { offering_id: offering.id },
    body: { version: offering.version, offering: changed },
  });
}

test('a filter goes with its chip, all go with one press, and back brings them again', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} small`, memory_gib: 64 });
  await listOffering(grace.client, { title: `${word} large`, memory_gib: 512 });
  await open(page, `/marketplace?q=${word}+memory:%3E%3D256GB`);
  await expect(titlesOn(page)).toHaveText([`${word} large`]);
  await page.getByRole('link', { name: 'Remove the filter Memory 256 GB or more' }).click();
  await expect(statusOf(page)).toHaveText('2 offerings');
  await page.goBack();
  await expect(boxOf(page)).toHaveValue(`${word} memory:>=256GB`);
  await expect(statusOf(page)).toHaveText('1 offering');
  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await expect(resultsOf(page).getByRole('table')).toBeVisible();
  const found = resultsOf(page).getByRole('link', { name: `${word} large`, exact: true });
  await found.click();
  await expect(page).toHaveURL(/\/offerings\//);
  await page.goBack();
  await page.reload();
  await expect(boxOf(page)).toHaveValue(`${word} memory:>=256GB`);
  await expect(resultsOf(page).getByRole('table')).toBeVisible();
  await expect(found).toBeVisible();
  await page.getByRole('link', { name: 'Clear all' }).click();
  await expect(page).toHaveURL('/marketplace?view=table');
  await grace.close();
});

test('nothing found says which filters to loosen, and loosening one finds it', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: word, country: 'FI' });
  await open(page, `/marketplace?q=${word}+country:IS+stock:%3E%3D1`);
  await expect(page.getByText('Nothing matches all of that')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Without Iceland 1' }).click();
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
  await open(page, `/marketplace?q=${word}&sort=price`);
  await expect(titlesOn(page)).toHaveText(named('bca'));
  await page.getByLabel('Sort by').selectOption({ label: 'Highest price' });
  await expect(titlesOn(page)).toHaveText(named('acb'));
  await page.getByLabel('Sort by').selectOption({ label: 'Most memory' });
  await expect(titlesOn(page)).toHaveText(named('bca'));
  await page.getByLabel('Sort by').selectOption({ label: 'Newest' });
  await expect(titlesOn(page)).toHaveText(named('cba'));

  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await page.getByRole('columnheader', { name: 'For 1 month' }).getByRole('link').click();
  const rows = page.getByRole('table').getByRole('link', { name: new RegExp(`^${word}`) });
  await expect(rows).toHaveText(named('bca'));
  await expect(page.getByRole('columnheader', { name: 'For 1 month' })).toHaveAttribute(
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
  await page.getByRole('link', { name: 'First', exact: true }).click();
  await expect(titlesOn(page)).toHaveText(first);
  await grace.close();
});

test('an address with values that mean nothing shows what it can', async ({ page }) => {
  const strange = 'hours=-1&cursor=zzz&sort=luck&sort=price&weights=price:9000&view=wall';
  await open(page, `/marketplace?${strange}&q=currency:EUR+country:nl`);
  await expect(page.getByRole('link', { name: 'Remove the filter in EUR' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Remove the filter Netherlands' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Remove the filter/ })).toHaveCount(2);
});

test('without JavaScript the box, the order, the hours, the chips and the table work', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} here`, country: 'SE', memory_gib: 64 });
  await listOffering(grace.client, { title: `${word} there`, country: 'JP', memory_gib: 512 });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/marketplace');
  await boxOf(page).fill(word);
  await hoursOf(page).selectOption('24');
  await page.getByLabel('Sort by').selectOption('memory');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(titlesOn(page)).toHaveText([`${word} there`, `${word} here`]);
  await expect(resultsOf(page).getByRole('article').first()).toContainText('for 1 day');
  await boxOf(page).fill(`${word} country:SE`);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(titlesOn(page)).toHaveText([`${word} here`]);
  await page.getByRole('link', { name: 'Remove the filter Sweden' }).click();
  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await expect(
    page.getByRole('table').getByRole('link', { name: new RegExp(`^${word}`) }),
  ).toHaveCount(2);
  await context.close();
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
  const link = page.getByRole('article').getByRole('link', { name: word, exact: true });
  for (let at = 0; at < 100; at += 1) {
    await page.keyboard.press('Tab');
    if (await link.evaluate((element) => element === document.activeElement)) break;
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(word);
  await grace.close();
});

test('what a provider changes shows by itself, with a session and without one', async ({
  browser,
  page,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const word = newWord();
  const offering = await listOffering(grace.client, { title: word, stock: 9 });
  await openLive(ada.page, `/marketplace?q=${word}`);
  const followed = page.waitForResponse((reply) => reply.url().endsWith('/stream/public'));
  await open(page, `/marketplace?q=${word}&hours=1`);
  await followed;
  await setPrice(grace, offering, word, 7_000_000_000n);
  await expect(resultsOf(page).getByRole('article')).toContainText('$12.00 for 1 hour');
  await expect(resultsOf(ada.page).getByRole('article')).toContainText('$5,045.00 for 1 month');
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

test('the table of results fits every width, and is accessible between phone and desk', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const title = `${word} with a name that says all that there is to say`;
  await listOffering(grace.client, { title, disk_gib: 61_440, price_e9s: 345_670_000_000n });
  await open(page, `/marketplace?view=table&hours=100&q=${word}`);
  await expect(resultsOf(page).getByRole('table')).toBeVisible();
  await expectFitsEveryWidth(page);
  await page.setViewportSize({ width: 768, height: 900 });
  await expectAccessible(page);
  await grace.close();
});

for (const view of ['cards', 'table']) {
  test(`the marketplace as ${view} is accessible and fits, on phone and desk, light and dark`, async ({
    browser,
    page,
  }) => {
    const grace = await visitor(browser, 'Grace');
    await listOffering(grace.client);
    await grace.close();
    await open(page, `/marketplace?hours=24&q=stock:%3E%3D1&view=${view}`);
    await expect(statusOf(page)).not.toHaveText('0 offerings');
    await expectFineInEveryLook(page);
  });
}

test('a first page is at most 90 KiB before it is compressed, and a laptop shows 30 lines or two rows of cards', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  for (let n = 0; n < LINES; n += 1) {
    await listOffering(grace.client, { title: `${word} ${n}` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  const htmlOf = async () => (await page.request.get(page.url())).text();
  const countSeen = (selector: string) =>
    page.evaluate(
      (selector) =>
        [...document.querySelectorAll(selector)].filter(
          (item) => item.getBoundingClientRect().bottom <= innerHeight,
        ).length,
      selector,
    );
  await open(page, `/marketplace?q=${word}&view=table`);
  const rows = 'main tbody tr';
  await expect(page.locator(rows)).toHaveCount(LINES);
  expect((await htmlOf()).length).toBeLessThan(MAX_PAGE_BYTES);
  await open(page, '/marketplace?view=table');
  await expect(page.locator(rows)).toHaveCount(LINES);
  expect(await countSeen(rows)).toBe(LINES);
  // The head stays where the page is scrolled to, and its orders with it.
  await page.mouse.wheel(0, 400);
  const head = page.getByRole('columnheader', { name: 'Memory', exact: true });
  await expect(head).toBeInViewport();
  await expect(head).toHaveAttribute('aria-sort', 'none');

  await open(page, `/marketplace?q=${word}`);
  await expect(page.getByRole('article')).toHaveCount(CARDS);
  expect((await htmlOf()).length).toBeLessThan(MAX_PAGE_BYTES);
  expect(await countSeen('main article')).toBe(6);
  await page.setViewportSize({ width: 2560, height: 1440 });
  const tops = await page
    .getByRole('article')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(tops.filter((top) => top === tops[0])).toHaveLength(6);
  await grace.close();
});

test('columns are chosen, remembered, and there before the page is awake', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: word, city: 'Haarlem' });
  await grace.close();
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/marketplace?q=${word}&sort=price&view=table`);
  const heads = page.getByRole('columnheader');
  await expect(heads.filter({ hasText: 'Renters' })).toBeVisible();
  await page.getByRole('button', { name: 'Columns' }).click();
  const columns = page.getByRole('group', { name: 'Columns' });
  await expect(columns.getByLabel('Provider')).not.toBeChecked();
  await columns.getByLabel('Provider').check();
  for (const name of ['GPU memory', 'vCPU', 'Renters', 'Listed', 'Stock', 'Rank', 'In']) {
    await columns.getByLabel(name, { exact: true }).uncheck();
  }
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  const chosen = ['Offering', 'Provider', 'GPU', 'Memory', 'An hour', 'For 1 month↑', 'Keep'];
  await expect(heads).toHaveText(chosen);
  const html = await (await page.request.get(page.url())).text();
  expect([...html.matchAll(/data-column="(\w+)"/g)].map(([, id]) => id)).toEqual([
    ...['title', 'provider', 'gpu', 'memory', 'hourly', 'total', 'actions'],
  ]);
  await page.reload();
  await expect(heads).toHaveText(chosen);
  await expectFitsEveryWidth(page);
});

test('a range is slid by keys, shows its value at once, and the results follow when it rests', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  for (const memory_gib of [16, 64, 256]) {
    await listOffering(grace.client, { title: `${word} ${memory_gib}`, memory_gib });
  }
  await grace.close();
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/marketplace?q=${word}`);
  const filters = page.getByRole('complementary', { name: 'Filters' });
  await filters.getByText('Compute and network').click();
  const slider = filters.getByRole('slider', { name: 'Memory, least, by sliding' });
  await expect(slider).toHaveAttribute('aria-valuetext', 'any');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('__data.json')) asked.push(request.url());
  });
  for (let step = 0; step < 3; step += 1) await slider.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '48 GB');
  await expect(boxOf(page)).toHaveValue(`${word} memory:>=48GB`);
  await expect(statusOf(page)).toHaveText('2 offerings');
  expect(asked).toHaveLength(1);
  await expect(filters.getByLabel('Memory, least', { exact: true })).toHaveValue('48GB');
  await filters.getByRole('slider', { name: 'Memory, most, by sliding' }).press('Home');
  await expect(boxOf(page)).toHaveValue(`${word} memory:48GB..48GB`);
  await slider.press('Home');
  await expect(boxOf(page)).toHaveValue(`${word} memory:<=48GB`);
  await expect(statusOf(page)).toHaveText('1 offering');
});

test('the marketplace and a contract’s page send less than 100 kB of script each, gzipped', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const { contract_id } = await requestRental(ada.client, await listOffering(grace.client));
  const read = async (path: string) => (await ada.page.request.get(path)).text();
  for (const path of ['/marketplace', `/dashboard/rentals/${contract_id}`]) {
    expect(await scriptBytes(path, read), path).toBeLessThan(MAX_SCRIPT_BYTES);
  }
  await Promise.all([ada.close(), grace.close()]);
});
