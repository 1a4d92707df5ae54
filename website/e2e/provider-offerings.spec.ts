import { endpoints } from '@berth/shared/endpoints';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { someOffering, listOffering, requestRental, viewOf } from '../../api/test/rental.ts';
import { expect, expectAccessible, open, test } from './harness.ts';
import { expectFineInEveryLook, expectFitsEveryWidth } from './looks.ts';
import { openLive, resetStream, visitor, type Visitor } from './people.ts';

const list = '/dashboard/provider/offerings';

/** Changes one field as somebody else at another desk would. */
async function changeElsewhere(
  { client }: Visitor,
  { id }: OfferingView,
  changes: Record<string, unknown>,
): Promise<void> {
  const params = { offering_id: id };
  const now = await client.ask(endpoints.offerings.getOwn, { params });
  const names = Object.keys(someOffering) as (keyof typeof someOffering)[];
  const offering = Object.fromEntries(names.map((name) => [name, now[name]]));
  const body = { version: now.version, offering: { ...offering, ...changes } as typeof now };
  await client.ask(endpoints.offerings.change, { params, body });
}

test('an offering is written, previewed, listed, and stands in the marketplace', async ({
  browser,
  page: stranger,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, list);
  await expect(page.getByText('Nothing to rent out yet')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'New offering' }).first().click();
  await page.getByLabel('Virtual server').check();
  await page.getByLabel('Title').fill('Quiet VM in Bergen');
  await page.getByLabel('vCPUs').fill('8');
  await page.getByLabel('Memory', { exact: true }).fill('32');
  await page.getByLabel('Country').selectOption({ label: 'Norway' });
  await page.getByLabel('City').fill('Bergen');
  await page.getByLabel('Price', { exact: true }).fill('36');
  await page.getByLabel('Unit').selectOption({ label: 'per month' });
  const preview = page.getByRole('complementary', { name: 'Preview' });
  await expect(preview).toContainText('Quiet VM in Bergen');
  await expect(preview).toContainText('8 vCPU');
  await expect(preview).toContainText('$0.05');
  await expect(preview).toContainText('$36.00 / month');
  await page.getByRole('button', { name: 'Save and list' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Quiet VM in Bergen');
  await expect(page.getByText('Saved. It can be rented.')).toBeVisible();
  await open(stranger, '/marketplace?q=Quiet+Bergen');
  await expect(stranger.getByRole('article')).toContainText('$36.00 for 1 month');
  await open(page, list);
  await expect(page.getByRole('link', { name: /Listed 1/ })).toBeVisible();
  await grace.close();
});

test('mistakes are named in their place, and the first has the focus', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, `${list}/new`);
  await page.getByLabel('Price', { exact: true }).fill('cheap');
  await page.getByLabel('Price', { exact: true }).blur();
  await expect(page.getByText('An amount such as 2.50')).toBeVisible();
  await expect(page.getByText('At least 3 characters')).toBeHidden();
  await page.getByLabel('Price', { exact: true }).fill('2.5');
  await expect(page.getByText('An amount such as 2.50')).toBeHidden();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByLabel('Title')).toBeFocused();
  await expect(page.getByText('At least 3 characters')).toBeVisible();
  await expect(page.getByText('Say which GPU it is')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Title').fill('Better');
  await expect(page.getByText('At least 3 characters')).toBeHidden();
  await grace.close();
});

