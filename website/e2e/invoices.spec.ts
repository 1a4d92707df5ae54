import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { endpoints } from '@berth/shared/endpoints';
import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { adminOn, visitor } from './people.ts';

test.use({ server: { name: 'invoiced', settings: { PAYMENTS: 'balance' } } });

const year = new Date().getUTCFullYear();
const first = `INV-${year}-000001`;

/** Who she is: a wrong digit is seen at once. */
async function setDetails(page: Page): Promise<void> {
  await open(page, '/dashboard/billing');
  const card = cardOf(page, 'Billing details');
  await card.getByRole('button', { name: 'Add them' }).click();
  await card.getByLabel('Name').fill('Harbour GmbH');
  await card.getByLabel('Address', { exact: true }).fill('Kai 4');
  await card.getByLabel('Postcode').fill('20457');
  await card.getByLabel('City').fill('Hamburg');
  await card.getByLabel('Country').selectOption({ label: 'Germany' });
  await card.getByLabel('VAT id').fill('DE136695977');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText('check each digit')).toBeVisible();
  await expectFineInEveryLook(page);
  await card.getByLabel('VAT id').fill('DE 136 695 976');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card).toContainText('DE136695976');
  await expectFineInEveryLook(page);
}

test('what is paid has an invoice, what comes back a credit note, and an admin has all', async ({
  browser,
  berth,
}) => {
  const boss = await adminOn(berth, browser, 'Teller');
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  await setDetails(grace.page);
  const offering = await listOffering(grace.client, {
    ...{ title: 'Storage in Oslo', kind: 'storage', gpu_model: null, currency: 'EUR' },
    ...{ price_e9s: 1_000_000_000n, setup_fee_e9s: 0n },
  });
  await boss.client.ask(endpoints.ledger.transfer, {
    body: {
      ...{ direction: 'in', account: 'balance', currency: 'EUR', reference: 'in 1' },
      ...{ handle: ada.client.account.handle, amount_e9s: '100500000000' },
    },
  });
  const { contract_id } = await requestRental(ada.client, offering, { hours: 24 });
  await open(ada.page, `/dashboard/rentals/${contract_id}`);
  await cardOf(ada.page, 'Money').getByRole('link', { name: 'Invoices' }).click();
  const list = cardOf(ada.page, 'What you rented');
  await list.getByRole('link', { name: first }).click();
  const card = cardOf(ada.page, `Invoice ${first}`);
  await expect(card).toContainText('24 hours at €1.00 per hour');
  await expect(card).toContainText('VAT of Germany, 19 %');
  await expect(card).toContainText('€3.83');
  await expectFineInEveryLook(ada.page);

  const pdf = ada.page.waitForEvent('download');
  await card.getByRole('link', { name: 'PDF' }).click();
  expect((await pdf).suggestedFilename()).toBe(`${first}.pdf`);
  const bytes = await readFile(await (await pdf).path());
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');

  await move(ada.client, contract_id, 'cancel');
  await open(ada.page, '/dashboard/billing/invoices');
  await expect(list.getByText('−€24.00')).toBeVisible();
  await expect(list.getByText('−€3.83')).toBeVisible();
  await expectFineInEveryLook(ada.page);

  await open(grace.page, '/dashboard/billing/invoices?side=sold');
  await expect(cardOf(grace.page, 'What you rented out')).toContainText(`CN-${year}-000001`);

  await open(boss.page, '/admin/invoices');
  await expect(cardOf(boss.page, 'Newest first')).toContainText('Harbour GmbH to Ada');
  await expectFineInEveryLook(boss.page);
  const download = boss.page.waitForEvent('download');
  await boss.page.getByRole('link', { name: /^Invoices of .*CSV/ }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain(first);
  await Promise.all([ada, grace, boss].map((one) => one.close()));
});
