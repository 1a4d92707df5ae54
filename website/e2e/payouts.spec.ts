import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS } from '@berth/shared/time';
import { renew } from '../../api/test/people.ts';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { adminOn, visitor } from './people.ts';

test.use({
  server: {
    name: 'paid out',
    settings: {
      PAYMENTS: 'balance',
      PAYOUT_HOLDER: 'Berth B.V.',
      PAYOUT_IBAN: 'NL91 ABNA 0417 1643 00',
    },
  },
});

/** Where to: a slip of the finger is seen before anything goes there. */
async function setBankAccount(page: Page): Promise<void> {
  await open(page, '/dashboard/billing');
  await page.getByRole('link', { name: 'Payouts' }).click();
  const bank = cardOf(page, 'Your bank account');
  await bank.getByLabel('Holder').fill('Ada Lovelace');
  await bank.getByLabel('IBAN').fill('DE89 3704 0044 0532 0130 01');
  await bank.getByRole('button', { name: 'Save' }).click();
  await expect(bank.getByText('check each digit')).toBeVisible();
  await expectFineInEveryLook(page);
  await bank.getByLabel('IBAN').fill('DE89 3704 0044 0532 0130 00');
  await bank.getByRole('button', { name: 'Save' }).click();
  await expect(bank).toContainText('DE89 … 3000');
}

/** Asks for three, of which the second is called off. */
async function askForThree(page: Page): Promise<void> {
  const form = cardOf(page, 'Pay out');
  await expect(form.getByText('The bank account is new')).toBeVisible();
  await form.getByLabel('Of').selectOption({ label: 'Balance, €100.50' });
  for (const amount of ['30', '40', '1000']) {
    await form.getByLabel('Amount in EUR').fill(amount);
    await form.getByRole('button', { name: 'Pay out', exact: true }).click();
    if (amount === '1000') await expect(form.getByText('It has €30.50')).toBeVisible();
    else await expect(form.getByLabel('Amount in EUR')).toHaveValue('');
  }
  await form.getByRole('button', { name: 'All of it' }).click();
  await expect(form.getByLabel('Amount in EUR')).toHaveValue('30.5');
  await form.getByRole('button', { name: 'Pay out', exact: true }).click();
  const list = cardOf(page, 'Your payouts');
  await expect(list.getByText('To be sent')).toHaveCount(3);
  await expectFineInEveryLook(page);
  await list
    .getByRole('row', { name: /€40.00/ })
    .getByRole('button', { name: 'Call off' })
    .click();
  await page.getByRole('button', { name: 'Call it off' }).click();
  await expect(list.getByText('Called off')).toBeVisible();
}

/** Hands over what may be sent, gives one of the two back and says that the other is paid. */
async function sendAsAdmin(page: Page): Promise<void> {
  const waiting = cardOf(page, 'Not paid out yet');
  await open(page, '/admin/payouts');
  await waiting.getByRole('button', { name: 'Hand over to the bank' }).click();
  const batches = cardOf(page, 'With the bank');
  await expect(batches).toContainText('2 payouts');
  await expectFineInEveryLook(page);
  const download = page.waitForEvent('download');
  await batches.getByRole('link', { name: 'File' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain('<NbOfTxs>2</NbOfTxs><CtrlSum>60.50</CtrlSum>');
  expect(text).toContain('DE89370400440532013000');

  await waiting
    .getByRole('row', { name: /€30.00/ })
    .getByRole('button', { name: 'Give back' })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').fill('The bank says that the account is closed.');
  await dialog.getByRole('button', { name: 'Give it back' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(batches).toContainText('1 payout');
  await batches.getByRole('button', { name: 'The bank has paid' }).click();
  await page.getByRole('button', { name: 'All are paid' }).click();
  await expect(page.getByText('Nobody waits for a payout')).toBeVisible();
}

test('a payout goes by a file to the bank, another comes back, and a third is called off', async ({
  browser,
  berth,
}) => {
  const ada = await visitor(browser, 'Ada');
  const boss = await adminOn(berth, browser, 'Teller');
  await boss.client.ask(endpoints.ledger.transfer, {
    body: {
      ...{ direction: 'in', account: 'balance', currency: 'EUR', reference: 'in 1' },
      ...{ handle: ada.client.account.handle, amount_e9s: '100500000000' },
    },
  });
  const { page } = ada;
  await setBankAccount(page);
  await askForThree(page);

  // The admin can send nothing before the bank account has rested.
  await open(boss.page, '/admin/payouts');
  const waiting = cardOf(boss.page, 'Not paid out yet');
  await waiting.getByRole('button', { name: 'Hand over to the bank' }).click();
  await expect(waiting.getByText('Nothing may be sent yet')).toBeVisible();
  await expectFineInEveryLook(boss.page);
  await berth.forward(3 * DAY_MS);
  await renew(boss.client);
  await sendAsAdmin(boss.page);

  await renew(ada.client);
  await open(page, '/dashboard/billing/payouts');
  await expect(page.getByText('The bank says that the account is closed.')).toBeVisible();
  await expect(page.getByText('Paid out', { exact: true })).toBeVisible();
  await expectFineInEveryLook(page);
  await Promise.all([ada, boss].map((one) => one.close()));
});
