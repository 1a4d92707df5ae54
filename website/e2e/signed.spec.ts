import type { Page } from '@playwright/test';
import { listOffering, rentalIn } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

const MOVES = '**/api/v1/contracts/*/moves';

/** Every live event reaches the page twice: at once, and again when everything is over. */
async function doubleEvents(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const LATER_MS = 600;
    const listen = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (
      this: EventSource,
      type: string,
      listener: EventListener,
    ) {
      listen.call(this, type, (event: Event) => {
        listener(event);
        setTimeout(listener, LATER_MS, event);
      });
    } as typeof listen;
  });
}

/** A request that Grace may accept, and her page of it. */
async function pendingRequest(browser: Parameters<typeof visitor>[0]) {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('pending', parties);
  await doubleEvents(grace.page);
  await openLive(grace.page, `/dashboard/provider/requests/${contract_id}`);
  return { ada, grace };
}

const accepted = (page: Page) => page.locator('[aria-current="step"]').getByText('Accepted');

async function accept(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByRole('button', { name: 'Sign and accept' }).click();
}

async function expectSaidRightly(page: Page): Promise<void> {
  await expect(page.getByText('You accepted the request')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Accept this request?' })).toBeHidden();
  await expect(page.getByText('The contract has moved on')).toHaveCount(0);
}

/** From now on the page notes it when it ever says that nothing was signed. */
const watchWords = (page: Page) =>
  page.evaluate(() => {
    const look = () => {
      if (document.body.innerText.includes('has moved on'))
        document.documentElement.dataset['lied'] = 'yes';
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });

test('a signature that counted is never said not to have, when its news come before its answer', async ({
  browser,
}) => {
  const { ada, grace } = await pendingRequest(browser);
  const { page } = grace;
  await watchWords(page);
  await page.route(MOVES, async (route) => {
    const response = await route.fetch();
    await accepted(page).waitFor();
    await route.fulfill({ response });
  });
  await accept(page);
  await expectSaidRightly(page);
  await expect(page.locator('html')).not.toHaveAttribute('data-lied');
  await Promise.all([ada.close(), grace.close()]);
});

test('a signature that counted is never said not to have, when its answer comes before its news', async ({
  browser,
}) => {
  const { ada, grace } = await pendingRequest(browser);
  await watchWords(grace.page);
  await accept(grace.page);
  await expectSaidRightly(grace.page);
  await expect(accepted(grace.page)).toBeVisible();
  await expect(grace.page.locator('html')).not.toHaveAttribute('data-lied');
  await Promise.all([ada.close(), grace.close()]);
});

test('a signature whose answer was lost is said to have counted, since the log holds it', async ({
  browser,
}) => {
  const { ada, grace } = await pendingRequest(browser);
  const { page } = grace;
  await watchWords(page);
  await page.route(MOVES, async (route) => {
    await route.fetch();
    await accepted(page).waitFor();
    await route.abort();
  });
  await accept(page);
  await expectSaidRightly(page);
  await expect(page.locator('html')).not.toHaveAttribute('data-lied');
  await Promise.all([ada.close(), grace.close()]);
});
