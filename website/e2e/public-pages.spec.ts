import { expect, expectAccessible, open, test } from './harness.ts';
import { expectFineInEveryLook, expectFitsEveryWidth } from './looks.ts';

for (const address of ['/', '/help', '/help/rent']) {
  test(`${address} is accessible and fits, on phone and desk, light and dark`, async ({ page }) => {
    await open(page, address);
    await expectFineInEveryLook(page);
  });
}

test('the front page fits every width', async ({ page }) => {
  await open(page, '/');
  await expectFitsEveryWidth(page);
});

test('an address where nothing is says so, and leads on', async ({ page }) => {
  const reply = await page.goto('/nowhere');
  expect(reply?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is moored here');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Front page', exact: true }).click();
  await expect(page).toHaveURL('/');
});

test('a theme that was chosen is there again before the first paint', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, '/');
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.reload({ waitUntil: 'commit' });
  await page.locator('body').waitFor({ state: 'attached' });
  expect(await ground()).toBe(dark);
});

test('the front page’s search leads into the marketplace', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('/');
  await page.keyboard.type('H100');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/marketplace\?q=H100/);
});

test('a word shows its meaning where it stands, and leads to all words', async ({ page }) => {
  await open(page, '/help');
  const word = page.getByRole('button', { name: 'move', exact: true });
  await word.press('Enter');
  const meaning = page.getByText('What somebody does to a contract').first();
  await expect(meaning).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(meaning).toBeHidden();
  await word.click();
  await page.getByRole('link', { name: 'All words' }).filter({ visible: true }).click();
  await expect(page).toHaveURL(/\/help#move$/);
});

test('a guide leads step by step, and to the others', async ({ page }) => {
  await open(page, '/help');
  await page.getByRole('link', { name: 'How to provide' }).click();
  await expect(page.getByText('Post credentials', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'How to verify a contract' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How to verify a contract');
  expect((await page.goto('/help/nothing'))?.status()).toBe(404);
});

test('a menu opens, moves and closes from the keyboard and gives the focus back', async ({
  page,
}) => {
  await open(page, '/help');
  const button = page.getByRole('button', { name: 'Theme' });
  await button.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitemradio', { name: 'As the system' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(button).toBeFocused();
});

test('the first Tab offers to skip to the content', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test('a dashboard leads to sign-in and back', async ({ page }) => {
  await page.goto('/dashboard?tab=all');
  await expect(page).toHaveURL('/sign-in?next=%2Fdashboard%3Ftab%3Dall');
});
