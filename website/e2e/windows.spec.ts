import type { Page } from '@playwright/test';
import { listOffering, move, requestRental } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

/** More than the connections that a browser opens to one host. */
const WINDOWS = 8;
const HOUR_MS = 3_600_000;

const step = (page: Page) => page.locator('[aria-current="step"]');

test('eight windows of one browser share one stream, which the next takes over when one closes', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const { contract_id } = await requestRental(ada.client, await listOffering(grace.client));
  const context = ada.page.context();
  let streams = 0;
  const loads: Page[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/api/v1/stream') streams += 1;
    if (pathname.endsWith('/__data.json')) loads.push(request.frame().page());
  });
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  const pages = [ada.page];
  while (pages.length < WINDOWS) {
    const page = await context.newPage();
    await open(page, `/dashboard/rentals/${contract_id}`);
    // It asks whether it has missed something; that is no news for the others.
    await expect.poll(() => loads).toContain(page);
    pages.push(page);
  }
  expect(loads).toHaveLength(new Set(loads).size);
  await move(grace.client, contract_id, 'accept');
  for (const page of pages) await expect(step(page)).toContainText('Accepted');
  expect(streams).toBe(1);

  const next = context.waitForEvent('response', (reply) => reply.url().endsWith('/api/v1/stream'));
  await ada.page.close();
  await next;
  await move(grace.client, contract_id, 'start_provisioning');
  for (const page of pages.slice(1)) await expect(step(page)).toContainText('Provisioning');
  expect(streams).toBe(2);
  await Promise.all([ada.close(), grace.close()]);
});

test('what ticks down does so by the server’s clock, and times are the reader’s own with UTC beside', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const ada = await visitor(browser, 'Ada', { timezoneId: 'America/New_York' });
  const offering = await listOffering(grace.client, { response_hours: 12 });
  const { contract_id } = await requestRental(ada.client, offering);
  // This device is three hours behind.
  await ada.page.addInitScript((behind_ms) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - behind_ms;
  }, 3 * HOUR_MS);
  await open(ada.page, `/dashboard/rentals/${contract_id}`);
  const due = ada.page.getByTestId('due');
  await expect(due).toContainText(/^\s*11 h 5\d min/);
  const time = due.locator('time');
  await expect(time).toContainText(/GMT-[45]|E[DS]T/);
  await expect(time).toHaveAttribute('data-tip', /in 1[12] h · .* UTC$/);
  await Promise.all([ada.close(), grace.close()]);
});
