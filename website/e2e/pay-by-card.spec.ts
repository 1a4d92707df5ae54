import { listOffering } from '../../api/test/rental.ts';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

test.use({
  server: { name: 'paid by card', settings: { PAYMENTS: 'balance', STRIPE: 'stand-in' } },
});

test('a request waits for a card, which declines, asks and pays, and then the provider is asked', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, {
    ...{ title: 'Storage in Bergen', kind: 'storage', gpu_model: null, currency: 'EUR' },
    ...{ price_e9s: 1_000_000_000n, setup_fee_e9s: 0n, max_hours: 24 },
  });
  const { page } = ada;
  await open(page, `/offerings/${offering.id}`);
  await page.getByRole('button', { name: 'Rent Resource' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('SSH key').selectOption({ label: 'No SSH key' });
  await dialog.getByLabel('For how long').fill('24');
  await dialog.getByRole('button', { name: /^Continue with/ }).click();
  await expect(dialog.getByText('How you pay €24.00')).toBeVisible();
  await expect(dialog.getByRole('radio', { name: /By card/ })).toBeChecked();
  await expectFineInEveryLook(page);
  await page.getByRole('button', { name: /^Sign and request/ }).click();

  await page.waitForURL(/\/dashboard\/rentals\//);
  const pay = cardOf(page, 'Pay €24.00');
  await expect(pay).toBeVisible();
  await expect(page.getByText('Your turn')).toBeVisible();
  await expect(cardOf(page, 'Money')).toContainText('€24.00');
  await expectFineInEveryLook(page);
  await pay.getByRole('button', { name: 'Pay €24.00 by card' }).click();

  // Stripe's own page, after the one that says how the payment stands.
  await page.waitForURL(/\/pay\//);
  await page.getByLabel('Card number').fill('4000 0000 0000 9995');
  await page.getByRole('button', { name: 'Pay €24.00' }).click();
  await expect(page.getByRole('alert')).toContainText('insufficient funds');
  await page.getByRole('link', { name: 'Back without paying' }).click();
  await expect(page.getByText('To be paid', { exact: true })).toBeVisible();
  await expectFineInEveryLook(page);
  await page.reload();
  await page.getByRole('link', { name: 'Go to the payment page' }).click();
  await page.getByLabel('Card number').fill('4000 0025 0000 3155');
  await page.getByRole('button', { name: 'Pay €24.00' }).click();
  await page.getByRole('button', { name: 'Complete authentication' }).click();

  await expect(page.getByText('Paid', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Back to the contract' }).click();
  await expect(page.getByText('Waiting for Grace')).toBeVisible();
  await expect(pay).toHaveCount(0);
  await open(grace.page, '/dashboard/provider/requests');
  await expect(grace.page.getByRole('link', { name: 'Storage in Bergen' })).toBeVisible();
  await Promise.all([ada, grace].map((one) => one.close()));
});

test('money is paid into the balance by card, an amount that is none is said to be so', async ({
  browser,
}) => {
  const { page, close } = await visitor(browser, 'Lin');
  await open(page, '/dashboard/billing');
  const form = cardOf(page, 'Pay in by card');
  await form.getByLabel('Amount').fill('0,5');
  await form.getByRole('button', { name: 'Go to payment' }).click();
  await expect(form.getByText('An amount such as 50')).toBeVisible();
  await form.getByLabel('Amount').fill('12.50');
  await form.getByRole('button', { name: 'Go to payment' }).click();
  await page.waitForURL(/\/pay\//);
  await page.getByRole('button', { name: 'Pay $12.50' }).click();
  await expect(page.getByText('Paid', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Back to billing' }).click();
  await expect(cardOf(page, 'What you have')).toContainText('$12.50');
  await expect(cardOf(page, 'Your payments by card')).toContainText('Paid');
  await expectFineInEveryLook(page);
  await close();
});
