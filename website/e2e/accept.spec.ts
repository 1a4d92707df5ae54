import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

const REQUESTS = '/dashboard/provider/requests';
const MOVES = /\/api\/v1\/contracts\/[0-9a-f]{64}\/moves$/;

test('a provider accepts several requests at once, but not those that changed meanwhile', async ({
  browser,
}) => {
  const [ada, bob] = [await visitor(browser, 'Ada'), await visitor(browser, 'Bob')];
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'Storage in Oslo', stock: 20 });
  const ids: string[] = [];
  for (let at = 0; at < 3; at++) {
    ids.push((await requestRental(ada.client, offering)).contract_id);
  }
  ids.push((await requestRental(bob.client, offering)).contract_id);

  await openLive(grace.page, '/dashboard');
  const { page } = grace;
  await expect(page.getByRole('heading', { name: 'Revenue and occupancy' })).toBeVisible();
  await expectFineInEveryLook(page);
  await page.getByLabel('All that wait for an answer (4)').check();
  await page.getByRole('button', { name: 'Accept the chosen' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('$1,932.32')).toBeVisible();
  await expect(dialog).toContainText('Ada, 3 times');
  await expect(dialog).toContainText('Within 1 day');
  await expectFineInEveryLook(page);
  // Read and summed up: now one is taken back, and something is said of another.
  await move(ada.client, ids[0] ?? '', 'cancel');
  await move(bob.client, ids[3] ?? '', 'message');
  await dialog.getByRole('button', { name: 'Sign and accept all 4' }).click();
  await expect(dialog.getByRole('heading', { name: 'You accepted 2 requests' })).toBeVisible();
  const left = dialog.getByRole('list', { name: 'What was not accepted' });
  await expect(left.getByRole('listitem')).toHaveCount(2);
  await expect(left).toContainText('It is cancelled by now');
  await expect(left).toContainText('Something was added to it after you looked');
  await expectFineInEveryLook(page);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByLabel('All that wait for an answer (1)')).toBeVisible();
  await Promise.all([ada.close(), bob.close(), grace.close()]);
});

test('a connection that is lost halfway loses nothing, and two windows accept each once', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'Storage in Oslo', stock: 20 });
  for (let at = 0; at < 4; at++) await requestRental(ada.client, offering);
  await openLive(grace.page, REQUESTS);
  const { page } = grace;
  await page.getByLabel('All that wait for an answer (4)').check();
  await page.getByRole('button', { name: 'Accept the chosen' }).click();
  const dialog = page.getByRole('dialog');
  const sign = dialog.getByRole('button', { name: 'Sign and accept all 4' });
  await expect(sign).toBeEnabled();

  let sent = 0;
  // The second arrives, and its answer is lost; the third does not get out.
  await page.route(MOVES, async (route) => {
    sent += 1;
    if (sent === 1) return route.continue();
    if (sent === 2) await route.fetch();
    return route.abort();
  });
  await page.route(/\/api\/v1\/contracts\/[0-9a-f]{64}$/, (route) =>
    sent > 1 ? route.abort() : route.continue(),
  );
  await sign.click();
  await expect(dialog.getByText('No answer yet')).toHaveCount(1);
  await expect(dialog.getByText('Not signed', { exact: true })).toHaveCount(2);
  await page.unrouteAll();

  const other = await page.context().newPage();
  await openLive(other, REQUESTS);
  await other.getByLabel('All that wait for an answer (2)').check();
  await other.getByRole('button', { name: 'Accept the chosen' }).click();
  const second = other.getByRole('dialog');
  await second.getByRole('button', { name: 'Sign and accept all 2' }).click();
  await expect(second.getByRole('heading', { name: 'You accepted 2 requests' })).toBeVisible();

  await dialog.getByRole('button', { name: 'Try again' }).click();
  await dialog.getByRole('button', { name: 'Sign and accept', exact: true }).click();
  await expect(dialog.getByRole('heading', { name: 'You accepted 2 requests' })).toBeVisible();
  await expect(dialog.getByText('By now it is accepted')).toHaveCount(2);
  await Promise.all([ada.close(), grace.close()]);
});
