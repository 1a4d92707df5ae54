import { priceOf } from '@berth/shared/price';
import { endpoints } from '@berth/shared/endpoints';
import { formatMoney } from '@berth/shared/money';
import type { Page } from '@playwright/test';
import { listOffering } from '../../api/test/rental.ts';
import { expect, expectAccessible, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { boxOf, hoursOf, newWord, resultsOf, statusOf, titlesOn } from './market.ts';
import { visitor } from './people.ts';

const filtersOf = (page: Page) => page.getByRole('complementary', { name: 'Filters' });
const choicesOf = (page: Page, name: string) =>
  filtersOf(page).getByRole('group', { name, exact: true });

test('the box and the panel edit one query, which the address keeps for whoever opens it', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: `${word} in Oslo`, country: 'NO', city: 'Oslo' });
  await listOffering(grace.client, { title: `${word} in Lyon`, country: 'FR', city: 'Lyon' });
  await open(page, '/marketplace');
  await boxOf(page).fill(word);
  await expect(statusOf(page)).toHaveText('2 offerings');
  await choicesOf(page, 'Country').getByLabel('Norway').check();
  await expect(boxOf(page)).toHaveValue(`${word} country:NO`);
  await expect(titlesOn(page)).toHaveText([`${word} in Oslo`]);

  await boxOf(page).fill(`${word} country:FR memory:>=64GB`);
  await boxOf(page).press('Enter');
  await expect(titlesOn(page)).toHaveText([`${word} in Lyon`]);
  await expect(choicesOf(page, 'Country').getByLabel('France')).toBeChecked();
  await expect(choicesOf(page, 'Country').getByLabel('Norway')).not.toBeChecked();
  await expect(filtersOf(page).getByLabel('Memory, least', { exact: true })).toHaveValue('64GB');
  await filtersOf(page).getByLabel('Memory, least', { exact: true }).fill('2tb');
  await filtersOf(page).getByLabel('Memory, least', { exact: true }).press('Tab');
  await expect(boxOf(page)).toHaveValue(`${word} country:FR memory:>=2TB`);
  await expect(statusOf(page)).toHaveText('0 offerings');
  // Who presses again before the first answer is there means both.
  const { promise: pressed, resolve: pressedBoth } = Promise.withResolvers<void>();
  await page.route('**/__data.json*', async (route) => {
    await pressed;
    // The browser itself has given up the first.
    await route.continue().catch(() => undefined);
  });
  await page.getByRole('link', { name: 'Remove the filter Memory 2 TB or more' }).click();
  await expect(boxOf(page)).toHaveValue(`${word} country:FR`);
  await hoursOf(page).selectOption({ label: '1 day' });
  pressedBoth();
  await page.getByRole('link', { name: 'Cheapest' }).click();
  await expect(page).toHaveURL(/hours=24&weights=cheapest/);
  await expect(titlesOn(page)).toHaveText([`${word} in Lyon`]);

  await page.reload();
  await expect(boxOf(page)).toHaveValue(`${word} country:FR`);
  await expect(hoursOf(page)).toHaveValue('24');
  await expect(page.getByRole('link', { name: 'Cheapest' })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await expect(choicesOf(page, 'Country').getByLabel('France')).toBeChecked();
  await open(grace.page, page.url());
  await expect(titlesOn(grace.page)).toHaveText([`${word} in Lyon`]);
  await grace.close();
});

test('plain words are understood, said on chips, and taken back into words by a press', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const place = { country: 'NO', city: 'Oslo' };
  await listOffering(grace.client, { title: `${word} dear`, ...place });
  const cheap = { price_e9s: 1_000_000n, ...place };
  await listOffering(grace.client, { title: `${word} little`, ...cheap });
  await listOffering(grace.client, {
    ...{ title: `${word} gpu cheap box`, kind: 'storage', ...cheap },
    ...{ gpu_model: null, gpu_count: null, gpu_memory_gib: null },
  });
  await open(page, '/marketplace');
  await boxOf(page).fill(`cheap gpu in norway ${word}`);
  await boxOf(page).press('Enter');
  await expect(titlesOn(page)).toHaveText([`${word} little`, `${word} dear`]);
  await expect(page.getByLabel('Sort by')).toHaveValue('price');
  const chips = page.getByRole('list', { name: 'Filters that are on' });
  await expect(chips).toContainText('gpu →means Kind: GPU');
  await expect(chips).toContainText('norway →means Country: Norway');
  await expect(chips).not.toContainText('“in”');
  await expectFineInEveryLook(page);
  await page.getByRole('link', { name: 'Search for “gpu” as a word' }).click();
  await expect(boxOf(page)).toHaveValue(`cheap "gpu" in norway ${word}`);
  await expect(titlesOn(page)).toHaveText([`${word} gpu cheap box`]);
  await page.getByRole('link', { name: 'Remove cheap' }).click();
  await expect(page.getByLabel('Sort by')).toHaveValue('best');

  await listOffering(grace.client, { title: `${word} for hosting`, ...place });
  await open(page, `/marketplace?q=hosting+${word}`);
  await expect(page.getByText('Nothing is what “hosting” means')).toBeVisible();
  await expect(titlesOn(page)).toHaveText([`${word} for hosting`]);
  await grace.close();
});

