import { readFile } from 'node:fs/promises';
import { makePhrase } from '@berth/shared/signing/phrase';
import type { Page } from '@playwright/test';
import { cardOf, expectAccountOf, newHandle, signIn, signUp } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { listenTo } from './secrets.ts';

const account = '/dashboard/account';
/** Made by ssh-keygen, with what ssh-keygen -l says of it. */
const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEPX2LPE8LuqV9SsNfqYDZMJoI6CiLyoCJnSHn4d5cHv me@laptop';

test('the profile is changed, shown in the header, and can be undone', async ({ page }) => {
  await signUp(page, { handle: newHandle('profile'), display_name: 'Before' });
  await page.getByLabel('Display name').fill('');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Fill this in')).toBeVisible();
  await page.getByLabel('Display name').fill('After');
  await page.getByRole('textbox', { name: 'About' }).fill('I rent out two GPU servers.');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Your profile is saved')).toBeVisible();
  await page.getByRole('button', { name: 'Your account' }).click();
  await expect(page.getByRole('menu').getByText('After')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Display name')).toHaveValue('Before');
  await expect(page.getByText('Your profile is saved')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Display name')).toHaveValue('Before');
});

test('two pages that change the profile at once do not undo each other unseen', async ({
  page,
  context,
}) => {
  await signUp(page, { handle: newHandle('both'), display_name: 'Start' });
  const other = await context.newPage();
  await open(other, account);
  await other.getByLabel('Display name').fill('From the other page');
  await other.getByRole('button', { name: 'Save the profile' }).click();
  await expect(other.getByText('Your profile is saved')).toBeVisible();
  await page.getByLabel('Display name').fill('From this page');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText(/Look at what it says now/)).toBeVisible();
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Your profile is saved')).toBeVisible();
});

test('contacts are checked by their kind, kept, and a removal can be undone', async ({ page }) => {
  await signUp(page, { handle: newHandle('contacts') });
  const card = cardOf(page, 'Contacts');
  await expect(card.getByText(/None yet/)).toBeVisible();
  const cases = [
    ['email', 'Email', 'nobody', 'nobody@example.org', /looks like you@example.org/],
    ['matrix', 'Matrix', 'nobody', '@nobody:matrix.org', /looks like @you:matrix.org/],
    ['telegram', 'Telegram', 'x', '@nobody', /looks like @your_name/],
    ['discord', 'Discord', 'No Body', 'no.body', /2 to 32/],
    ['phone', 'Phone', '0201234567', '+31 20 123 4567', /begins with \+/],
    ['url', 'Web page', 'http://x.org', 'https://example.org/me', /begins with https/],
  ] as const;
  for (const [kind, label, wrong, right, sentence] of cases) {
    await card.getByLabel('Kind').selectOption(kind);
    await card.getByLabel(label, { exact: true }).fill(wrong);
    await card.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(card.getByText(sentence)).toBeVisible();
    await card.getByLabel(label, { exact: true }).fill(right);
    await card.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(card.getByRole('listitem').filter({ hasText: `${label} ${right}` })).toBeVisible();
  }
  await card.getByRole('button', { name: 'Remove no.body' }).click();
  await expect(card.getByRole('listitem')).toHaveCount(5);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card.getByRole('listitem')).toHaveCount(6);
});

