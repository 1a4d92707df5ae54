import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

test('what was looked at stays on the device, is never sent, and can be cleared', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const [first, second] = [
    await listOffering(grace.client, { title: 'Seen first' }),
    await listOffering(grace.client, { title: 'Seen second' }),
  ];
  const ada = await visitor(browser, 'Ada');
  const { page } = ada;
  const list = page.getByRole('region', { name: 'Recently seen' });
  await open(page, `/offerings/${first.id}`);
  await expect(list).toBeHidden();
  await open(page, `/offerings/${second.id}`);
  await expect(list.getByRole('listitem')).toHaveText([/Seen first/]);

  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await open(page, '/');
  await expect(list.getByRole('listitem')).toHaveText([/Seen second/, /Seen first/]);
  await expect(list).toContainText('Kept on this device only');
  expect(sent.filter((one) => one.includes(first.id))).toEqual([]);
  await expectFineInEveryLook(page);

  // The same person on another device has seen nothing there.
  const other = await browser.newContext();
  await other.addCookies(await page.context().cookies());
  const elsewhere = await other.newPage();
  await open(elsewhere, '/');
  await expect(elsewhere.getByRole('region', { name: 'Recently seen' })).toBeHidden();

  await list.getByRole('button', { name: 'Clear the list' }).click();
  await expect(list).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(list).toBeHidden();
  await Promise.all([ada.close(), grace.close(), other.close()]);
});

test('the front page has what each GPU model costs, each a search for the same', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  await listOffering(grace.client, { gpu_model: 'H100 SXM' });
  const featured = page.getByRole('region', { name: 'What a GPU costs today' });
  await open(page, '/');
  const link = featured.getByRole('link', { name: 'H100 SXM' });
  await expect(link).toBeVisible();
  const hole = await featured.getByRole('list').evaluate((list) => {
    const rightOf = (element: Element | null) => element?.getBoundingClientRect().right ?? 0;
    return rightOf(list) - rightOf(list.lastElementChild);
  });
  expect(hole).toBeCloseTo(0);
  await link.click();
  await expect(page).toHaveURL(/\/marketplace\?/);
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('q')).toBe('gpu:"H100 SXM" currency:USD');
  await grace.close();
});
