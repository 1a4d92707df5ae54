import { makePhrase } from '@berth/shared/signing/phrase';
import type { Page } from '@playwright/test';
import { cardOf, expectAccountOf, newHandle, signIn, signUp } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { resetStream } from './people.ts';
import { listenTo, readStorage, tracesOf } from './secrets.ts';

const account = '/dashboard/account';
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const submit = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true }).click();

test('the phrase signs in on a second device, in any case and spacing, and stays nowhere', async ({
  page,
  browser,
}) => {
  const handle = newHandle('two-devices');
  const words = await signUp(page, { handle });
  const second = await browser.newContext();
  const there = await second.newPage();
  const sent = listenTo(there);
  await signIn(
    there,
    `\n  ${words.slice(0, 6).join('   ').toUpperCase()}\n${words.slice(6).join('\n')} `,
  );
  await expectAccountOf(there, handle);
  const { text, keys } = await readStorage(there);
  for (const trace of tracesOf(words)) {
    expect(text).not.toContain(trace);
    expect(sent.join('\n')).not.toContain(trace);
  }
  expect(keys.every(({ is_refused }) => is_refused)).toBe(true);
  await page.reload();
  const devices = cardOf(page, 'Devices');
  await expect(devices.getByRole('listitem')).toHaveCount(2);
  await second.close();
});

test('a phrase that is not right is told what is wrong with it', async ({ page }) => {
  await open(page, '/sign-in');
  const phrase = page.getByLabel('Recovery phrase');
  const words = makePhrase().split(' ');
  const tries: [string, RegExp][] = [
    ['', /Type or paste your recovery phrase/],
    [
      [...words.slice(0, 4), 'abandin', ...words.slice(5)].join(' '),
      /Word 5, "abandin", .*"abandon"/,
    ],
    [words.slice(0, 11).join(' '), /12 or 24 words; this has 11 words/],
    [Array.from({ length: 12 }, () => 'abandon').join(' '), /check their order/],
  ];
  for (const [typed, sentence] of tries) {
    await phrase.fill(typed);
    await submit(page);
    await expect(page.getByText(sentence)).toBeVisible();
    await expect(phrase).toHaveAttribute('aria-invalid', 'true');
    await expect(phrase).toBeFocused();
  }
});

test('a good phrase that no account has makes one', async ({ page }) => {
  const handle = newHandle('owner');
  await open(page, `/sign-in?next=${account}`);
  await page.getByLabel('Recovery phrase').fill(makePhrase());
  await submit(page);
  await expect(title(page)).toHaveText('No account has this phrase yet');
  await page.getByLabel('Handle').fill(handle);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page).toHaveURL(account);
  await expectAccountOf(page, handle);
});

test('a phrase of 24 words is as good as one of 12', async ({ page }) => {
  const words = [...Array.from({ length: 23 }, () => 'abandon'), 'art'];
  await open(page, '/sign-in');
  await page.getByLabel('Recovery phrase').fill(words.join(' '));
  await submit(page);
  await expect(title(page)).toHaveText('No account has this phrase yet');
});

test('a browser that is remembered comes back by itself to where it was going', async ({
  page,
  context,
}) => {
  await signUp(page, { handle: newHandle('returner') });
  await context.clearCookies();
  await page.goto(account);
  await expect(title(page)).toHaveText('Account');
  await context.clearCookies();
  await open(page, '/help');
  await expect(page.getByRole('button', { name: 'Your account' })).toBeVisible();
});

test('a remembered browser continues with one press', async ({ page, context }) => {
  await signUp(page, { handle: newHandle('stayer'), display_name: 'Mary' });
  await context.clearCookies();
  await open(page, '/sign-in?next=//elsewhere.example');
  await page.getByRole('button', { name: 'Continue as Mary' }).click();
  await expect(page).toHaveURL('/dashboard');
});

test('signing out leaves nothing in the browser, and its key is never good again', async ({
  page,
  browser,
}) => {
  const words = await signUp(page, { handle: newHandle('guest') });
  await open(page, '/dashboard');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await open(page, `/sign-in?next=${account}`);
  await expect(page.getByLabel('Recovery phrase')).toBeVisible();
  await expect(page.getByRole('button', { name: /Continue as/ })).toHaveCount(0);
  await expect.poll(async () => (await readStorage(page)).keys).toEqual([]);

  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await signIn(there, words.join(' '));
  await expect(cardOf(there, 'Devices').getByRole('listitem')).toHaveCount(1);
  await expect(cardOf(there, 'Open sessions').getByRole('listitem')).toHaveCount(1);
  await elsewhere.close();
});

