import { afterAll, expect, test } from 'vitest';
import { platform } from '@berth/shared/platform/endpoints';
import { makeTestApp } from '../../../test/harness.ts';

const berth = await makeTestApp({ live: true });
const idle = await makeTestApp();
afterAll(() => Promise.all([berth.close(), idle.close()]));

test('a process that answers is live, and ready when it can serve', async () => {
  expect((await berth.call(platform.live, {})).body).toEqual({ status: 'ok' });
  expect((await berth.call(platform.ready, {})).body).toEqual({ status: 'ok' });
});

test('without its worker it is live but not ready', async () => {
  expect((await idle.call(platform.live, {})).status).toBe(200);
  const { status, problem, headers } = await idle.call(platform.ready, {});
  expect([status, problem.detail]).toEqual([503, 'The worker is not running.']);
  expect(headers['retry-after']).toBe('1');
});

test('it says who it is, with the key that signs the moves by system', async () => {
  const { body } = await berth.call(platform.about, {});
  expect(body).toEqual({
    name: 'Berth',
    service_key: berth.deps.serviceKey.public_key,
    now: berth.clock.now(),
    demo: false,
    payments: 'off',
  });
});
