import { endpoints } from '@berth/shared/endpoints';
import { listOffering } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { newWord, resultsOf, titlesOn } from './market.ts';
import { visitor } from './people.ts';

// A demo has rates of its own: a euro is 1.16 dollars or 0.93 francs there.
test.use({ server: { name: 'demo', settings: { DEMO: 'on' } } });

test('prices are compared in one’s own currency, shown beside the provider’s, which is signed', async ({
  browser,
  page,
}) => {
  const grace = await visitor(browser, 'Grace');
  const word = newWord();
  const rate = { unit: 'hour' as const, setup_fee_e9s: 0n, min_hours: 1, max_hours: 720 };
  const offerings = [
    { title: `${word} euro`, currency: 'EUR', price_e9s: 1_000_000_000n },
    { title: `${word} dollar`, currency: 'USD', price_e9s: 1_100_000_000n },
    { title: `${word} franc`, currency: 'CHF', price_e9s: 500_000_000n },
    { title: `${word} chain`, currency: 'ICP', price_e9s: 100_000_000n },
  ] as const;
  for (const changes of offerings) await listOffering(grace.client, { ...rate, ...changes });
  const sheet = async () => (await grace.client.ask(endpoints.rates.show, {})).sheet?.source;
  await expect.poll(sheet).toBe('a fixed table of this demo');
  const order = ['franc', 'dollar', 'euro', 'chain'].map((title) => `${word} ${title}`);

  await open(page, `/marketplace?q=${word}&sort=price&hours=1`);
  await expect(titlesOn(page)).toHaveText(order);
  const euro = resultsOf(page)
    .getByRole('article')
    .filter({ hasText: `${word} euro` });
  await expect(euro).toContainText('€1.00 for 1 hour');
  await expect(euro).toContainText('≈ $1.16');
  await expect(resultsOf(page)).toContainText('2026-11-02 (a fixed table of this demo)');
  await expect(resultsOf(page)).toContainText('After those come 1 in ICP');
  await expectFineInEveryLook(page);

  await page.getByLabel('Your currency').selectOption('EUR');
  const dollar = resultsOf(page)
    .getByRole('article')
    .filter({ hasText: `${word} dollar` });
  await expect(dollar).toContainText('$1.10 for 1 hour');
  await expect(dollar).toContainText('≈ €0.949');
  await expect(euro).not.toContainText('≈');
  await expect(titlesOn(page)).toHaveText(order);
  await open(page, `/marketplace?q=${word}+price:<0.9&hours=1`);
  await expect(page.getByLabel('Your currency')).toHaveValue('EUR');
  await expect(titlesOn(page)).toHaveText([`${word} franc`]);
  await open(page, `/marketplace?q=${word}&hours=1&currency=USD`);
  await expect(page).toHaveURL(`/marketplace?q=${word}&hours=1`);
  await expect(page.getByLabel('Your currency')).toHaveValue('USD');
  await page.getByRole('button', { name: `Why here for ${word} euro` }).click();
  await expect(page.getByRole('dialog', { name: 'Why here' })).toContainText(
    /Place \d of 3 in USD/,
  );
  await grace.close();
});
