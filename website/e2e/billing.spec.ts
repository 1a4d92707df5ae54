import type { Page } from '@playwright/test';
import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { adminOn, visitor } from './people.ts';

test.use({
  server: {
    name: 'paid',
    settings: { PAYMENTS: 'balance', WIRE_DETAILS: 'Berth, IBAN NL00 BERT 0000 0000 00' },
  },
});

/** Both see who gets what before they sign. */
async function seeWhoGetsWhat(renter: Page, provider: Page, contract_id: string): Promise<void> {
  await open(renter, `/dashboard/rentals/${contract_id}`);
  await renter.getByRole('button', { name: 'Cancel' }).click();
  const ending = renter.getByRole('dialog');
  await expect(ending.getByTestId('refund')).toContainText('€24.00 of €24.00');
  await expect(ending.getByTestId('provider-gets')).toContainText('The provider gets €0.00');
  await ending.getByRole('button', { name: 'Keep it' }).click();
  await open(provider, `/dashboard/provider/requests/${contract_id}`);
  await provider.getByRole('button', { name: 'Accept' }).click();
  await expect(provider.getByRole('dialog')).toContainText('You earn €21.60');
  await expect(provider.getByRole('dialog')).toContainText('Berth keeps 10 %');
  await expectFineInEveryLook(provider);
  await open(provider, '/dashboard/provider/offerings/new');
  await provider.getByLabel('Price', { exact: true }).fill('2');
  await expect(cardOf(provider, 'Price')).toContainText('$1.80');
  await expectFineInEveryLook(provider);
}

test('what is paid in is held for a rental, and what is not earned comes back', async ({
  browser,
  berth,
}) => {
  const boss = await adminOn(berth, browser, 'Teller');
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, {
    ...{ title: 'Storage in Oslo', kind: 'storage', gpu_model: null, currency: 'EUR' },
    ...{ price_e9s: 1_000_000_000n, setup_fee_e9s: 0n },
  });

  // Nothing is there yet: she learns where to send it, and a request waits for what is missing.
  await open(ada.page, '/dashboard');
  await ada.page
    .getByRole('navigation', { name: 'Dashboard' })
    .getByRole('link', { name: 'Billing' })
    .click();
  await expect(ada.page.getByText('IBAN NL00 BERT')).toBeVisible();
  await expect(ada.page.getByText(ada.client.account.id)).toBeVisible();
  await expectFineInEveryLook(ada.page);
  await open(ada.page, `/offerings/${offering.id}`);
  await ada.page.getByRole('button', { name: 'Rent Resource' }).first().click();
  const dialog = ada.page.getByRole('dialog');
  await dialog.getByLabel('For how long').fill('24');
  await dialog.getByLabel('SSH key').selectOption({ label: 'No SSH key' });
  await dialog.getByRole('button', { name: /^Continue with/ }).click();
  await expect(dialog.getByRole('radio', { name: /By bank transfer/ })).toBeChecked();
  await ada.page.getByRole('button', { name: /^Sign and request/ }).click();
  await ada.page.waitForURL(/\/dashboard\/rentals\//);
  const paying = ada.page.getByRole('heading', { name: /^Pay €/ });
  await expect(paying).toBeVisible();
  await expect(ada.page.getByText('IBAN NL00 BERT')).toBeVisible();
  await expectFineInEveryLook(ada.page);
  const waiting = ada.page.url();

  await open(boss.page, '/admin/money');
  const form = cardOf(boss.page, 'Book a bank transfer');
  await form.getByLabel('Handle of the account').fill(ada.client.account.handle);
  await form.getByLabel('Reference at the bank').fill('2026-11-30/1');
  await form.getByLabel('Amount').fill('lots');
  await form.getByRole('button', { name: 'Book it' }).click();
  await expect(form.getByText('An amount such as 250')).toBeVisible();
  await form.getByLabel('Amount').fill('100.50');
  await form.getByRole('button', { name: 'Book it' }).click();
  await expect(boss.page.getByText('The transfer is booked')).toBeVisible();
  await expect(cardOf(boss.page, 'Trial balance')).toContainText('Adds up to nothing');
  await expectFineInEveryLook(boss.page);

  // What came pays what waited for it, and nothing is left of it to pay.
  await open(ada.page, waiting);
  await expect(paying).toHaveCount(0);
  await expect(ada.page.getByText('Waiting for Grace')).toBeVisible();

  const { contract_id } = await requestRental(ada.client, offering, { hours: 24 });
  await open(ada.page, '/dashboard/billing');
  const have = cardOf(ada.page, 'What you have');
  await expect(have).toContainText('€52.50');
  await expect(have).toContainText('€48.00');
  await open(ada.page, `/dashboard/rentals/${contract_id}`);
  await expect(cardOf(ada.page, 'Money')).toContainText('€24.00');
  await expectFineInEveryLook(ada.page);

  await seeWhoGetsWhat(ada.page, grace.page, contract_id);
  await move(grace.client, contract_id, 'reject');
  await open(ada.page, '/dashboard/billing');
  await expect(have).toContainText('€76.50');
  await expect(cardOf(ada.page, 'What was booked')).toContainText('+€24.00');
  await expectFineInEveryLook(ada.page);
  await Promise.all([ada, grace, boss].map((one) => one.close()));
});
