import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { listOffering, requestRental } from '../../api/test/rental.ts';
import { renew } from '../../api/test/people.ts';
import { expect, test } from './harness.ts';
import { openLive, visitor } from './people.ts';

const MINUTE_MS = 60_000;
/** A server of its own, since its clock runs away from everybody else's. */
const port = Number(process.env['E2E_PORT'] ?? 4310) + 2;
const baseURL = `http://127.0.0.1:${port}`;
let server: ChildProcess;

const forward = (minutes: number) =>
  fetch(`http://127.0.0.1:${port + 1}/${minutes * MINUTE_MS}`, { method: 'POST' });

test.beforeAll(async () => {
  const env = { ...process.env, PORT: String(port) };
  server = spawn('node', ['e2e/server.ts'], { stdio: ['ignore', 'inherit', 'inherit'], env });
  const isReady = async () => (await fetch(`${baseURL}/api/v1/health/ready`)).status;
  await expect(async () => expect(await isReady()).toBe(200)).toPass();
});

test.afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
});

test('a request that nobody answers expires by itself, in time', async ({ browser }) => {
  const ada = await visitor(browser, 'Ada', { baseURL });
  const grace = await visitor(browser, 'Grace', { baseURL });
  const offering = await listOffering(grace.client, { response_hours: 1 });
  const { contract_id } = await requestRental(ada.client, offering);

  // A session lasts an hour, so it is renewed on the way as an open page would do.
  await forward(50);
  await renew(ada.client);
  await openLive(ada.page, `/dashboard/rentals/${contract_id}`);
  await expect(ada.page.getByTestId('due')).toContainText('then it expires');

  await forward(11);
  await expect(ada.page.locator('[aria-current="step"]')).toContainText('Expired');
  await expect(ada.page.getByText('The provider did not answer in time').first()).toBeVisible();
  await Promise.all([ada.close(), grace.close()]);
});
