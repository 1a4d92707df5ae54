import { endpoints } from '@berth/shared/endpoints';
import {
  checkIn,
  makeIcp,
  offering,
  profile,
  register,
  reply,
  reputation,
  request,
  transfer,
  type Chain,
} from '../../api/test/icp.ts';
import { startMiniIc, type MiniIc } from '../../api/test/mini-ic/server.ts';
import { makePerson } from '../../api/test/people.ts';
import { move } from '../../api/test/rental.ts';
import type { Berth } from './berth.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { adminOn, visitor, type Visitor } from './people.ts';

/** The phrase of LEDGER.md, with the principal that it has there. */
const PHRASE = `${'abandon '.repeat(11)}about`;
const PRINCIPAL = 'wtaij-eauol-z6qgp-gmi4c-ix5wy-26i2y-tzfab-4szan-wcgvj-nylha-4ae';
const FILE = [
  'Offer Name,Product Type,Unique Internal identifier,Currency,Monthly price,Stock,' +
    'Memory Amount,Datacenter Country,Datacenter City',
  'Quay server,Dedicated,quay-1,EUR,79,3,64 GB,NL,Rotterdam',
].join('\n');

const chain: Chain = makeIcp();
let mini: MiniIc;
let server: Berth;

/** A server that follows this chain. */
test.use({
  server: [
    async ({ playwright: _ }, use) => {
      chain.add(transfer('first'));
      mini = await startMiniIc({ bytes: chain.bytes() });
      const settings = { ICP_CANISTER: mini.canister, ICP_HOST: mini.origin };
      await use({ name: 'icp', settings });
      await mini.close();
    },
    { scope: 'worker' },
  ],
});

test.beforeEach(({ berth }) => {
  server = berth;
});

/** The chain has grown, and all of it is imported. */
async function bring(admin: Visitor): Promise<void> {
  mini.state.bytes = chain.bytes();
  await admin.client.ask(endpoints.icp.run, {});
  const position = async () => (await admin.client.ask(endpoints.icp.sync, {})).cursor?.position;
  await expect.poll(position).toBe(chain.cursor().position);
}

