import { readFile } from 'node:fs/promises';
import type { Evidence } from '@berth/shared/signing/evidence';
import { listOffering, rentalIn } from '../../api/test/rental.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

test('the browser verifies a log by itself, and finds where a tampered one breaks', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('active', parties);
  const { page } = ada;
  await openLive(page, `/dashboard/rentals/${contract_id}`);
  const log = page.getByRole('list', { name: 'Log' });
  const entries = await log.getByRole('listitem').count();

  await page.getByRole('button', { name: 'Verify this log' }).click();
  await expect(page.getByText('The log verifies')).toBeVisible();
  await expect(log.getByText('Verified', { exact: true })).toHaveCount(entries);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the evidence' }).click();
  const file = await (await download).path();
  const evidence = JSON.parse(await readFile(file, 'utf8')) as Evidence;
  expect(evidence.entries).toHaveLength(entries);

  // A server that lies: the same log, with the acceptance dated a minute earlier.
  const { entries: signed } = evidence;
  const at = signed.findIndex(({ statement }) => statement.action === 'accept');
  const tampered = structuredClone(evidence);
  const { statement } = tampered.entries[at] ?? {};
  if (statement) statement.at = new Date(Date.parse(statement.at) - 60_000).toISOString();
  await page.route('**/evidence', (route) => route.fulfill({ json: tampered }));
  await page.getByRole('button', { name: 'Verify this log' }).click();
  await expect(page.getByText('This log does not verify')).toBeVisible();
  await expect(page.getByText(`It breaks at entry ${at}`)).toBeVisible();
  await expect(log.getByText('Does not verify')).toHaveCount(1);
  await expect(log.getByText('Verified', { exact: true })).toHaveCount(at);

  // A log that was cut at its end verifies by itself, so the page compares its head.
  const cut = { ...evidence, entries: signed.slice(0, -1) };
  await page.unroute('**/evidence');
  await page.route('**/evidence', (route) => route.fulfill({ json: cut }));
  await page.getByRole('button', { name: 'Verify this log' }).click();
  await expect(page.getByText('It ends with another entry')).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});
