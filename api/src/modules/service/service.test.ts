import { afterAll, expect, test } from 'vitest';
import { service } from '@berth/shared/service/endpoints';
import { makeTestApp } from '../../../test/harness.ts';

const berth = await makeTestApp({ live: true });
const idle = await makeTestApp();
afterAll(() => Promise.all([berth.close(), idle.close()]));

test('a process that answers is live, and ready when it can serve', async () => {
  expect((await berth.call(service.live, {})).body).toEqual({ status: 'ok' });
  expect((await berth.call(service.ready, {})).body).toEqual({ status: 'ok' });
});

test('without its worker it is live but not ready', async () => {
  expect((await idle.call(service.live, {})).status).toBe(200);
  const { status, problem, headers } = await idle.call(service.ready, {});
  expect([status, problem.detail]).toEqual([503, 'The worker is not running.']);
  expect(headers['retry-after']).toBe('1');
});

test('it says who it is, with the key that signs the moves by system', async () => {
  const { body } = await berth.call(service.about, {});
  expect(body).toEqual({
    name: 'Berth',
    service_key: berth.deps.serviceKey.public_key,
    now: berth.clock.now(),
    demo: false,
  });
});