test('another account takes the place of the one that is remembered only when told to', async ({
  page,
  browser,
}) => {
  const [mine, other] = [newHandle('mine'), newHandle('other')];
  const elsewhere = await browser.newContext();
  const words = await signUp(await elsewhere.newPage(), { handle: other });
  await elsewhere.close();
  await signUp(page, { handle: mine });

  await open(page, '/sign-in');
  await page.getByLabel('Recovery phrase').fill(words.join(' '));
  await submit(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(`This browser remembers @${mine}`);
  await dialog.getByRole('button', { name: `Keep @${mine}` }).click();
  await open(page, account);
  await expectAccountOf(page, mine);

  await open(page, '/sign-in');
  await page.getByLabel('Recovery phrase').fill(words.join(' '));
  await submit(page);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
  await open(page, account);
  await expectAccountOf(page, other);
});

test('a session that ended is renewed without a question, and nothing is lost', async ({
  page,
  context,
}) => {
  await signUp(page, { handle: newHandle('renewer') });
  await context.clearCookies();
  await page.getByLabel('Display name').fill('Renewed');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Your profile is saved')).toBeVisible();
});

test('what is typed stays where news find that the session has ended', async ({
  page,
  context,
}) => {
  await signUp(page, { handle: newHandle('typist') });
  const sessions = '**/api/v1/sessions';
  const held = Promise.withResolvers<undefined>();
  await page.route(sessions, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.getByLabel('Display name').fill('Still here');
  await context.clearCookies();
  const asked = page.waitForRequest(sessions);
  await resetStream(page);
  await asked;
  await expect(page).toHaveURL(account);
  await page.getByLabel('About').fill('Typed meanwhile');
  const renewed = page.waitForResponse(sessions);
  const reloaded = page.waitForResponse(/__data\.json/);
  held.resolve(undefined);
  expect((await renewed).status()).toBe(200);
  expect((await reloaded).status()).toBe(200);
  await expect(page.getByLabel('Display name')).toHaveValue('Still here');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Your profile is saved')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('About')).toHaveValue('Typed meanwhile');
});

test('who cannot be signed in without a question is led to sign-in by the news', async ({
  page,
  context,
}) => {
  await signUp(page, { handle: newHandle('removed') });
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('berth').onsuccess = resolve;
      }),
  );
  await context.clearCookies();
  await resetStream(page);
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(account)}`);
});

test('a public page whose session has ended is signed in again by itself', async ({
  page,
  context,
}) => {
  await signUp(page, { handle: newHandle('passer') });
  await open(page, '/help');
  const own = page.getByRole('button', { name: 'Your account' });
  await expect(own).toBeVisible();
  await context.clearCookies();
  const renewed = page.waitForResponse('**/api/v1/sessions');
  await resetStream(page);
  expect((await renewed).status()).toBe(200);
  await expect(own).toBeVisible();
});

test('a session is renewed before it ends, as long as the page is open', async ({ page }) => {
  await page.clock.install();
  await signUp(page, { handle: newHandle('keeper') });
  const renewed = page.waitForResponse((response) => response.url().endsWith('/api/v1/sessions'));
  await page.clock.fastForward('56:00');
  expect((await renewed).status()).toBe(200);
});

test('a browser that keeps everything but keys is told so before anything is typed', async ({
  page,
}) => {
  // As private windows of WebKit have it.
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (value instanceof CryptoKey) throw new DOMException('No keys here', 'DataCloneError');
      return put.call(this, value, key);
    };
  });
  for (const address of ['/sign-in', '/sign-up']) {
    await open(page, address);
    await expect(page.getByText('This browser cannot sign in here')).toBeVisible();
    await expect(page.getByText(/Leave the private window/)).toBeVisible();
  }
});

test('nobody is signed in whose key was not kept, or whose cookie was not', async ({
  page,
  browser,
}) => {
  const words = await signUp(page, { handle: newHandle('not-kept') });
  const enter = async (there: Page) => {
    await open(there, '/sign-in');
    await there.getByLabel('Recovery phrase').fill(words.join(' '));
    await submit(there);
  };
  const isOut = async (there: Page) => {
    await there.goto(account);
    await expect(there).toHaveURL(/\/sign-in/);
    await expect(there.getByText('Continue as')).toBeHidden();
  };

  // A disk that is full when the key is to be kept.
  const full = await browser.newContext();
  const first = await full.newPage();
  await first.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (key === 'this') throw new DOMException('Full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
  });
  await enter(first);
  await expect(first.getByText(/does not let Berth keep a key/)).toBeVisible();
  await isOut(first);

  const strict = await browser.newContext();
  const second = await strict.newPage();
  await second.route('**/api/v1/sessions', async (route) => {
    const reply = await route.fetch();
    await strict.clearCookies();
    const { 'set-cookie': _, ...headers } = reply.headers();
    await route.fulfill({ response: reply, headers });
  });
  await enter(second);
  await expect(second.getByText(/did not keep the sign-in/)).toBeVisible();
  await isOut(second);
  await Promise.all([full.close(), strict.close()]);
});

test('signing in is accessible and fits every screen', async ({ page, context }) => {
  await open(page, '/sign-in');
  await submit(page);
  await expect(page.getByText(/Type or paste/)).toBeVisible();
  await expectFineInEveryLook(page);
  await page.getByLabel('Recovery phrase').fill(makePhrase());
  await submit(page);
  await expect(title(page)).toHaveText('No account has this phrase yet');
  await expectFineInEveryLook(page);
  await signUp(page, { handle: newHandle('looker') });
  await open(page, '/sign-in');
  await expectFineInEveryLook(page);
  await context.clearCookies();
  await open(page, '/sign-in');
  await expect(page.getByRole('button', { name: /Continue as/ })).toBeVisible();
  await expectFineInEveryLook(page);
});
