import { endpoints } from '@berth/shared/endpoints';
import { renew } from '../../api/test/people.ts';
import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

const MINUTE_MS = 60_000;
/** Its clock runs away from everybody else's. */
test.use({ server: { name: 'saved', settings: {} } });

test('an offering is saved, told of when its price changes, compared, removed and put back', async ({
  browser,
  berth,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const { page } = ada;
  await open(page, '/dashboard/saved');
  await expect(page.getByText('No offerings saved')).toBeVisible();
  await expect(page.getByText('No searches saved')).toBeVisible();

  const titles = ['A saved GPU', 'Another saved GPU'];
  for (const title of titles) {
    const { id } = await listOffering(grace.client, { title, setup_fee_e9s: 0n });
    await open(page, `/offerings/${id}`);
    await page.getByRole('button', { name: `Save ${title}` }).click();
    await expect(page.getByRole('button', { name: `Saved: ${title}` })).toBeVisible();
    await expect(page.getByText('A notice tells when its price or stock changes.')).toBeVisible();
  }
  await openLive(page, '/dashboard/saved?hours=10');
  const item = (title: string) =>
    page
      .getByRole('listitem')
      .filter({ has: page.getByRole('link', { name: title, exact: true }) });
  await expect(item('A saved GPU')).toContainText('$199.20 for 10 hours');

  await test.step('a change of the price is said, here and by a notice', async () => {
    const { items } = await grace.client.ask(endpoints.offerings.listOwn, { query: {} });
    const own = items.find(({ title }) => title === 'A saved GPU');
    if (!own) throw new Error('The offering is gone');
    await grace.client.ask(endpoints.offerings.change, {
      params: { offering_id: own.id },
      body: { version: own.version, offering: { ...own, price_e9s: '15000000000' } },
    });
    const row = item('A saved GPU');
    await expect(row).toContainText('Now $15.00 per hour, was $19.92 per hour');
    await expect(row).toContainText('$150.00 for 10 hours');
    await berth.forward(3 * MINUTE_MS);
    const bell = page.getByRole('button', { name: /^Notices, \d+ unread/ });
    await bell.click();
    const notices = page.getByRole('dialog', { name: 'Notices' });
    await expect(notices).toContainText('A saved GPU now costs $15.00 per hour, was $19.92');
    await page.keyboard.press('Escape');
  });

  for (const title of titles) await page.getByLabel(`Compare ${title}`).check();
  const compare = page.getByRole('link', { name: 'Compare 2' });
  await expect(compare).toHaveAttribute('href', /\/compare\?id=off_\w+&id=off_\w+&hours=10$/);
  await expectFineInEveryLook(page);

  await page.getByRole('button', { name: 'Remove A saved GPU' }).click();
  await expect(item('A saved GPU')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(item('A saved GPU')).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('a saved search tells of what is newly listed, and is run, renamed, quieted, removed and put back', async ({
  browser,
  berth,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const { page } = ada;
  await ada.client.ask(endpoints.saved.saveSearch, {
    body: { name: 'Big ones', q: 'gpu:B200', sort: 'price', hours: 24, weights: '', tells: true },
  });
  await listOffering(grace.client, { title: 'Eight B200', gpu_model: 'B200' });
  const query = { q: 'gpu:B200', sort: 'price' as const, hours: 24 };
  // The index learns of it within a second of the wall clock, which the jump below would leave out.
  await expect
    .poll(async () => (await ada.client.ask(endpoints.market.search, { query })).items.length)
    .toBe(1);
  await berth.forward(16 * MINUTE_MS);
  await renew(ada.client);
  await openLive(page, '/dashboard/saved');
  const bell = page.getByRole('button', { name: 'Notices, 1 unread' });
  await expect(bell).toBeVisible();
  await bell.click();
  await page.getByRole('link', { name: '1 new offering for “Big ones”' }).click();
  await expect(page).toHaveURL(/\/marketplace\?q=gpu%3AB200&sort=newest&hours=24/);
  await expect(page.getByRole('link', { name: 'Eight B200' })).toBeVisible();

  await open(page, '/dashboard/saved');
  await expect(page.getByRole('link', { name: 'Run' })).toHaveAttribute(
    'href',
    '/marketplace?q=gpu%3AB200&sort=price&hours=24',
  );
  await page.getByRole('button', { name: 'Rename Big ones' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('The biggest');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(page.getByText('The biggest', { exact: true })).toBeVisible();
  const tells = page.getByRole('checkbox', { name: 'Tell me of new ones: The biggest' });
  await tells.uncheck();
  await expect
    .poll(async () => (await ada.client.ask(endpoints.saved.listSearches, {})).items[0])
    .toMatchObject({ name: 'The biggest', tells: false, q: 'gpu:B200' });
  await expectFineInEveryLook(page);

  await page.getByRole('button', { name: 'Remove The biggest' }).click();
  await expect(page.getByText('No searches saved')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('The biggest', { exact: true })).toBeVisible();
  await expect(tells).not.toBeChecked();
  await Promise.all([ada.close(), grace.close()]);
});

test('whoever is signed out is led to sign in and back to what they wanted to save', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { id, title } = await listOffering(grace.client);
  const context = await browser.newContext();
  const page = await context.newPage();
  await open(page, `/offerings/${id}?hours=30`);
  await page.getByRole('link', { name: `Save ${title}: sign in first` }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  expect(new URL(page.url()).searchParams.get('next')).toBe(`/offerings/${id}?hours=30`);
  await Promise.all([grace.close(), context.close()]);
});
