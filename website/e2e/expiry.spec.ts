import { listOffering, requestRental } from '../../api/test/rental.ts';
import { renew } from '../../api/test/people.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

const MINUTE_MS = 60_000;
/** Its clock runs away from everybody else's. */
test.use({ server: { name: 'expiry', settings: {} } });

test('a request that nobody answers expires by itself, in time', async ({ browser, berth }) => {
  const ada = await visitor(browser, 'Ada');
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { response_hours: 1 });
  const { contract_id } = await requestRental(ada.client, offering);

  // A session lasts an hour, so it is renewed on the way as an open page would do.
  await berth.forward(50 * MINUTE_MS);
  await renew(ada.client);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  await expect(ada.page.getByTestId('due')).toContainText('then it expires');

  await berth.forward(11 * MINUTE_MS);
  await expect(ada.page.locator('[aria-current="step"]')).toContainText('Expired');
  await expect(ada.page.getByText('The provider did not answer in time').first()).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});