test('what only the server knows is shown at its field too, and stays when the page is loaded again', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  await listOffering(grace.client, { reference: 'shelf-1' });
  const other = await listOffering(grace.client, { reference: 'shelf-2' });
  const { page } = grace;
  await page.route('**/api/v1/stream', (route) => route.abort());
  await open(page, `${list}/${other.id}`);
  await page.getByLabel('Your reference').fill('shelf-1');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const refusal = page.getByText('Another of your offerings has this reference');
  await expect(refusal).toBeVisible();
  await expect(page.getByLabel('Your reference')).toBeFocused();
  // The bell shows that what another window tells of is loaded.
  await requestRental(ada.client, await listOffering(grace.client));
  const unread = async () => (await grace.client.ask(endpoints.notices.list, { query: {} })).unread;
  await expect.poll(unread).toBe(1);
  await page.evaluate(() => new BroadcastChannel('berth stream').postMessage('reset'));
  await expect(page.getByRole('button', { name: 'Notices, 1 unread' })).toBeVisible();
  await expect(refusal).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('an edit is kept when somebody else saves first, and shows what is different', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'Before', city: 'Oslo', stock: 4 });
  const { page } = grace;
  // News would show the change before the save does.
  await page.route('**/api/v1/stream', (route) => route.abort());
  await open(page, `${list}/${offering.id}`);
  await page.getByLabel('Title').fill('What I wrote');
  await page.getByLabel('City').fill('Bergen');
  await changeElsewhere(grace, offering, { city: 'Tromsø', stock: 2 });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const notice = page.getByRole('status').filter({ hasText: 'It was changed in the meantime' });
  await expect(notice).toContainText('Stock');
  await expect(notice).toContainText('Tromsø');
  await expect(page.getByLabel('Title')).toHaveValue('What I wrote');
  await expect(page.getByLabel('City')).toHaveValue('Bergen');
  await expect(page.getByLabel('Stock')).toHaveValue('2');
  await expectAccessible(page);
  await notice.getByRole('button', { name: 'Take Tromsø' }).click();
  await expect(page.getByLabel('City')).toHaveValue('Tromsø');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What I wrote');
  const now = await grace.client.ask(endpoints.offerings.getOwn, {
    params: { offering_id: offering.id },
  });
  expect(now).toMatchObject({ title: 'What I wrote', city: 'Tromsø', stock: 2 });
  await grace.close();
});

test('an edit that has begun shows by itself what somebody else has saved', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'Before', city: 'Oslo', stock: 4 });
  const { page } = grace;
  await openLive(page, `${list}/${offering.id}`);
  await page.getByLabel('Title').fill('What I wrote');
  await changeElsewhere(grace, offering, { city: 'Tromsø' });
  await expect(page.getByLabel('City')).toHaveValue('Tromsø');
  await expect(page.getByText('It was changed in the meantime')).toBeVisible();
  await expect(page.getByLabel('Title')).toHaveValue('What I wrote');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What I wrote');
  await grace.close();
});

test('an edit stays, and nothing is asked, where news find that the session has ended', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  const { id } = await listOffering(grace.client, { title: 'Kept as it was' });
  await openLive(page, `${list}/${id}`);
  await page.getByLabel('Title').fill('Edited meanwhile');
  await page.context().clearCookies();
  const renewed = page.waitForResponse('**/api/v1/sessions');
  await resetStream(page);
  expect((await renewed).status()).toBe(200);
  await expect(page.getByLabel('Title')).toHaveValue('Edited meanwhile');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Edited meanwhile');
  await grace.close();
});