test('an error points at its word, keeps the last results and is mended by one press', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  await listOffering(grace.client, { title: word });
  await open(page, `/marketplace?q=${word}`);
  await boxOf(page).fill(`${word} gpuu:H100`);
  await boxOf(page).press('Enter');
  const alert = page.getByRole('alert').filter({ hasText: 'gpuu' });
  await expect(alert.locator('code')).toHaveText('gpuu');
  await expect(boxOf(page)).toHaveAttribute('aria-invalid', 'true');
  expect(
    await boxOf(page).evaluate((box: HTMLInputElement) =>
      box.value.slice(box.selectionStart ?? 0, box.selectionEnd ?? 0),
    ),
  ).toBe('gpuu');
  await expect(titlesOn(page)).toHaveText([word]);
  await expectAccessible(page);
  await alert.getByRole('button', { name: 'Use gpu' }).click();
  await expect(boxOf(page)).toHaveValue(`${word} gpu:H100`);
  await expect(page).toHaveURL(/gpu%3AH100/);
  await expect(titlesOn(page)).toHaveText([word]);

  await open(page, '/marketplace?q=gpuu:H100');
  await expect(page.getByText('This search cannot be read')).toBeVisible();
  await page.getByRole('link', { name: 'Search for gpu:H100' }).click();
  await expect(page.getByText('This search cannot be read')).toHaveCount(0);
  await grace.close();
});

test('a query is completed from the keyboard, field by field', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const city = `Port ${word}`;
  await listOffering(grace.client, { title: word, country: 'IS', city });
  await open(page, '/marketplace');
  const box = boxOf(page);
  const option = (name: string) => page.getByRole('option', { name });
  await box.pressSequentially('countr');
  await expect(option('country:')).toBeVisible();
  await expect(box).toHaveAttribute('aria-expanded', 'true');
  await box.press('ArrowDown');
  await expect(option('country:')).toHaveAttribute('aria-selected', 'true');
  await box.press('Enter');
  await expect(box).toHaveValue('country:');
  await box.pressSequentially('ice');
  await expect(page.getByRole('option').first()).toContainText('Iceland');
  await box.press('ArrowDown');
  await box.press('Tab');
  await expect(box).toHaveValue('country:IS ');
  await expect(box).toBeFocused();
  await box.pressSequentially(word.slice(0, -1));
  await expect(page.getByRole('listbox')).toBeVisible();
  await box.press('Escape');
  await expect(page.getByRole('listbox')).toBeHidden();
  await expect(box).toHaveValue(`country:IS ${word.slice(0, -1)}`);
  await box.press('Enter');
  await expect(titlesOn(page)).toHaveText([word]);
  await grace.close();
});

test('weights change the order, and the explanation adds up', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const cases = [
    { title: `${word} small`, price_e9s: 1_000_000_000n, gpu_count: 1 },
    { title: `${word} large`, price_e9s: 3_000_000_000n, gpu_count: 8 },
  ];
  for (const changes of cases) await listOffering(grace.client, changes);
  await open(page, `/marketplace?q=${word}&weights=cheapest`);
  await expect(titlesOn(page)).toHaveText([`${word} small`, `${word} large`]);
  await page.getByRole('button', { name: 'Your own…' }).click();
  const slider = (name: string) => page.getByRole('slider', { name, exact: true });
  await expect(slider('Price')).toHaveValue('90');
  await slider('Price').press('Home');
  await slider('Memory').press('End');
  await expect(page).toHaveURL(/weights=price%3A0%2C.*memory%3A100/);
  await expect(titlesOn(page)).toHaveText([`${word} large`, `${word} small`]);

  await page.getByRole('button', { name: `Why here for ${word} small` }).click();
  const why = page.getByRole('dialog', { name: 'Why here' });
  await expect(why).toContainText('Place 2 of 2 in USD.');
  const points = async (rows: string) =>
    (await why.locator(`${rows} tr:has(th) td:last-child`).allInnerTexts()).map(Number);
  const [together] = await points('tfoot');
  const parts = await points('tbody');
  expect(parts).toHaveLength(6);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(together ?? NaN, 5);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page).toHaveURL(`/marketplace?q=${word}`);
  await page.getByRole('button', { name: `Why here for ${word} small` }).click();
  await expect(why).toContainText(/First, if its price were \d+\s% lower/);
  await grace.close();
});