test('an admin runs an import and sees its counts and what was refused and why', async ({
  browser,
}) => {
  const admin = await adminOn(server, browser, 'Harbour Master');
  const { page } = admin;
  await open(page, '/admin/icp');
  await expect(page.getByText('Up to date').first()).toBeVisible();

  chain.add(register(makePerson()), register(makePerson(), 'provider_register', makePerson()));
  mini.state.bytes = chain.bytes();
  await page.getByRole('button', { name: 'Run now' }).click();
  const counts = page.getByRole('region', { name: 'Entries by label' });
  const row = counts.getByRole('row', { name: /ProvRegister/ });
  await expect(row).toContainText('1');
  await expect(page.getByText('Last import: Done, 1 block, 2 entries, 1 refused')).toBeVisible();
  const refused = page.getByRole('region', { name: 'Refused entries' });
  await expect(refused.getByText('Its signature is not that of its key.')).toBeVisible();
  await refused.getByRole('button', { name: /^Show the bytes of entry 1/ }).click();
  const dialog = page.getByRole('dialog', { name: 'ProvRegister, entry 1' });
  await expect(dialog.getByText('Value, 64 bytes')).toBeVisible();
  await expect(
    dialog.getByRole('button', { name: /^[0-9a-f]{128} ?, copy the value/ }),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expectFineInEveryLook(page);

  await page.getByRole('combobox', { name: /^Label/ }).selectOption('DCTokenTransfer');
  await expect(page.getByText('Nothing was refused')).toBeVisible();
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  await expect(
    page.getByRole('row', { name: /Asked for an import of the Internet Computer/ }),
  ).toContainText(`@${admin.client.account.handle}`);
  await expectFineInEveryLook(page);
  await page.getByRole('link', { name: 'Admin', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Admin', level: 1 })).toBeVisible();
  await expectFineInEveryLook(page);
  await admin.close();
});

test('to an account that is no admin the admins’ pages are not there, nor a way to them', async ({
  browser,
}) => {
  const other = await visitor(browser, 'Cook');
  for (const address of ['/admin', '/admin/icp', '/admin/background', '/admin/log']) {
    await open(other.page, address);
    await expect(other.page.getByText('Nothing is moored here')).toBeVisible();
  }
  await other.page.getByRole('button', { name: 'Your account' }).click();
  await expect(other.page.getByRole('menuitem', { name: 'Account' })).toBeVisible();
  await expect(other.page.getByRole('menuitem', { name: 'Admin' })).toHaveCount(0);
  await other.close();
});

test('another chain in the same place is refused loudly, and changes nothing', async ({
  browser,
}) => {
  const admin = await adminOn(server, browser, 'Pilot');
  const { page } = admin;
  chain.add(transfer('before the fork'));
  await bring(admin);
  const kept = mini.state.bytes;
  const foreign = makeIcp();
  for (let n = 0; n < 30; n += 1) foreign.add(transfer(`foreign ${n}`));
  mini.state.bytes = Buffer.concat([foreign.bytes(), kept]);
  await open(page, '/admin/icp');
  await page.getByRole('button', { name: 'Run now' }).click();
  const alert = page
    .getByRole('alert')
    .filter({ hasText: 'not the Internet Computer that was imported' });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText('Nothing was changed');
  mini.state.bytes = kept;
  await bring(admin);
  await admin.close();
});

test('a renter of the Internet Computer signs in with its phrase and goes on in its contract, up to its credentials', async ({
  browser,
}) => {
  const [admin, grace] = [await adminOn(server, browser, 'Mate'), await visitor(browser, 'Grace')];
  const renter = makePerson(PHRASE);
  chain.add(register(grace.client), profile(grace.client, 'Quay'), offering(grace.client, FILE));
  const asked = request(renter, grace.client, { offering_id: 'quay-1', memo: 'From the chain.' });
  chain.add(asked.entry);
  chain.add(reply(grace.client, asked, true));
  await bring(admin);
  const { contract_id } = asked;

  const context = await browser.newContext();
  const page = await context.newPage();
  await test.step('finishes the account that the Internet Computer brought', async () => {
    await open(page, '/sign-in');
    await page.getByLabel('Recovery phrase').fill(PHRASE);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(
      page.getByRole('heading', { name: 'The Internet Computer knows you' }),
    ).toBeVisible();
    await expect(page.getByLabel('Handle')).toHaveValue(/^wtaij-/);
    await expectFineInEveryLook(page);
    await page.getByLabel('Handle').fill('old-sailor');
    await page.getByRole('button', { name: 'Finish my account' }).click();
    await expect(page).toHaveURL('/dashboard');
    await open(page, '/dashboard/account');
    await expect(page.getByText(PRINCIPAL).first()).toBeVisible();
  });

  await test.step('finds its contract, marked, with a log that verifies', async () => {
    await open(page, '/dashboard/rentals');
    const row = page.getByRole('row', { name: /Quay server/ });
    await expect(row.getByText('On chain', { exact: true })).toBeVisible();
    await page.setViewportSize({ width: 390, height: 900 });
    const item = page.getByRole('listitem').filter({ hasText: 'Quay server' });
    await expect(item.getByText('On chain', { exact: true })).toBeVisible();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('link', { name: 'Quay server' }).first().click();
    await expect(page).toHaveURL(`/dashboard/rentals/${contract_id}`);
    await expect(page.getByText('On chain').first()).toBeVisible();
    await expect(page.getByText('From the chain.')).toBeVisible();
    await page.getByRole('button', { name: 'Verify this log' }).click();
    await expect(page.getByText('The log verifies')).toBeVisible();
    await page.getByText('What was checked').click();
    await expect(page.getByText('signed there by who it names')).toBeVisible();
    await expectFineInEveryLook(page);
  });

  await test.step('opens the credentials that the provider sealed', async () => {
    await move(grace.client, contract_id, 'start_provisioning');
    await move(grace.client, contract_id, 'mark_provisioned');
    await open(page, `/dashboard/rentals/${contract_id}`);
    await page.getByRole('button', { name: 'Open credentials' }).first().click();
    await page.getByRole('button', { name: 'Sign and open' }).click();
    await expect(page.getByRole('dialog', { name: 'Your credentials' })).toBeVisible();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Verify this log' }).click();
    await expect(page.getByText('The log verifies')).toBeVisible();
  });

  await Promise.all([admin.close(), grace.close(), context.close()]);
});

test('anybody sees what the Internet Computer says of a provider, and in which block its offering stands', async ({
  page,
  browser,
}) => {
  const [admin, quay] = [await adminOn(server, browser, 'Purser'), await visitor(browser, 'Quay')];
  chain.add(register(quay.client), offering(quay.client, FILE));
  chain.add(checkIn(quay.client), reputation([quay.client, 12n]));
  await bring(admin);
  await open(page, `/providers/${quay.client.account.handle}`);
  const card = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'On chain' }) });
  await expect(card.getByText('1 day', { exact: true })).toBeVisible();
  await expect(card.getByText('12', { exact: true })).toBeVisible();
  await expect(card.getByText('20 Nov 2025', { exact: true })).toBeVisible();
  await expectFineInEveryLook(page);
  await page.getByRole('link', { name: 'Quay server' }).click();
  await expect(page.getByText('block at byte')).toBeVisible();
  const { handle } = quay.client.account;
  await open(page, `/marketplace?q=provider:${handle}&view=table`);
  const found = page.getByRole('row', { name: /Quay server/ });
  await expect(found.getByText('On chain', { exact: true })).toBeVisible();
  await open(quay.page, '/dashboard/provider/offerings');
  const own = quay.page.getByRole('row', { name: /Quay server/ });
  await expect(own.getByText('On chain', { exact: true })).toBeVisible();
  await Promise.all([admin.close(), quay.close()]);
});
