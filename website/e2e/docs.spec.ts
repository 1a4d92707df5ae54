import { expect, expectAccessible, open, test } from './harness.ts';
import { expectFineInEveryLook, expectFitsEveryWidth } from './looks.ts';

for (const address of ['/docs', '/docs/reference/webhooks', '/docs/problems/price.changed']) {
  test(`${address} is accessible and fits, on phone and desk, light and dark`, async ({ page }) => {
    await open(page, address);
    await expectFineInEveryLook(page);
  });
}

test('the reference fits every width', async ({ page }) => {
  await open(page, '/docs/reference/contracts');
  await expectFitsEveryWidth(page);
});

test('without a script every guide is read, samples are chosen and a call is found', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/docs');
  const samples = page.getByRole('group', { name: 'TypeScript' }).first();
  await expect(samples).toBeHidden();
  await page.getByText('TypeScript', { exact: true }).first().click();
  await expect(samples).toBeVisible();
  const box = page.getByRole('searchbox', { name: 'Search the documentation' });
  await box.filter({ visible: true }).fill('hold');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Keep one unit at this price' }).first().click();
  await expect(page).toHaveURL(/\/docs\/reference\/offerings#offerings\.hold$/);
  await context.close();
});

test('from page to page the documentation stays within our policy', async ({ page }) => {
  await open(page, '/docs');
  await page.getByRole('navigation', { name: 'Reference' }).getByText('Contracts').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contracts');
  await page.getByRole('navigation', { name: 'Reference' }).getByText('Problems').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Problems');
  await page.getByRole('link', { name: 'price.changed', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('price.changed');
  await expectAccessible(page);
  expect((await page.goto('/docs/nothing'))?.status()).toBe(404);
});

test('each page names its twin in Markdown, and what is refused leads to a page', async ({
  page,
  request,
}) => {
  await open(page, '/docs/errors');
  const twin = await page.locator('link[rel=alternate]').getAttribute('href');
  const markdown = await request.get(twin ?? '');
  expect(markdown.headers()['content-type']).toBe('text/markdown; charset=utf-8');
  expect(await markdown.text()).toMatch(/^# Errors\n/);
  expect(await (await request.get('/llms.txt')).text()).toContain(`${twin})`);
  const refused = await request.get('/api/v1/me');
  const { type } = (await refused.json()) as { type: string };
  expect((await page.goto(type))?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('session.missing');
});
