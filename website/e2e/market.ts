import type { Page } from '@playwright/test';
import { newHandle } from './accounts.ts';

/** A word that only this test's offerings have, so that it finds them alone. */
export const newWord = (): string => newHandle('word').replace('-', '');

export const resultsOf = (page: Page) => page.getByRole('region', { name: 'Results' });
export const titlesOn = (page: Page) => resultsOf(page).getByRole('article').getByRole('heading');
export const statusOf = (page: Page) => resultsOf(page).getByRole('status');
export const boxOf = (page: Page) => page.getByRole('combobox', { name: 'Search the marketplace' });
export const hoursOf = (page: Page) => page.getByLabel('How long you need it');
