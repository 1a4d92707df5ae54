import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

test('a program gets a token that is shown once, works, is rotated and revoked', async ({
  browser,
  request,
}) => {
  const ada = await visitor(browser, 'Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ada;
  const dialog = page.getByRole('dialog');
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const ask = async (token: string, path: string) =>
    (
      await request.get(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
    ).status();

  await open(page, '/dashboard/tokens');
  await expect(page.getByText('No token yet')).toBeVisible();
  await expectFineInEveryLook(page);
  await page.getByRole('button', { name: 'Make a token' }).click();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog.getByText('Fill this in')).toBeVisible();
  await expect(dialog.getByText('Choose what it may do')).toBeVisible();
  await dialog.getByLabel('Name').fill('Nightly report');
  await dialog.getByLabel('See your contracts').check();
  await expectFineInEveryLook(page);
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeDisabled();
  await expectFineInEveryLook(page);
  await dialog.getByRole('button', { name: 'Copy the token' }).click();
  const first = await copied();
  expect(first).toMatch(/^berth_live_\w{36}$/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain(first);

  expect(await ask(first, '/token')).toBe(200);
  expect(await ask(first, '/contracts?role=renter')).toBe(200);
  expect(await ask(first, '/me/offerings')).toBe(403);
  const card = cardOf(page, 'Your tokens');
  await expect(card.getByText(/last used/)).toBeHidden();
  const used = async () => {
    await page.reload();
    return card.getByText(/last used .* from 127\.0\.0\.1/).isVisible();
  };
  await expect.poll(used).toBe(true);
  await card.getByText('May do 1 thing').click();
  await expect(card.getByText('See your contracts, their logs and evidence')).toBeVisible();
  await expectFineInEveryLook(page);

  await card.getByRole('button', { name: 'Rotate Nightly report' }).click();
  await dialog.getByLabel('The present one').selectOption('Works for 1 hour more');
  await dialog.getByRole('button', { name: 'Rotate' }).click();
  await dialog.getByRole('button', { name: 'Copy the token' }).click();
  const second = await copied();
  expect(second).not.toBe(first);
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect([await ask(first, '/token'), await ask(second, '/token')]).toEqual([200, 200]);
  await expect(card.getByText('(before the rotation)')).toBeVisible();

  await card.getByRole('button', { name: 'Revoke Nightly report' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(card.getByText('Revoked')).toBeVisible();
  expect([await ask(first, '/token'), await ask(second, '/token')]).toEqual([401, 401]);

  await open(page, '/dashboard/notices');
  await expect(page.getByText(/“Nightly report” was made/).first()).toBeVisible();
  await ada.close();
});