test('leaving unsaved edits asks first', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  const offering = await listOffering(grace.client, { title: 'Stays' });
  const { page } = grace;
  await open(page, `${list}/${offering.id}`);
  await page.getByLabel('Title').fill('Not saved');
  await page.getByRole('main').locator('header').getByRole('link', { name: 'Offerings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByLabel('Title')).toHaveValue('Not saved');
  await page.getByRole('button', { name: 'Undo edits' }).click();
  await page.getByRole('main').locator('header').getByRole('link', { name: 'Offerings' }).click();
  await expect(page).toHaveURL(list);
  await expect(page.getByRole('link', { name: 'Stays' })).toBeVisible();
  await grace.close();
});

test('an offering is paused and back, duplicated, archived and restored', async ({ browser }) => {
  const grace = await visitor(browser, 'Grace');
  await listOffering(grace.client, { title: 'Moves a lot' });
  const { page } = grace;
  await open(page, list);
  const press = async (action: string) => {
    await page.getByRole('button', { name: 'Actions for Moves a lot' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const row = page.getByRole('row').filter({ hasText: 'Moves a lot' });
  await press('Pause');
  await expect(row).toContainText('Paused');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('Listed');
  await press('Archive');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await expect(row).toContainText('Listed');
  await press('Archive');
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
  await expect(row).toContainText('Archived');
  await press('Restore as draft');
  await expect(row).toContainText('Draft');
  await press('Duplicate');
  await expect(page.getByText('Duplicated as a draft')).toBeVisible();
  await expect(page.getByLabel('Title')).toHaveValue('Moves a lot');
  await openLive(page, `${list}?state=draft`);
  await expect(row).toHaveCount(2);
  // News come while the answer to what was typed is on its way.
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  await page.route(/__data\.json.*[?&]q=/, async (route) => {
    ask();
    await told;
    await route.continue();
  });
  const search = page.getByRole('searchbox', { name: 'Search your offerings' });
  await search.fill('nothing like it');
  await asked;
  await listOffering(grace.client, { title: 'Brings news' });
  await expect(page.getByRole('link', { name: /Listed 1/ })).toBeVisible();
  await expect(search).toHaveValue('nothing like it');
  tell();
  await expect(page.getByText('None of your offerings')).toBeVisible();
  await grace.close();
});

test('a rented unit does not stand in the way of pausing', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'Busy' });
  const { page } = grace;
  await open(page, list);
  await requestRental(ada.client, offering);
  await page.getByRole('button', { name: 'Actions for Busy' }).click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Busy' })).toContainText('Paused');
  await Promise.all([ada.close(), grace.close()]);
});

test('a rule that is signed here accepts at once, until it is withdrawn', async ({ browser }) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client, { title: 'Answers itself' });
  const { page } = grace;
  await open(page, `${list}/${offering.id}`);
  await page.getByLabel('Requests of up to').fill('2000');
  await page.getByRole('button', { name: 'Sign the rule' }).click();
  await expect(page.getByText('At most 720 hours')).toBeVisible();
  await page.getByLabel('Requests of up to').fill('48');
  await page.getByRole('button', { name: 'Sign the rule' }).click();
  await expect(page.getByText(/Requests of up to 2 days are accepted/)).toBeVisible();
  await open(ada.page, `/offerings/${offering.id}`);
  await expect(ada.page.getByRole('main')).toContainText('Instant');

  const short = await requestRental(ada.client, offering, { hours: 48 });
  expect((await viewOf(ada.client, short.contract_id)).state).toBe('accepted');
  const long = await requestRental(ada.client, offering, { hours: 49 });
  expect((await viewOf(ada.client, long.contract_id)).state).toBe('pending');

  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText(/are accepted as they come/)).toBeHidden();
  const after = await requestRental(ada.client, offering, { hours: 1 });
  expect((await viewOf(ada.client, after.contract_id)).state).toBe('pending');
  await Promise.all([ada.close(), grace.close()]);
});

test('the list of one’s offerings fits every width, and is accessible between phone and desk', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  const title = 'A machine with a name that says all that there is to say';
  const price = { price_e9s: 12_345_670_000_000n, unit: 'month', currency: 'CHF' } as const;
  await listOffering(grace.client, { title, visibility: 'unlisted', stock: 1_000, ...price });
  await open(page, list);
  await expectFitsEveryWidth(page);
  await page.setViewportSize({ width: 768, height: 900 });
  await expectAccessible(page);
  await grace.close();
});

test('a provider reads an offering’s history: each move as it happens, and the first ones', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  const offering = await listOffering(grace.client, { title: 'Well known' });
  for (const stock of [11, 12, 13, 14, 15, 16, 17, 18, 19]) {
    await changeElsewhere(grace, offering, { stock });
  }
  await openLive(page, `${list}/${offering.id}`);
  const history = page.getByRole('list', { name: 'History' });
  await expect(history.getByRole('listitem')).toHaveCount(10);
  await expect(history.getByRole('listitem').first()).toContainText('changed it');
  await expect(history.getByRole('listitem').first()).toContainText('Changed: stock');
  await page.getByRole('button', { name: 'Show earlier entries' }).click();
  await expect(history.getByRole('listitem').last()).toContainText('made it');
  await page.getByRole('button', { name: 'Actions for Well known' }).click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  await expect(history.getByRole('listitem').first()).toContainText('paused it');
  await expect(history.getByRole('listitem')).toHaveCount(12);
  await grace.close();
});

test('a provider’s offerings are accessible and fit, on phone and desk, light and dark', async ({
  browser,
}) => {
  const grace = await visitor(browser, 'Grace');
  const { page } = grace;
  await open(page, list);
  await expectFineInEveryLook(page);
  const offering = await listOffering(grace.client, { title: 'T'.repeat(100) });
  for (const address of [list, `${list}/new`, `${list}/import`, `${list}/${offering.id}`]) {
    await open(page, address);
    await expectFineInEveryLook(page);
  }
  await grace.close();
});
