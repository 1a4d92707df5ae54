import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cardOf } from './accounts.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

test.use({ server: { name: 'sends to itself', settings: { WEBHOOK_LOOPBACK: 'on' } } });

test('a webhook is added, tested, fails in sight of its owner, and is replayed', async ({
  browser,
}) => {
  let status = 500;
  const came: string[] = [];
  const receiver = createServer((request, reply) => {
    request.resume().on('end', () => {
      came.push(String(request.headers['webhook-id']));
      reply.writeHead(status).end('noted');
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`;
  const ada = await visitor(browser, 'Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ada;
  const dialog = page.getByRole('dialog');

  await open(page, '/dashboard/webhooks');
  await expect(page.getByText('No webhook yet')).toBeVisible();
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  await dialog.getByLabel('Address').fill('http://10.0.0.1/');
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await expect(dialog.getByText('It must begin with https://')).toBeVisible();
  await dialog.getByLabel('Address').fill(url);
  await expectFineInEveryLook(page);
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await dialog.getByRole('button', { name: 'Copy the secret' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^whsec_/);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('link', { name: url }).click();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  const deliveries = cardOf(page, 'Deliveries');
  await expect(async () => {
    await deliveries.getByRole('button', { name: 'Refresh' }).click();
    await expect(deliveries.getByText(/[1-9]\d* tr(y|ies)/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  status = 200;
  await expect(async () => {
    await deliveries.getByRole('button', { name: 'Refresh' }).click();
    await expect(deliveries.getByText('Delivered')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await deliveries.getByRole('button', { name: 'Show' }).click();
  await expect(deliveries.getByText(/answered 500/)).toBeVisible();
  await expect(deliveries.getByText('webhook.test').first()).toBeVisible();
  await expectFineInEveryLook(page);
  const before = came.length;
  await deliveries.getByRole('button', { name: 'Send again' }).click();
  await expect.poll(() => came.length).toBe(before + 1);
  expect(new Set(came).size).toBe(1);
  await ada.close();
  receiver.close();
});
