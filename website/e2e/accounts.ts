import { randomBytes } from 'node:crypto';
import { expect, type Locator, type Page } from '@playwright/test';
import { open } from './harness.ts';

/** A handle that no other test has. */
export const newHandle = (prefix: string): string => `${prefix}-${randomBytes(5).toString('hex')}`;

/** The words on the page that shows a recovery phrase. */
export async function readWords(page: Page): Promise<string[]> {
  const list = page.getByRole('list', { name: 'Your recovery phrase' });
  await list.waitFor();
  const items = await list.getByRole('listitem').allInnerTexts();
  return items.map((item) => item.replace(/[^a-z]/g, ''));
}

/** Types the words that are asked for into the page that asks. */
export async function typeBack(page: Page, words: readonly string[]): Promise<void> {
  const inputs = await page.getByLabel(/^Word \d+$/).all();
  for (const input of inputs) {
    const label = await page.locator(`label[for="${await input.getAttribute('id')}"]`).innerText();
    await input.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
  }
}

interface NewAccount {
  handle: string;
  display_name?: string;
  /** Where it leads afterwards. */
  next?: string;
}

/** Makes an account as a person does; answers the words of its recovery phrase. */
export async function signUp(page: Page, account: NewAccount): Promise<string[]> {
  const { next = '/dashboard/account' } = account;
  await open(page, `/sign-up?next=${encodeURIComponent(next)}`);
  const words = await signUpHere(page, account);
  await expect(page).toHaveURL(next);
  return words;
}

/** The same on the page that is open. */
export async function signUpHere(
  page: Page,
  { handle, display_name = '' }: NewAccount,
): Promise<string[]> {
  await page.getByLabel('Handle').fill(handle);
  await page.getByLabel('Display name').fill(display_name);
  await page.getByRole('button', { name: 'Continue' }).click();
  const words = await readWords(page);
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await typeBack(page, words);
  await page.getByRole('button', { name: 'Make my account' }).click();
  return words;
}

/** Signs in with a phrase as a person does. */
export async function signIn(page: Page, phrase: string, next = '/dashboard/account') {
  await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('Recovery phrase').fill(phrase);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(next);
}

/** The account page is open and is this account's. */
export const expectAccountOf = (page: Page, handle: string): Promise<void> =>
  expect(page.getByRole('main').getByText(`@${handle}`, { exact: true })).toBeVisible();

/** A card of the account page, by its title. */
export const cardOf = (page: Page, title: string): Locator =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
