import { readFile } from 'node:fs/promises';
import { expectAccountOf, newHandle, readWords, signIn, signUp, typeBack } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { listenTo, readStorage, tracesOf } from './secrets.ts';

/** What a slow typist presses in a minute. */
const KEYS_A_MINUTE = 120;

test('a newcomer makes an account with the keyboard alone, in what a slow typist presses in a minute', async ({
  page,
}) => {
  const handle = newHandle('newcomer');
  let keys = 0;
  const type = async (text: string) => {
    keys += text.length;
    await page.keyboard.type(text);
  };
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await open(page, '/sign-up?next=/dashboard/account');
  await page.getByLabel('Handle').focus();
  await type(handle.toUpperCase());
  await expect(page.getByText(`@${handle} is`)).toBeAttached();
  await press('Tab');
  await type('Grace Hopper');
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  const words = await readWords(page);
  expect(words).toHaveLength(12);
  const save = page.getByRole('button', { name: 'I have saved them' });
  while (!(await save.evaluate((button) => button === document.activeElement))) {
    await press('Tab');
  }
  await press('Enter');
  await expect(page.getByLabel(/^Word/).first()).toBeFocused();
  for (const label of await page.locator('main label').allInnerTexts()) {
    await type(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
    await press('Tab');
  }
  await press('Shift+Tab');
  await press('Enter');
  await expect(page.getByText('Your account is made')).toBeVisible();
  await expect(page).toHaveURL('/dashboard/account');
  await expectAccountOf(page, handle);
  expect(keys).toBeLessThan(KEYS_A_MINUTE);
});

test('the words can be copied and saved as a file, and three are asked back', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const handle = newHandle('saver');
  await open(page, '/sign-up?next=/dashboard/account');
  await page.getByLabel('Handle').fill(handle);
  await page.getByRole('button', { name: 'Continue' }).click();
  const words = await readWords(page);

  await page.getByRole('button', { name: 'Copy the words' }).click();
  await expect(page.getByText('The words are copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(words.join(' '));

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as a file' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe(`berth-recovery-phrase-${handle}.txt`);
  expect(await readFile(await file.path(), 'utf8')).toContain(words.join(' '));

  await page.getByRole('button', { name: 'I have saved them' }).click();
  await typeBack(page, words);
  const first = page.getByLabel(/^Word/).first();
  const right = await first.inputValue();
  await first.fill('nonsense');
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page.getByText(/^That is not word \d+$/)).toBeVisible();
  await expect(first).toBeFocused();
  await first.fill(` ${right.toUpperCase()} `);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page).toHaveURL('/dashboard/account');
});

test('a handle is checked as it is typed', async ({ page, browser }) => {
  const handle = newHandle('first');
  const other = await browser.newContext();
  await signUp(await other.newPage(), { handle });
  await other.close();

  await open(page, '/sign-up');
  await page.getByLabel('Handle').fill(handle);
  await expect(page.getByText('That handle is taken; try another.')).toBeVisible();
  await page.getByLabel('Handle').fill('a');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('At least 3 characters')).toBeVisible();
  await page.getByLabel('Handle').fill('two--hyphens');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText(/Letters, digits and single hyphens/)).toBeVisible();
});

test('the words stay good when somebody takes the handle first', async ({ page, browser }) => {
  const handle = newHandle('wanted');
  await open(page, '/sign-up?next=/dashboard/account');
  await page.getByLabel('Handle').fill(handle);
  await page.getByRole('button', { name: 'Continue' }).click();
  const words = await readWords(page);
  await page.getByRole('button', { name: 'I have saved them' }).click();

  const faster = await browser.newContext();
  await signUp(await faster.newPage(), { handle });
  await faster.close();

  await typeBack(page, words);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page.getByText('That handle is taken; try another.')).toBeVisible();
  const second = newHandle('second');
  await page.getByLabel('Handle').fill(second);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page).toHaveURL('/dashboard/account');

  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await signIn(there, words.join(' '));
  await expectAccountOf(there, second);
  await elsewhere.close();
});

test('nobody leaves with words that are good for nothing without being asked', async ({ page }) => {
  await open(page, '/sign-up');
  await page.getByLabel('Handle').fill(newHandle('leaver'));
  await page.getByRole('button', { name: 'Continue' }).click();
  const words = await readWords(page);
  await page.getByRole('link', { name: 'Sign in' }).last().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Leave without an account?');
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  expect(await readWords(page)).toEqual(words);
  await page.getByRole('link', { name: 'Sign in' }).last().click();
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await expect(page).toHaveURL('/sign-in');
});

test('nothing secret stays in the browser or leaves it', async ({ page }) => {
  const sent = listenTo(page);
  const words = await signUp(page, { handle: newHandle('secret') });
  const traces = tracesOf(words);
  const { text, keys } = await readStorage(page);
  expect(text).toContain('account_key');
  for (const trace of traces) {
    expect(text).not.toContain(trace);
    expect(sent.join('\n')).not.toContain(trace);
  }
  expect(keys.map(({ algorithm }) => algorithm).sort()).toEqual(['Ed25519', 'X25519']);
  expect(keys.every(({ is_refused }) => is_refused)).toBe(true);
  expect(keys.flatMap(({ usages }) => usages).sort()).toEqual(['deriveBits', 'sign']);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.content()).not.toContain(words.slice(0, 2).join(' '));
});

test('a browser that cannot keep a key is told so, and what helps', async ({ page }) => {
  await page.addInitScript(() => {
    const { subtle } = crypto;
    const generateKey = subtle.generateKey.bind(subtle);
    Object.defineProperty(subtle, 'generateKey', {
      value: (algorithm: unknown, ...rest: [boolean, KeyUsage[]]) =>
        (algorithm as Algorithm).name === 'Ed25519'
          ? Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
          : generateKey(algorithm as AlgorithmIdentifier, ...rest),
    });
  });
  for (const address of ['/sign-up', '/sign-in']) {
    await open(page, address);
    await expect(page.getByText('This browser cannot sign in here')).toBeVisible();
    await expect(page.getByText(/current Chrome, Edge, Firefox or Safari/)).toBeVisible();
  }
});

test('each step is accessible and fits every screen', async ({ page }) => {
  await open(page, '/sign-up');
  await expectFineInEveryLook(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('At least 3 characters')).toBeVisible();
  await expectFineInEveryLook(page);
  await page.getByLabel('Handle').fill(newHandle('looker'));
  await page.getByRole('button', { name: 'Continue' }).click();
  await readWords(page);
  await expectFineInEveryLook(page);
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page.getByText('Type this word').first()).toBeVisible();
  await expectFineInEveryLook(page);
});