test('an SSH key is checked, shown by its fingerprint, and a removal can be undone', async ({
  page,
}) => {
  await signUp(page, { handle: newHandle('ssh') });
  const card = cardOf(page, 'SSH keys');
  await expect(card.getByText('No SSH key yet')).toBeVisible();
  await card.getByRole('button', { name: 'Add an SSH key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Laptop');
  await dialog.getByLabel('Public key').fill('-----BEGIN OPENSSH PRIVATE KEY-----');
  await dialog.getByRole('button', { name: 'Add the key' }).click();
  await expect(dialog.getByText(/That is the private half/)).toBeVisible();
  await dialog.getByLabel('Public key').fill(KEY);
  await expect(dialog.getByText(/ssh-ed25519, 256 bits, SHA256:/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Add the key' }).click();
  await expect(dialog).toBeHidden();
  const row = card.getByRole('listitem').filter({ hasText: 'Laptop' });
  await expect(row.getByText(/SHA256:[A-Za-z0-9+/]{43}/)).toBeVisible();

  await card.getByRole('button', { name: 'Add an SSH key' }).click();
  await dialog.getByLabel('Name').fill('Twice');
  await dialog.getByLabel('Public key').fill(KEY);
  await dialog.getByRole('button', { name: 'Add the key' }).click();
  await expect(dialog.getByText('It is there as "Laptop".')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await row.getByRole('button', { name: 'Remove Laptop' }).click();
  await expect(card.getByText('No SSH key yet')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
});

test('an SSH key is made in the browser, and its private half goes to nobody else', async ({
  page,
}) => {
  await signUp(page, { handle: newHandle('maker') });
  const sent = listenTo(page);
  await page.getByRole('button', { name: 'Add an SSH key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Make one here').check();
  await dialog.getByLabel('Name').fill('Work laptop');
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeDisabled();
  await page.keyboard.press('Escape');
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download the private half' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('berth-work-laptop');
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  const middle = text.split('\n')[3] ?? '';
  expect(middle.length).toBeGreaterThan(40);
  expect(sent.join('\n')).not.toContain(middle);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Work laptop' })).toBeVisible();
});

/** Adds a phrase to the account whose page is open, vouched for by `own`. */
async function addPhrase(page: Page, own: string, added: string, label = 'In the safe') {
  const dialog = page.getByRole('dialog');
  await cardOf(page, 'Recovery phrases').getByRole('button', { name: 'Add a phrase' }).click();
  await dialog.getByLabel('Name').fill(label);
  await dialog.getByLabel('I have a phrase').check();
  await dialog.getByLabel('Words of the new phrase').fill(added);
  await dialog.getByLabel('A phrase of this account').fill(own);
  await dialog.getByRole('button', { name: 'Add the phrase' }).click();
}

/** Types a phrase into the sign-in page. */
async function typePhrase(page: Page, phrase: string) {
  await open(page, `/sign-in?next=${account}`);
  await page.getByLabel('Recovery phrase').fill(phrase);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Removes a phrase by the signature of another. */
async function removePhrase(page: Page, label: string, own: string) {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: `Remove ${label}`, exact: true }).click();
  await dialog.getByLabel('A phrase of this account').fill(own);
  await dialog.getByRole('button', { name: 'Remove the phrase' }).click();
}

test('a second phrase signs in, has new credentials sealed to it, and is removed by the first', async ({
  page,
  browser,
}) => {
  const handle = newHandle('spare');
  const own = (await signUp(page, { handle })).join(' ');
  const spare = makePhrase();
  const card = cardOf(page, 'Recovery phrases');
  const dialog = page.getByRole('dialog');
  await expect(card.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  await addPhrase(page, makePhrase(), spare);
  await expect(dialog.getByText('This account has no such phrase.')).toBeVisible();
  await dialog.getByLabel('A phrase of this account').fill(own);
  await dialog.getByRole('button', { name: 'Add the phrase' }).click();
  await expect(dialog).toBeHidden();

  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await typePhrase(there, spare);
  await expect(there.getByRole('heading', { level: 1 })).toHaveText(
    'New credentials open with another phrase',
  );
  await expectFineInEveryLook(there);
  await there.getByRole('button', { name: 'Seal new credentials to this phrase' }).click();
  await expect(there).toHaveURL(account);
  await expectAccountOf(there, handle);
  await expect(
    cardOf(there, 'Recovery phrases')
      .getByRole('listitem')
      .filter({ hasText: 'In the safe' })
      .getByText('Opens new credentials'),
  ).toBeVisible();

  await removePhrase(page, 'In the safe', makePhrase());
  await expect(dialog.getByText('This account has no such phrase.')).toBeVisible();
  await dialog.getByLabel('A phrase of this account').fill(own);
  await dialog.getByRole('button', { name: 'Remove the phrase' }).click();
  await expect(card.getByText(/Signing in with it undoes that/)).toBeVisible();
  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
  await elsewhere.close();
});

test('whose first phrase a thief removed is offered the undo and puts the thief out', async ({
  page,
  browser,
}) => {
  test.slow();
  const handle = newHandle('victim');
  const own = (await signUp(page, { handle })).join(' ');
  const stolen = makePhrase();
  await addPhrase(page, own, stolen);
  await expect(page.getByRole('dialog')).toBeHidden();
  const elsewhere = await browser.newContext();
  const thief = await elsewhere.newPage();
  await typePhrase(thief, stolen);
  await thief.getByRole('button', { name: 'Leave it as it is' }).click();
  await expect(thief).toHaveURL(account);
  await removePhrase(thief, 'First key', stolen);
  await expect(thief.getByText(/Signing in with it undoes that/)).toBeVisible();

  await page.goto(account);
  await expect(page).toHaveURL(/\/sign-in/);
  await typePhrase(page, own);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This phrase was removed');
  await expectFineInEveryLook(page);
  await page.getByRole('button', { name: 'Undo the removal and sign in' }).click();
  await expect(page).toHaveURL(account);
  await expectAccountOf(page, handle);
  // A page of keys shows by itself what has changed elsewhere.
  await expect(thief.getByText(/Signing in with it undoes that/)).toBeHidden();
  await removePhrase(thief, 'First key', stolen);
  await expect(thief.getByText(/has just come back/)).toBeVisible();
  await removePhrase(page, 'In the safe', own);
  await expect(page.getByText(/Signing in with it undoes that/)).toBeVisible();
  await thief.reload();
  await expect(thief).toHaveURL(/\/sign-in/);
  await elsewhere.close();
});

test('a device that is removed is out at once', async ({ page, browser }) => {
  const words = await signUp(page, { handle: newHandle('remover') });
  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await signIn(there, words.join(' '));
  await page.reload();
  const devices = cardOf(page, 'Devices');
  await expect(devices.getByRole('listitem')).toHaveCount(2);
  await devices
    .getByRole('listitem')
    .filter({ hasNotText: 'This one' })
    .getByRole('button', { name: /^Remove/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(devices.getByRole('listitem')).toHaveCount(1);

  await there.getByLabel('Display name').fill('Still here');
  await there.getByRole('button', { name: 'Save the profile' }).click();
  await expect(
    there.getByText(/Sign in with your recovery phrase|removed from the account/).first(),
  ).toBeVisible();
  await there.goto(account);
  await expect(there).toHaveURL(/\/sign-in/);
  await expect(there.getByText(/removed from the account/)).toBeVisible();
  await elsewhere.close();
});

test('this device can be removed, and then needs the phrase', async ({ page }) => {
  await signUp(page, { handle: newHandle('self') });
  const devices = cardOf(page, 'Devices');
  await devices.getByRole('button', { name: /^Remove/ }).click();
  await expect(page.getByRole('dialog')).toContainText('This is the browser you are in');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page).toHaveURL('/sign-in');
  await expect(page.getByRole('button', { name: /Continue as/ })).toHaveCount(0);
});

test('another session can be ended', async ({ page, browser }) => {
  const words = await signUp(page, { handle: newHandle('sessions') });
  const elsewhere = await browser.newContext();
  await signIn(await elsewhere.newPage(), words.join(' '));
  await elsewhere.close();
  await page.reload();
  const sessions = cardOf(page, 'Open sessions');
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await sessions.getByRole('button', { name: /^End/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await expect(sessions.getByText('This one')).toBeVisible();
});

test('the principal is shown and copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signUp(page, { handle: newHandle('principal') });
  await page.getByRole('button', { name: /copy the principal$/ }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^([a-z2-7]{5}-){10}[a-z2-7]{3}$/);
});

test('the account page and its dialogs are accessible and fit every screen', async ({ page }) => {
  await signUp(page, { handle: newHandle('looker') });
  await expectFineInEveryLook(page);
  for (const name of ['Add an SSH key', 'Add a phrase', 'Sign out', 'Remove Chrome on Linux']) {
    await page.getByRole('main').getByRole('button', { name }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectFineInEveryLook(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});
