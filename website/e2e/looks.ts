import type { Page } from '@playwright/test';
import { expectAccessible, expectContrast, expectNoSidewaysScroll } from './harness.ts';

const HEIGHT = 900;
/** Room for the bars that stay at the edge of a screen. */
const BARS = 200;

/** Nothing is wrong with the page as it is now: light and dark, on a phone and on a desk. */
export async function expectFineInEveryLook(page: Page): Promise<void> {
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: HEIGHT });
    await expectNoSidewaysScroll(page);
    // As high as the page: what a bar covers now, anybody can scroll to.
    const content = await page.evaluate(() => document.documentElement.scrollHeight);
    if (content > HEIGHT) await page.setViewportSize({ width, height: content + BARS });
    await page.emulateMedia({ colorScheme: 'light' });
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectContrast(page);
  }
}

/** Nothing scrolls sideways on any screen from the smallest phone to a desk. */
export async function expectFitsEveryWidth(page: Page): Promise<void> {
  for (const width of [320, 390, 640, 768, 900, 1024, 1280]) {
    await page.setViewportSize({ width, height: HEIGHT });
    await expectNoSidewaysScroll(page);
  }
}