test('every price is the total for one’s hours with the setup fee, and what fits others is said', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const rate = {
    price_e9s: 100_000_000_000n,
    unit: 'month' as const,
    setup_fee_e9s: 7_500_000_000n,
  };
  await listOffering(grace.client, { title: word, ...rate, currency: 'EUR', max_hours: 1_000 });
  await listOffering(grace.client, { title: `${word} dollar`, max_hours: 1_000 });
  const total = (hours: number) => formatMoney(priceOf(rate, hours).total_e9s, 'EUR');
  const card = resultsOf(page).getByRole('article').filter({ hasText: '€' });
  await open(page, `/marketplace?q=${word}`);
  await expect(card).toContainText(`${total(720)} for 1 month`);
  await expect(card).toContainText('€7.50 setup included');
  await hoursOf(page).selectOption({ label: 'Other…' });
  await page.getByLabel('Hours you need').fill('50');
  await expect(card).toContainText(`${total(50)} for 50 hours`);
  await expect(card).toContainText(/€\d.* \/ hour · .*€\d.* \/ month/);
  await page.getByRole('link', { name: '1 in EUR' }).click();
  await expect(titlesOn(page)).toHaveText([word]);
  await card.getByRole('link', { name: word, exact: true }).click();
  await expect(page).toHaveURL(/\/offerings\/\w+\?hours=50/);
  await page.goBack();
  await expect(page).toHaveURL(/\/marketplace/);
  await page.getByLabel('How long you need it').selectOption({ label: '1 year' });
  await expect(statusOf(page)).toHaveText('0 offerings');
  await expect(resultsOf(page)).toContainText('1 more is not rented for 1 year');
  await resultsOf(page).getByRole('link', { name: '1 week' }).click();
  await expect(titlesOn(page)).toHaveText([word]);
  await grace.close();
});

test('up to four stand side by side at an address that shows anybody the same', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const small = await listOffering(grace.client, { title: `${word} small`, memory_gib: 64 });
  await listOffering(grace.client, { title: `${word} large`, memory_gib: 512 });
  await open(page, `/marketplace?q=${word}&hours=24&sort=memory`);
  await page.getByRole('button', { name: `Compare ${word} small` }).click();
  await open(page, page.url());
  await page.getByRole('button', { name: `Compare ${word} large` }).click();
  await page.setViewportSize({ width: 390, height: 900 });
  await expect(page.getByText(/^2 of 4\schosen$/)).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('region', { name: 'Comparison' }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Compare');
  const line = (on: Page, name: string) =>
    on.getByRole('row').filter({ has: on.getByRole('rowheader', { name, exact: true }) });
  await expect(line(page, 'Memory').getByRole('cell')).toHaveText(['64 GiB', '512 GiB best']);
  await expect(line(page, 'Kind').getByRole('cell')).toHaveText(['GPU', 'GPU']);
  await page.getByLabel('Only what differs').check();
  await expect(line(page, 'Kind')).toHaveCount(0);
  await expect(line(page, 'Memory')).toHaveCount(1);
  await expectFineInEveryLook(page);

  await open(grace.page, page.url());
  await expect(line(grace.page, 'Memory').getByRole('cell')).toHaveText(['64 GiB', '512 GiB best']);
  await expect(line(grace.page, 'Total for 1 day')).toHaveCount(1);
  await grace.client.ask(endpoints.offerings.move, {
    params: { offering_id: small.id },
    body: { action: 'pause', version: small.version },
  });
  await expect(page.getByText('1 offering of this comparison cannot be seen')).toBeVisible();
  await page.getByRole('link', { name: 'Leave it out' }).click();
  await expect(page.getByText('No longer there')).toHaveCount(0);
  await grace.close();
});

test('a search and an offering are saved with a press, and both can be undone', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const word = newWord();
  await listOffering(grace.client, { title: word });
  await open(ada.page, `/marketplace?q=${word}&hours=24`);
  const searches = async () => (await ada.client.ask(endpoints.saved.listSearches, {})).items;
  await ada.page.getByRole('button', { name: 'Save this search' }).click();
  await expect(ada.page.getByText('Search saved')).toBeVisible();
  expect(await searches()).toMatchObject([{ q: word, hours: 24, sort: 'best', name: `“${word}”` }]);
  await ada.page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(searches).toEqual([]);
  await ada.page.getByRole('button', { name: `Save ${word}` }).click();
  await expect(ada.page.getByRole('button', { name: `Saved: ${word}` })).toBeVisible();
  await ada.page.reload();
  await expect(ada.page.getByRole('button', { name: `Saved: ${word}` })).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('the help page’s examples run, and it is fine in every look', async ({ page }) => {
  await open(page, '/help/search');
  await expectFineInEveryLook(page);
  const examples = page.getByRole('region', { name: 'Examples that run' }).getByRole('link');
  expect(await examples.count()).toBeGreaterThan(10);
  const query = await examples.first().innerText();
  await examples.first().click();
  await expect(boxOf(page)).toHaveValue(query);
  await expect(page.getByText('This search cannot be read')).toHaveCount(0);
});
