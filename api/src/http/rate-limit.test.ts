import { afterAll, expect, test } from 'vitest';
import { service } from '@berth/shared/service/endpoints';
import { makeTestApp } from '../../test/harness.ts';
import { fixedClock } from '../lib/clock.ts';
import { makeLimiter, networkOf, policies } from './rate-limit.ts';

const berth = await makeTestApp({ config: { rate_limits: true } });
afterAll(() => berth.close());

test('answers say what is left, and beyond it when to come back', async () => {
  const { quota, window_s } = policies.default;
  const first = await berth.call(service.about, {});
  expect(first.headers).toMatchObject({
    'ratelimit-policy': `"default";q=${quota};w=${window_s}`,
    ratelimit: `"default";r=${quota - 1};t=${window_s}`,
  });
  for (let used = 1; used < quota; used++) await berth.call(service.about, {});
  berth.clock.advance(10_000);
  const beyond = await berth.call(service.about, {});
  expect(beyond.problem).toMatchObject({ status: 429, code: 'rate_limit.exceeded' });
  expect(beyond.headers).toMatchObject({
    ratelimit: `"default";r=0;t=${window_s - 10}`,
    'retry-after': String(window_s - 10),
  });
  berth.clock.advance((window_s - 10) * 1000);
  expect((await berth.call(service.about, {})).status).toBe(200);
});

test('each policy and each visitor is counted apart', () => {
  const limiter = makeLimiter(fixedClock());
  expect(limiter.take('sign_in', 'a').left).toBe(policies.sign_in.quota - 1);
  expect(limiter.take('sign_in', 'a').left).toBe(policies.sign_in.quota - 2);
  expect(limiter.take('sign_in', 'b').left).toBe(policies.sign_in.quota - 1);
  expect(limiter.take('request', 'a').left).toBe(policies.request.quota - 1);
});

test('an IPv6 visitor is its /64, however it is written', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(networkOf('2001:db8::6')).toBe('2001:db8:0:0');
  expect(networkOf('::1')).toBe('0:0:0:0');
});
