import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { openLive, visitor } from './people.ts';

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
