import { endpoints } from '@berth/shared/endpoints';
import { HOLD_MS } from '@berth/shared/offerings/hold';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { listOffering, viewOf } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor, type Visitor } from './people.ts';

/** Its clock runs away from everybody else's. */
test.use({ server: { name: 'hold', settings: {} } });

const rent = ({ page }: Visitor) => page.getByRole('button', { name: 'Rent Resource' });
const dialogOf = ({ page }: Visitor) => page.getByRole('dialog');
const signing = ({ page }: Visitor) => page.getByRole('button', { name: /^Sign and request/ });

async function change({ client }: Visitor, offering: OfferingView, price_e9s: string) {
  const params = { offering_id: offering.id };
  const { version } = await client.ask(endpoints.offerings.getOwn, { params });
  await client.ask(endpoints.offerings.change, {
    params,
    body: { version, offering: { ...offering, price_e9s } },
  });
}

async function goOn({ page }: Visitor): Promise<void> {
  await page.getByLabel('SSH key').selectOption('No SSH key');
  await page.getByRole('button', { name: /^Continue/ }).click();
}

test('what one visitor holds is one less for another, and is given back when the dialog closes', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const other = await browser.newContext();
  const page = await other.newPage();
  const offering = await listOffering(grace.client, { stock: 2 });
  const head = page.getByRole('main');
  await open(ada.page, `/offerings/${offering.id}`);
  // A guest is told of offerings by the public stream.
  const stream = page.waitForResponse((reply) => reply.url().endsWith('/stream/public'));
  await open(page, `/offerings/${offering.id}`);
  await stream;
  await expect(head).toContainText('2 left');
  await rent(ada).click();
  await expect(dialogOf(ada)).toContainText(/This price and one unit are yours for 10 min/);
  await expect(head).toContainText('1 left');
  await ada.page.getByRole('button', { name: 'Not now' }).click();
  await expect(head).toContainText('2 left');
  await rent(ada).click();
  await expect(dialogOf(ada)).toContainText('one unit are yours');
  await expectFineInEveryLook(ada.page);
  await Promise.all([ada.close(), grace.close(), other.close()]);
});

test('a price that changed before the dialog opened is shown, before and after, and agreed to first', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { price_e9s: 20_000_000_000n, min_hours: 10 });
  await open(ada.page, `/offerings/${offering.id}?hours=10`);
  // The press comes before the news of the change does.
  await ada.page.route('**/__data.json*', () => new Promise(() => undefined));
  await change(grace, offering, '21000000000');
  await rent(ada).click();
  const changes = dialogOf(ada).getByRole('table', { name: 'What has changed' });
  await expect(changes.getByRole('row')).toHaveText([
    /Term\s*Before\s*Now/,
    /Price\s*\$20\.00 \/ hour\s*\$21\.00 \/ hour/,
    /Total for your hours\s*\$205\.00\s*\$215\.00/,
  ]);
  const next = ada.page.getByRole('button', { name: 'Continue with $215.00' });
  await expect(next).toBeDisabled();
  await ada.page.getByRole('button', { name: 'Go on with the new terms' }).click();
  await expect(changes).toBeHidden();
  await goOn(ada);
  await ada.page.unroute('**/__data.json*');
  await signing(ada).click();
  await expect(ada.page.getByRole('heading', { name: 'Waiting for Grace' })).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('what is held is signed and charged at the held price, whatever the provider changes meanwhile', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { price_e9s: 20_000_000_000n });
  await open(ada.page, `/offerings/${offering.id}?hours=10`);
  await rent(ada).click();
  await expect(dialogOf(ada)).toContainText('one unit are yours');
  await change(grace, offering, '30000000000');
  await goOn(ada);
  await expect(signing(ada)).toHaveText(/\$205\.00/);
  await signing(ada).click();
  await expect(ada.page.getByRole('heading', { name: 'Waiting for Grace' })).toBeVisible();
  const { total_e9s } = await viewOf(ada.client, ada.page.url().split('/').at(-1) ?? '');
  expect(total_e9s).toBe('205000000000');
  await Promise.all([ada.close(), grace.close()]);
});

