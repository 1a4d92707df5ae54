import { ENTRIES_SHOWN } from '@berth/shared/contracts/schemas';
import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

test('a long log shows its newest entries and loads the earlier ones when they are asked for', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const { contract_id } = await requestRental(ada.client, offering);
  const messages = ENTRIES_SHOWN + 5;
  for (let at = 0; at < messages; at++) await move(ada.client, contract_id, 'message');

  await openLive(grace.page, `/dashboard/provider/requests/${contract_id}`);
  const said = grace.page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  const log = grace.page.getByRole('list', { name: 'Log' }).getByRole('listitem');
  await expect(said).toHaveCount(ENTRIES_SHOWN);
  await grace.page.getByRole('button', { name: /^Show earlier entries/ }).click();
  await expect(log).toHaveCount(messages + 2);
  await expect(said).toHaveCount(messages);
  await expect(grace.page.getByRole('button', { name: 'Look for earlier messages' })).toHaveCount(
    0,
  );

  // What is said now stands after all that was loaded.
  await move(ada.client, contract_id, 'message');
  await expect(said).toHaveCount(messages + 1);
  await expect(log).toHaveCount(messages + 3);
  await Promise.all([ada.close(), grace.close()]);
});
