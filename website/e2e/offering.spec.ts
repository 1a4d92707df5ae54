import { endpoints } from '@berth/shared/endpoints';
import { formatMoney } from '@berth/shared/money';
import { listOffering, requestRental, viewOf } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

const monthly = {
  title: 'A server by the month',
  price_e9s: 89_990_000_000n,
  unit: 'month' as const,
  currency: 'EUR' as const,
  setup_fee_e9s: 25_000_000_000n,
  min_hours: 24,
  max_hours: 8_640,
};

test('the calculator says to the cent what the server charges', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, monthly);
  await open(ada.page, `/offerings/${offering.id}`);
  const price = ada.page.getByRole('complementary', { name: 'Price' });
  for (const hours of [24, 37, 720, 8_640]) {
    const { contract_id } = await requestRental(ada.client, offering, { hours });
    const { total_e9s } = await viewOf(ada.client, contract_id);
    await price.getByLabel('How long', { exact: true }).fill(String(hours));
    await expect(price).toContainText(formatMoney(BigInt(total_e9s), 'EUR'));
  }
  await Promise.all([ada.close(), grace.close()]);
});

test('a length is typed, pressed or slid, stays in the address, and a wrong one is refused', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, monthly);
  await open(page, `/offerings/${offering.id}?hours=48`);
  const input = page.getByLabel('How long', { exact: true });
  await expect(input).toHaveValue('48');
  await page.getByRole('link', { name: '1 month' }).click();
  await expect(input).toHaveValue('720');
  await expect(page).toHaveURL(/hours=720/);
  await page.getByLabel('How long, by sliding').press('ArrowLeft');
  await expect(input).toHaveValue('504');
  await page.reload();
  await expect(input).toHaveValue('504');
  await input.fill('12');
  await expect(page.getByText('At least 24 hours')).toBeVisible();
  await input.fill('9000');
  await expect(page.getByText('At most 8,640 hours')).toBeVisible();
  await expect(page).toHaveURL(/hours=504/);
  await grace.close();
});

test('without JavaScript a length can be asked for too', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, monthly);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`/offerings/${offering.id}`);
  await page.getByLabel('How long', { exact: true }).fill('720');
  await page.getByRole('button', { name: 'Work out the price' }).click();
  await expect(page.getByRole('complementary', { name: 'Price' })).toContainText('€114.99');
  await context.close();
  await grace.close();
});

test('the page says what ending early pays back, in words and for the chosen hours', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, {
    price_e9s: 2_000_000_000n,
    setup_fee_e9s: 10_000_000_000n,
  });
  await open(page, `/offerings/${offering.id}?hours=100`);
  const card = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'If it ends early' }) })
    .last();
  await expect(card).toContainText('Everything is paid back, the setup fee too.');
  await expect(card).toContainText('The hours not yet begun are paid back');
  await expect(card).toContainText('Of 100 hours, cancelled after 50 hours: $100.00 comes back.');
  await grace.close();
});

test('whoever is signed out is led to sign in and back to the request', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client);
  await open(page, `/offerings/${offering.id}?hours=30`);
  await page.getByRole('link', { name: 'Rent Resource' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  const next = new URL(page.url()).searchParams.get('next');
  expect(next).toBe(`/offerings/${offering.id}?rent=30`);
  await grace.close();
});

test('a new price and stock show by themselves on a signed-in page, and the chosen hours stay', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { stock: 2 });
  await openLive(ada.page, `/offerings/${offering.id}`);
  const price = ada.page.getByRole('complementary', { name: 'Price' });
  await ada.page.getByLabel('How long', { exact: true }).fill('77');
  await expect(ada.page.getByRole('main')).toContainText('2 left');
  const body = { version: offering.version, offering: { ...offering, stock: 1 } };
  body.offering.price_e9s = '10000000000';
  await grace.client.ask(endpoints.offerings.change, {
    params: { offering_id: offering.id },
    body,
  });
  await expect(ada.page.getByRole('main')).toContainText('1 left');
  await expect(price).toContainText('$775.00');
  await expect(ada.page.getByLabel('How long', { exact: true })).toHaveValue('77');
  await Promise.all([ada.close(), grace.close()]);
});

test('what is not there, and what is not for you, is the same page', async ({ browser, page }) => {
  const grace = await visitor(browser, 'Grace');
  const hidden = await listOffering(grace.client, { visibility: 'private' });
  for (const id of [hidden.id, 'off_00000000000000000000', 'nothing']) {
    const reply = await page.goto(`/offerings/${id}`);
    expect(reply?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is moored here');
  }
  await open(grace.page, `/offerings/${hidden.id}`);
  await expect(grace.page.getByRole('heading', { level: 1 })).toHaveText(hidden.title);
  await grace.close();
});

test('a provider’s page says who it is, its record and what it offers', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'Graces H100' });
  await listOffering(grace.client, { title: 'Unlisted of Grace', visibility: 'unlisted' });
  await open(page, `/offerings/${offering.id}`);
  await page.getByRole('link', { name: 'Grace', exact: true }).click();
  await expect(page).toHaveURL(`/providers/${grace.client.account.handle}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grace');
  await expect(page.getByText(grace.client.account.principal)).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(1);
  await page.getByRole('link', { name: 'Graces H100' }).click();
  await expect(page).toHaveURL(`/offerings/${offering.id}?hours=720`);
  const reply = await page.goto('/providers/nobody-of-that-name');
  expect(reply?.status()).toBe(404);
  await grace.close();
});

test('offering and provider are accessible and fit, on phone and desk, light and dark', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'T'.repeat(100) });
  const { handle } = grace.client.account;
  await grace.close();
  for (const address of [`/offerings/${offering.id}`, `/providers/${handle}`]) {
    await open(page, address);
    await expectFineInEveryLook(page);
  }
});