test('after its time a hold is asked for anew, and what changed by then is said before anything is signed', async ({
  browser,
  berth,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { price_e9s: 20_000_000_000n });
  await ada.page.clock.install();
  await open(ada.page, `/offerings/${offering.id}?hours=10`);
  await rent(ada).click();
  await expect(dialogOf(ada)).toContainText('one unit are yours');
  await goOn(ada);
  await expect(signing(ada)).toBeVisible();
  await change(grace, offering, '30000000000');
  // Both the server's clock and the page's, so that they agree.
  await berth.forward(HOLD_MS + 1_000);
  await ada.page.clock.fastForward(HOLD_MS + 1_000);
  await expect(dialogOf(ada)).toContainText('nothing is held for you now');
  await signing(ada).click();
  const changes = dialogOf(ada).getByRole('table', { name: 'What has changed' });
  await expect(changes).toContainText('$30.00 / hour');
  await expect(signing(ada)).toBeDisabled();
  await ada.page.getByRole('button', { name: 'Go on with the new terms' }).click();
  await expect(signing(ada)).toHaveText(/\$305\.00/);
  await signing(ada).click();
  await expect(ada.page.getByRole('heading', { name: 'Waiting for Grace' })).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('a hold is renewed without a word while somebody is there, and ends where nobody is', async ({
  browser,
  berth,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { stock: 1 });
  const pass = async (ms: number) => {
    await berth.forward(ms);
    await ada.page.clock.fastForward(ms);
  };
  await ada.page.clock.install();
  await open(ada.page, `/offerings/${offering.id}`);
  await rent(ada).click();
  await expect(dialogOf(ada)).toContainText('yours for 10 min');
  await pass(HOLD_MS * 0.7);
  await expect(dialogOf(ada)).toContainText('yours for 3 min');
  const renewed = ada.page.waitForResponse(/\/holds$/);
  await ada.page.getByLabel('Memo to the provider').pressSequentially('Hm');
  await ada.page.clock.runFor(1_000);
  await renewed;
  await expect(dialogOf(ada)).toContainText('yours for 10 min');
  await pass(HOLD_MS + 1_000);
  await expect(dialogOf(ada)).toContainText('nothing is held for you now');
  await Promise.all([ada.close(), grace.close()]);
});

test('who comes too late for the last unit is told, and shown what is like it', async ({
  browser,
}) => {
  const [ada, barbara, grace] = [
    await visitor(browser, 'Ada'),
    await visitor(browser, 'Barbara'),
    await visitor(browser, 'Grace'),
  ];
  const offering = await listOffering(grace.client, { stock: 1 });
  await listOffering(grace.client, { title: 'Much like it', stock: 3 });
  await open(barbara.page, `/offerings/${offering.id}?hours=24`);
  await barbara.page.route('**/__data.json*', () => new Promise(() => undefined));
  await open(ada.page, `/offerings/${offering.id}?hours=24`);
  await rent(ada).click();
  await expect(dialogOf(ada)).toContainText('one unit are yours');
  await rent(barbara).click();
  const alert = dialogOf(barbara).getByRole('alert');
  await expect(alert).toContainText('The last unit has just been taken');
  await expect(dialogOf(barbara).getByRole('link', { name: 'Much like it' })).toHaveAttribute(
    'href',
    /hours=24/,
  );
  await ada.page.keyboard.press('Escape');
  await expect(async () => {
    await barbara.page.getByRole('button', { name: 'Ask again' }).click();
    await expect(dialogOf(barbara)).toContainText('one unit are yours', { timeout: 1_000 });
  }).toPass();
  await Promise.all([ada.close(), barbara.close(), grace.close()]);
});
