import { expect, test as base, type Page } from '@playwright/test';
import axe from 'axe-core';
import { startBerth, type Berth } from './berth.ts';

const A11Y_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Collects what no page of ours may do; every page of every context is watched. */
function watch(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`error on ${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser logs every refused call and every error page; a test that provokes one checks
    // what is shown. A missing script, style or picture stays a fault.
    const { url } = message.location();
    const isExpected = url.includes('/api/v1/') || url === page.url();
    if (isExpected && message.text().startsWith('Failed to load resource')) return;
    faults.push(`console ${message.type()} on ${page.url()}: ${message.text()}`);
  });
}

/** What makes a server another one than that of most tests. */
interface Server {
  /** Files that give the same name and settings may share it. */
  name: string;
  settings: Record<string, string>;
}

interface OfWorker {
  server: Server;
  berth: Berth;
}

/**
 * Gives each worker a server of its own, and a file that asks for another one too, by
 * `test.use({ server })`. Fails a test on any console error, warning, uncaught error or violation
 * of the policy.
 */
export const test = base.extend<{ faults: string[] }, OfWorker>({
  server: [
    { name: 'of most tests', settings: {} },
    { scope: 'worker', option: true },
  ],
  berth: [
    async ({ server }, use) => {
      const berth = await startBerth(server.settings);
      await use(berth);
      await berth.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: ({ berth }, use) => use(berth.origin),
  faults: [
    async ({ browser, context }, use) => {
      const faults: string[] = [];
      const onPage = (page: Page) => watch(page, faults);
      context.on('page', onPage);
      const makeContext = browser.newContext.bind(browser);
      browser.newContext = async (options) => {
        const other = await makeContext(options);
        other.on('page', onPage);
        return other;
      };
      await use(faults);
      browser.newContext = makeContext;
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens a page and waits until it answers to presses. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('html[data-awake]').waitFor({ state: 'attached' });
}

/** Waits until what moves stands still: a dialog that fades in is hard to read until then. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ends = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });
}

/** Nothing that axe knows of is wrong with the page as it is once it stands still. */
export const expectAccessible = (page: Page): Promise<void> => expectNoViolations(page, A11Y_TAGS);

/** Every text stands out from what is behind it: all that other colours can change. */
export const expectContrast = (page: Page): Promise<void> =>
  expectNoViolations(page, ['color-contrast']);

/**
 * Runs rules of axe, by their tags or names. It is loaded once a page, and asked for what is wrong
 * alone. What a frame shows is looked at as a page of its own: ours run no script.
 */
async function expectNoViolations(page: Page, rules: string[]): Promise<void> {
  await settle(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  expect(await page.evaluate(findViolations, rules)).toEqual([]);
}

/** Runs in the page. */
async function findViolations(rules: string[]): Promise<string[]> {
  const { axe: loaded } = window as unknown as { axe: typeof axe };
  const asked = { runOnly: rules, resultTypes: ['violations' as const], iframes: false };
  const { violations } = await loaded.run(document, asked);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** Neither the page scrolls sideways nor a `Table`, whose rows are cards where it has no room. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const tables = document.querySelectorAll('[class*="rows-as-cards"], .results');
    return [document.documentElement, ...tables]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map((box) => `${box.ariaLabel ?? 'the page'} at ${window.innerWidth} px`);
  });
  expect(wide).toEqual([]);
}
