import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook, expectFitsEveryWidth } from './looks.ts';
import { visitor } from './people.ts';

test('the history’s table has every edit of the price, and the chart says the same by keyboard', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const listed = await listOffering(grace.client, {
    title: 'A GPU with a past',
    price_e9s: 20_000_000_000n,
  });
  const params = { offering_id: listed.id };
  for (const dollars of [25, 10]) {
    const { version } = await grace.client.ask(endpoints.offerings.getOwn, { params });
    const offering = { ...listed, price_e9s: `${dollars}000000000` };
    await grace.client.ask(endpoints.offerings.change, { params, body: { version, offering } });
  }
  const table = page.getByRole('region', { name: /^Every change of price/ });
  // History is written when the news of an edit is handled, a moment after it.
  await expect(async () => {
    await open(page, `/offerings/${listed.id}?hours=10`);
    await expect(table.getByRole('row')).toHaveCount(4, { timeout: 500 });
  }).toPass();
  await expect(table.getByRole('row')).toHaveText([
    /Since/,
    /58\.8 % less\s*\$105\.00\s*\$10\.50\s*Yes/,
    /24\.3 % more\s*\$255\.00\s*\$25\.50\s*Yes/,
    /As it was first known\s*\$205\.00\s*\$20\.50\s*Yes/,
  ]);
  await expect(page.getByRole('img', { name: /^The price of an hour over 90 days/ })).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Go through the changes' });
  await expect(slider).toHaveAttribute('aria-valuetext', /\$10\.50 an hour, \$105\.00 in all/);
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', /\$25\.50 an hour/);
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /\$20\.50 an hour/);
  await expect(page.getByRole('link', { name: '48.7 % less than when it was' })).toBeVisible();
  await expectFitsEveryWidth(page);
  await grace.close();
});

test('an offering’s page says how many comparable ones cost as much or more, by which rule, and shows them', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  // A GPU that no other test lists, so that these three are all there is to compare.
  const gpu = { gpu_model: 'Test GPU 9000', gpu_count: 2, setup_fee_e9s: 0n };
  const offering = await listOffering(grace.client, {
    ...gpu,
    title: 'The middle one',
    price_e9s: 2_000_000_000n,
  });
  for (const [title, price_e9s] of [
    ['The cheap one', 1_000_000_000n],
    ['The dear one', 3_000_000_000n],
  ] as const) {
    await listOffering(grace.client, { ...gpu, title, price_e9s });
  }
  await expect(async () => {
    await open(page, `/offerings/${offering.id}?hours=100`);
    await expect(page.getByText('Costs no more than 1 of 2 comparable offerings')).toBeVisible({
      timeout: 500,
    });
  }).toPass();
  await expect(page.getByText(/^Compared with 2 listed offerings of the same/)).toContainText(
    'kind, GPU, number of GPUs and currency, by the total for 100 hours with setup.',
  );
  const similar = page.getByRole('region', { name: 'Similar offerings' });
  const dear = similar.getByRole('listitem').filter({ hasText: 'The dear one' });
  await expect(dear).toContainText('$300.00 for 100 hours');
  await expectFineInEveryLook(page);
  await grace.close();
});
