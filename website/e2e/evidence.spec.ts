import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HoldView } from '@berth/shared/offerings/hold';
import type { Evidence } from '@berth/shared/signing/evidence';
import { listOffering, rentalIn, viewOf } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
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

/** Changes rows of a server's database behind its back. */
function change(data_dir: string, statements: readonly string[], contract_id: string): void {
  const database = new DatabaseSync(join(data_dir, 'berth.db'));
  for (const statement of statements) database.prepare(statement).run(contract_id);
  database.close();
}

test('a changed database row is shown in red beside what was signed, and gives no command to copy', async ({
  browser,
  berth,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { price_e9s: 20_000_000_000n });
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('active', parties);
  const { page } = ada;
  const main = page.getByRole('main');
  const address = `/dashboard/rentals/${contract_id}`;
  await open(page, address);
  await expect(main.getByText('The log verifies')).toBeVisible();
  await expect(main.getByRole('button', { name: /copy the command/ })).toBeVisible();

  change(
    berth.data_dir,
    [
      "UPDATE contract_provisioning_details SET address = 'evil.example.net' WHERE contract_id = ?",
      'UPDATE contract_sign_requests SET total_e9s = 999000000000 WHERE contract_id = ?',
    ],
    contract_id,
  );
  await open(page, address);
  const evidence = main.getByRole('alert').filter({ hasText: 'does not show what was signed' });
  await expect(evidence.getByRole('listitem')).toHaveText([
    'Total: the page shows 999 USD, the signed log says 485 USD.',
    'Address: the page shows evil.example.net, the signed log says node7.example.net.',
  ]);
  await expect(main.getByText('The log verifies', { exact: true })).toHaveCount(0);
  const shown = (label: string) =>
    main
      .getByRole('definition')
      .filter({ hasText: 'The signed log says' })
      .filter({ hasText: label });
  await expect(shown('evil.example.net')).toContainText('node7.example.net');
  await expect(shown('999')).toContainText('485');
  await expect(main.getByText('Do not connect to this')).toBeVisible();
  await expect(main.getByRole('button', { name: /copy the (command|address)/ })).toHaveCount(0);
  await main.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByText('Nothing can be signed here')).toBeVisible();
  await expectFineInEveryLook(page);
  await Promise.all([ada.close(), grace.close()]);
});

test('credentials are not opened while nothing shows that the provider sent them', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('provisioned', parties);
  const { page } = ada;
  // A service that does not show the log, so that nobody can tell who sealed what it sends.
  const evidence = '**/evidence';
  await page.route(evidence, (route) => route.fulfill({ status: 503, json: {} }));
  await open(page, `/dashboard/rentals/${contract_id}`);
  await page.getByRole('button', { name: 'Open credentials' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Sign and open' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The credentials were not opened');
  expect((await viewOf(ada.client, contract_id)).state).toBe('provisioned');
  await page.unroute(evidence);
  await dialog.getByRole('button', { name: 'Sign and open' }).click();
  await expect(dialog.getByText('Opened in this browser')).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('nothing is signed when the terms that are shown are not those whose hash the server names', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { price_e9s: 20_000_000_000n });
  const { page } = ada;
  let sent = 0;
  page.on('request', (ask) => {
    if (ask.method() === 'POST' && ask.url().endsWith('/api/v1/contracts')) sent += 1;
  });
  // A server that lies: the hash of dear terms under cheap ones.
  await page.route(`**/offerings/${offering.id}/holds`, async (route) => {
    const reply = await route.fetch();
    const hold = (await reply.json()) as HoldView;
    const terms = { ...hold.terms, price_e9s: '1000000000' };
    await route.fulfill({ response: reply, json: { ...hold, terms } });
  });
  await open(page, `/offerings/${offering.id}`);
  await page.getByRole('button', { name: 'Rent Resource' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('one unit are yours');
  await dialog.getByLabel('SSH key').selectOption('No SSH key');
  await dialog.getByRole('button', { name: /^Continue/ }).click();
  await dialog.getByRole('button', { name: /^Sign and request/ }).click();
  await expect(dialog).toContainText('The terms shown are not the terms that would be signed');
  expect(sent).toBe(0);
  await Promise.all([ada.close(), grace.close()]);
});
