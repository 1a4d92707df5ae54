import type { Page } from '@playwright/test';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';

const roles = [
  { role: 'renter', handle: 'mira-okafor' },
  { role: 'provider', handle: 'lowland-metal' },
];
const press = (page: Page, role: string) =>
  page.getByRole('button', { name: `Try it as a ${role}` }).click();

test.use({ server: { name: 'demo', settings: { DEMO: 'on' } } });

test('a demo is stepped into as either side with one press each', async ({ page, browser }) => {
  // The seed makes these accounts; here they are made as by an owner of their phrases.
  for (const { role, handle } of roles) {
    const context = await browser.newContext();
    const first = await context.newPage();
    await open(first, '/sign-in');
    await press(first, role);
    await first.getByLabel('Handle').fill(handle);
    await first.getByRole('button', { name: 'Make my account' }).click();
    await expect(first).toHaveURL('/dashboard');
    await context.close();
  }
  for (const { role, handle } of [...roles, ...roles]) {
    await open(page, '/sign-in');
    await press(page, role);
    await expect(page).toHaveURL('/dashboard');
    await page.getByRole('button', { name: 'Your account' }).click();
    await expect(page.getByRole('menu').getByText(`@${handle}`)).toBeVisible();
    await page.keyboard.press('Escape');
  }
});

test('its sign-in page is accessible and fits every screen', async ({ page }) => {
  await open(page, '/sign-in');
  await expect(page.getByRole('button', { name: /Try it as/ })).toHaveCount(2);
  await expectFineInEveryLook(page);
});
