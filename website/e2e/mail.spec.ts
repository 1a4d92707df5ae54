import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textOf } from '../../api/test/mail.ts';
import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { cardOf } from './accounts.ts';
import { expect, expectContrast, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { adminOn, visitor } from './people.ts';

const MAIL_FOLDER = mkdtempSync(join(tmpdir(), 'berth-e2e-mail-'));
test.use({ server: { name: `mail in ${MAIL_FOLDER}`, settings: { MAIL_FOLDER } } });

/** The newest mail to an address whose text has these words, once it came. */
async function mailWith(address: string, words: string): Promise<{ source: string; text: string }> {
  const find = () =>
    readdirSync(MAIL_FOLDER)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => readFileSync(join(MAIL_FOLDER, name), 'utf8'))
      .filter((source) => source.includes(`To: ${address}`))
      .map((source) => ({ source, text: textOf(source) }))
      .find(({ text }) => text.includes(words));
  await expect.poll(find).toBeDefined();
  return find() ?? { source: '', text: '' };
}

test('who gives an address and follows the link in another browser is mailed, until one press', async ({
  browser,
  berth,
  request,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'A box in Bergen' });
  const address = 'ada@example.org';

  await open(ada.page, '/dashboard/account');
  const card = cardOf(ada.page, 'Mail');
  await card.getByLabel('Mail address').fill('nobody');
  await card.getByRole('button', { name: 'Send a link' }).click();
  await expect(card.getByText(/looks like you@example.org/)).toBeVisible();
  await card.getByLabel('Mail address').fill(address);
  await card.getByRole('button', { name: 'Send a link' }).click();
  await expect(card.getByText(`Look into the mailbox of ${address}`)).toBeVisible();

  const { text } = await mailWith(address, 'Confirm this address');
  const [link = ''] = /http\S+#[0-9a-f]{64}/.exec(text) ?? [];
  const elsewhere = await (await browser.newContext()).newPage();
  await open(elsewhere, link);
  await expectFineInEveryLook(elsewhere);
  await elsewhere.getByRole('button', { name: 'Confirm this address' }).click();
  await expect(elsewhere.getByText(`Mail now comes to ${address}.`)).toBeVisible();
  await elsewhere.goto('about:blank');
  await open(elsewhere, link);
  await elsewhere.getByRole('button', { name: 'Confirm this address' }).click();
  await expect(elsewhere.getByText('Ask for a new link on your account’s page.')).toBeVisible();
  await open(ada.page, '/dashboard/account');
  await expect(card.getByText(address)).toBeVisible();

  const { contract_id } = await requestRental(ada.client, offering);
  await move(grace.client, contract_id, 'accept');
  const told = await mailWith(address, 'Grace accepted A box in Bergen');
  expect(told.text).toContain(`${berth.origin}/dashboard/rentals/${contract_id}`);

  const unfolded = told.source.replace(/\r?\n[ \t]+/g, '');
  const [, ending = ''] = /List-Unsubscribe: ?<([^>]+)>/.exec(unfolded) ?? [];
  await open(elsewhere, ending);
  await expect(elsewhere.getByText('You are mailed about: Requests and answers.')).toBeVisible();
  await expectFineInEveryLook(elsewhere);
  const form = { 'List-Unsubscribe': 'One-Click' };
  expect((await request.post(ending, { form })).status()).toBe(204);
  await elsewhere.goto('about:blank');
  await open(elsewhere, ending);
  await expect(
    elsewhere.getByText('No more mail comes about: Requests and answers.'),
  ).toBeVisible();

  await open(ada.page, '/dashboard/notices/choices');
  await expect(ada.page.getByLabel('Requests and answers by mail')).toHaveValue('off');
  await expectFineInEveryLook(ada.page);
  await ada.page.getByLabel('Requests and answers by mail').selectOption('daily');
  await expect(ada.page.getByText('Your choice is saved')).toBeVisible();
  await ada.page.getByLabel('Quiet hours').check();
  await ada.page.getByRole('button', { name: 'Save the hours' }).click();
  await expect(ada.page.getByText('Your hours are saved')).toBeVisible();
  await ada.page.reload();
  await expect(ada.page.getByLabel('Requests and answers by mail')).toHaveValue('daily');
  await expect(ada.page.getByLabel('From')).toHaveValue('22');
});

test('an admin sees every mail as it looks in the light, in the dark and as text', async ({
  browser,
  berth,
}) => {
  const boss = await adminOn(berth, browser, 'Postmaster');
  await open(boss.page, '/admin/mail');
  await boss.page.getByRole('link', { name: 'A resource is ready' }).click();
  const frame = boss.page.frameLocator('iframe');
  const title = 'GPU server in Rotterdam is ready: open your credentials';
  await expect(frame.getByRole('heading', { name: title })).toBeVisible();
  const card = frame.locator('.card');
  await expect(card).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await boss.page.getByRole('button', { name: 'Dark' }).click();
  await expect(card).toHaveCSS('background-color', 'rgb(24, 28, 34)');
  await boss.page.getByRole('button', { name: 'Text' }).click();
  await expect(frame.getByText('Open the contract:')).toBeVisible();
  await expectFineInEveryLook(boss.page);

  // No script runs where an admin sees it, so that its text is looked at in a page of its own.
  const src = (await boss.page.locator('iframe').getAttribute('src')) ?? '';
  for (const look of ['light', 'dark']) {
    const mail = await boss.page.context().request.get(src.replace(/look=\w+/, `look=${look}`));
    await boss.page.goto('about:blank');
    await boss.page.setContent(await mail.text());
    await expect(boss.page.getByRole('heading', { name: title })).toBeVisible();
    await expectContrast(boss.page);
  }
  await boss.close();
});
