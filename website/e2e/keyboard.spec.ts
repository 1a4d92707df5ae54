import { listOffering, requestRental } from '../../api/test/rental.ts';
import { expect, expectAccessible, expectContrast, open, test } from './harness.ts';
import { newWord, resultsOf } from './market.ts';
import { visitor } from './people.ts';

test('the palette finds pages, offerings, contracts and actions, and gives the focus back', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const word = newWord();
  const offering = await listOffering(grace.client, { title: `${word} node` });
  const { contract_id } = await requestRental(ada.client, offering);
  const { page } = ada;
  await open(page, '/help');
  const theme = page.getByRole('button', { name: 'Theme' });
  await theme.focus();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find anything' });
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  const option = (name: string) => palette.getByRole('option', { name });
  await expect(palette.getByRole('group', { name: 'Contracts' })).toContainText(word);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectContrast(page);
  await page.keyboard.press('Escape');
  await expect(theme).toBeFocused();

  await page.keyboard.press('Control+k');
  await field.fill(word);
  await expect(option(`${word} node`)).toHaveCount(2);
  await expect(option('Search the marketplace for')).toBeVisible();
  await expect(option(`${word} node`).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/dashboard/rentals/${contract_id}`);

  await page.getByRole('button', { name: 'Find anything' }).click();
  await field.fill('saved');
  await expect(option('Saved').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/dashboard/saved');
  await page.keyboard.press('Control+k');
  await field.fill('dark theme');
  await palette.getByRole('option', { name: 'Dark theme', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await Promise.all([ada.close(), grace.close()]);
});

test('? shows the keys, no key acts while one types, and single keys can be put away', async ({
  page,
}) => {
  await open(page, '/marketplace');
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: 'Search the marketplace' });
  await expect(box).toBeFocused();
  await page.keyboard.type('j?k');
  await expect(box).toHaveValue('j?k');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await expect(dialog).toBeHidden();
  await box.fill('');
  await page.getByRole('link', { name: 'Berth, front page' }).focus();
  await page.keyboard.press('?');
  await expect(dialog).toContainText('Go to the next of a list, or down');
  await expectAccessible(page);
  await dialog.getByLabel('Single keys work on this device').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.keyboard.press('/');
  await expect(box).not.toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Find anything' })).toBeVisible();
  await expect(dialog).toBeHidden();
});

test('keys go through results, up and down in lines and beside in cards, and Enter opens one', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  for (const cents of [1n, 2n, 3n, 4n]) {
    const price_e9s = cents * 1_000_000_000n;
    await listOffering(grace.client, { title: `${word} ${cents}`, price_e9s });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/marketplace?sort=price&q=${word}&view=table`);
  const link = (n: number) =>
    resultsOf(page).getByRole('link', { name: `${word} ${n}`, exact: true });
  for (const [key, n] of [
    ...([
      ['j', 1],
      ['j', 2],
      ['ArrowDown', 3],
      ['k', 2],
      ['ArrowUp', 1],
      ['ArrowUp', 1],
    ] as const),
  ]) {
    await page.keyboard.press(key);
    await expect(link(n)).toBeFocused();
  }
  await page.getByRole('link', { name: 'Cards', exact: true }).click();
  await expect(resultsOf(page).getByRole('article').first()).toBeVisible();
  for (const [key, n] of [
    ...([
      ['j', 1],
      ['ArrowRight', 2],
      ['ArrowLeft', 1],
      ['ArrowDown', 4],
    ] as const),
  ]) {
    await page.keyboard.press(key);
    await expect(link(n)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${word} 4`);
  await grace.close();
});

test('skip links lead to the content and to the results', async ({ page }) => {
  await open(page, '/marketplace');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the results' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(resultsOf(page).locator(':focus')).toHaveCount(1);
});
