import type { Page } from '@playwright/test';
import { accounts } from '@berth/shared/accounts/endpoints';
import type { Answer } from '@berth/shared/endpoint';
import type { endpoints } from '@berth/shared/endpoints';
import { keyEventText, type KeyEvent } from '@berth/shared/signing/key-events';
import { encryptionEvent, linkEvent } from '../../api/test/key-events.ts';
import { makePerson } from '../../api/test/people.ts';
import { listOffering, move, rentalIn, viewOf } from '../../api/test/rental.ts';
import { expect, open, test } from './harness.ts';
import { visitor } from './people.ts';

type Proof = Answer<typeof endpoints.contracts.recipient>;

const liar = makePerson();
const said = { encryption_key: liar.encryption_key };

/** What a server would answer that wants to read what is sealed. */
const lies: [string, (proof: Proof) => Proof, RegExp][] = [
  [
    'its own encryption key in the renter’s event',
    (proof) => ({
      ...proof,
      key_events: proof.key_events.map((event) =>
        event.kind === 'first_encryption_key' ? { ...event, said } : event,
      ),
    }),
    /A signature does not match/,
  ],
  [
    'another renter in the first statement',
    (proof) => {
      const data = { renter: liar.account_key.public_key };
      const entries = proof.entries.map(({ statement, ...rest }) => ({
        ...rest,
        statement: { ...statement, data: { ...statement.data, ...data } },
      }));
      return { ...proof, entries };
    },
    /Nothing was sealed/,
  ],
  [
    'events of an account of its own',
    (proof) => {
      const [made] = proof.key_events;
      const event: KeyEvent = {
        kind: 'first_encryption_key',
        account_id: made?.kind === 'first_encryption_key' ? made.account_id : '',
        by: liar.account_key.public_key,
        said,
        signature: liar.account_key.sign(keyEventText('first_encryption_key', said)),
      };
      return { ...proof, key_events: [event] };
    },
    /not the one that the renter published/,
  ],
];

async function fillIn(page: Page) {
  await page.getByRole('button', { name: 'Post credentials' }).click();
  const dialog = page.getByRole('dialog', { name: 'Post credentials' });
  await dialog.getByLabel('Address').fill('node7.example.net');
  await dialog.getByLabel('User', { exact: true }).fill('root');
  await dialog.getByLabel('Password', { exact: true }).fill('correct horse');
}

test('a server that lies about whom to seal to is refused, and nothing is sent', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const offering = await listOffering(grace.client);
  const parties = { renter: ada.client, provider: grace.client, offering };
  const contract_id = await rentalIn('provisioning', parties);
  const { page } = grace;
  await open(page, `/dashboard/provider/requests/${contract_id}`);
  await fillIn(page);
  const moves: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/moves')) moves.push(request.url());
  });
  for (const [lie, tell, sentence] of lies) {
    await test.step(lie, async () => {
      await page.route('**/recipient', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: tell((await answer.json()) as Proof) });
      });
      await page.getByRole('button', { name: 'Seal, sign and post' }).click();
      const alert = page.getByRole('dialog').getByRole('alert');
      await expect(alert).toContainText('Nothing was sealed');
      await expect(alert).toContainText(sentence);
      await page.unroute('**/recipient');
    });
  }
  expect(moves).toEqual([]);
  await page.getByRole('button', { name: 'Seal, sign and post' }).click();
  await expect(page.getByRole('heading', { name: 'Waiting for Ada' })).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});

test('after another phrase was published, older credentials say which phrase opens them', async ({
  browser,
}) => {
  const [ada, grace] = [await visitor(browser, 'Ada'), await visitor(browser, 'Grace')];
  const { client, page } = ada;
  const offering = await listOffering(grace.client);
  const parties = { renter: client, provider: grace.client, offering };
  const contract_id = await rentalIn('active', parties);
  const spare = makePerson();
  const event = linkEvent(client, spare.account_key);
  await client.ask(accounts.addKey, { body: { label: 'In the safe', event } });
  const published = encryptionEvent(client, spare);
  await client.ask(accounts.publishEncryptionKey, { body: { event: published } });
  await move(grace.client, contract_id, 'rotate_credentials');
  const view = await viewOf(client, contract_id);
  expect(view.details[0]?.recipient_key).toBe(spare.encryption_key);
  await open(page, `/dashboard/rentals/${contract_id}`);
  await page.getByRole('button', { name: 'Open credentials' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: /open$/i }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    'sealed to the phrase “In the safe”',
  );
  await Promise.all([ada.close(), grace.close()]);
});
