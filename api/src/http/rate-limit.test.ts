import { afterAll, describe, expect, test } from 'vitest';
import { platform } from '@berth/shared/platform/endpoints';
import { makeTestApp, openBeside, testDialect } from '../../test/harness.ts';
import type { Config } from '../config.ts';
import { eraseRateWindows } from '../db/retention.ts';
import { fixedClock } from '../lib/clock.ts';
import { policies } from '@berth/shared/rate-limits';
import { limiterOf, makeLimiter, networkOf, type Tell } from './rate-limit.ts';

const berth = await makeTestApp({ config: { rate_limits: true } });
afterAll(() => berth.close());

test('answers say what is left, and beyond it when to come back', async () => {
  const { quota, window_s } = policies.default;
  const first = await berth.call(platform.about, {});
  expect(first.headers).toMatchObject({
    'ratelimit-policy': `"default";q=${quota};w=${window_s}`,
    ratelimit: `"default";r=${quota - 1};t=${window_s}`,
  });
  for (let used = 1; used < quota; used++) await berth.call(platform.about, {});
  berth.clock.advance(10_000);
  const beyond = await berth.call(platform.about, {});
  expect(beyond.problem).toMatchObject({ status: 429, code: 'rate_limit.exceeded' });
  expect(beyond.headers).toMatchObject({
    ratelimit: `"default";r=0;t=${window_s - 10}`,
    'retry-after': String(window_s - 10),
  });
  berth.clock.advance((window_s - 10) * 1000);
  expect((await berth.call(platform.about, {})).status).toBe(200);
});

test('each policy and each visitor is counted apart', () => {
  const limiter = makeLimiter(fixedClock());
  expect(limiter.take('sign_in', 'a').left).toBe(policies.sign_in.quota - 1);
  expect(limiter.take('sign_in', 'a').left).toBe(policies.sign_in.quota - 2);
  expect(limiter.take('sign_in', 'b').left).toBe(policies.sign_in.quota - 1);
  expect(limiter.take('request', 'a').left).toBe(policies.request.quota - 1);
});

test.runIf(testDialect === 'postgres')('processes on one PostgreSQL keep one limit', async () => {
  const other = await openBeside(berth.where, { clock: berth.clock });
  const [one, two] = [limiterOf(berth.deps), limiterOf(other)];
  const { quota } = policies.request;
  const used = async () => {
    const rows = await berth.deps.db.selectFrom('rate_windows').selectAll().execute();
    return rows.find(({ policy, who }) => policy === 'request' && who === 'ann')?.used;
  };
  for (let asked = 0; asked < quota / 2; asked++) one.take('request', 'ann');
  await expect.poll(used).toBeGreaterThanOrEqual(quota / 10);
  await expect.poll(() => one.take('request', 'ann').left).toBeLessThan(0);
  await expect.poll(used).toBeGreaterThan(quota / 2);
  for (let asked = 0; asked < quota / 10; asked++) two.take('request', 'ann');
  // It would have four fifths left of its own.
  await expect.poll(() => two.take('request', 'ann').left).toBeLessThan(quota / 2);
  berth.clock.advance(policies.request.window_s * 1_000);
  const erase = () => eraseRateWindows(berth.deps.database, berth.clock.now(), 10);
  await expect.poll(async () => [await erase(), await used()]).toEqual([0, undefined]);
  await other.close();
});

test('what one process counts another is told, nobody waits, and a flood writes nothing', async () => {
  const clock = fixedClock();
  const { quota, window_s } = policies.request;
  const tenth = quota / 10;
  const kept = new Map<string, { used: number; ends_at: string }>();
  let told = 0;
  const tell: Tell = async ({ policy, who, used, ends_at }, now) => {
    told += 1;
    const before = kept.get(policy + who);
    const isOver = before === undefined || before.ends_at <= now;
    const after = isOver ? { used, ends_at } : { ...before, used: before.used + used };
    kept.set(policy + who, after);
    return after;
  };
  const log = { warn: () => expect.unreachable() };
  const limiters = [1, 2, 3].map(() => makeLimiter(clock, { tell, log }));
  const flood = async () => {
    let passed = 0;
    for (let asked = 0; asked < 2 * quota; asked++) {
      for (const limiter of limiters) if (limiter.take('request', 'ann').left >= 0) passed += 1;
      await Promise.resolve();
    }
    return passed;
  };
  for (let asked = 1; asked < tenth; asked++) limiters[0]?.take('request', 'ann');
  expect(told).toBe(0);
  const passed = (await flood()) + tenth - 1;
  expect(passed).toBeGreaterThanOrEqual(quota);
  expect(passed).toBeLessThanOrEqual(quota + limiters.length * tenth);
  const spent = told;
  expect(await flood()).toBe(0);
  expect(told).toBe(spent);
  clock.advance(window_s * 1000);
  expect(limiters[1]?.take('request', 'ann').left).toBe(quota - 1);
});

test('an IPv6 visitor is its /64, however it is written', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('::FFFF:cb00:7109')).toBe('203.0.113.9');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(networkOf('2001:0DB8:0001::6')).toBe('2001:db8:1:0');
  expect(networkOf('2001:db8::6')).toBe('2001:db8:0:0');
  expect(networkOf('::1')).toBe('0:0:0:0');
});

test('a port, a zone or text that is no address makes no other visitor', () => {
  expect(networkOf('203.0.113.9:4711')).toBe('203.0.113.9');
  expect(networkOf('[2001:db8::6]:4711')).toBe('2001:db8:0:0');
  expect(networkOf('fe80::1%eth7')).toBe('fe80:0:0:0');
  for (const text of ['', 'x', '1.2.3', '1.2.3.4.5', '_a1', '::1::', undefined]) {
    expect(networkOf(text)).toBe('unknown');
  }
});

describe('who sends X-Forwarded-For', () => {
  const visitors = async (trust_proxy: Config['trust_proxy'], sent: string[]) => {
    const { app, close } = await makeTestApp({ config: { rate_limits: true, trust_proxy } });
    const left = [];
    for (const header of sent) {
      const reply = await app.inject({
        url: '/api/v1/platform',
        headers: { 'x-forwarded-for': header },
        remoteAddress: '10.0.0.2',
      });
      left.push(Number(/r=(\d+)/.exec(String(reply.headers['ratelimit']))?.[1]));
    }
    await close();
    return left.map((one) => policies.default.quota - one);
  };
  const made_up = ['1.1.1.1, 203.0.113.9', '2.2.2.2, 203.0.113.9', 'x,,3.3.3.3,203.0.113.9:5'];

  test('gets no fresh limit by what they put in it', async () => {
    expect(await visitors(1, made_up)).toEqual([1, 2, 3]);
    expect(await visitors(['10.0.0.0/8'], made_up)).toEqual([1, 2, 3]);
    expect(await visitors(false, made_up)).toEqual([1, 2, 3]);
    expect(await visitors(['192.0.2.1'], made_up)).toEqual([1, 2, 3]);
  });

  test('is counted by the address that the last proxy saw, behind as many as there are', async () => {
    expect(await visitors(1, ['203.0.113.9', '203.0.113.10'])).toEqual([1, 1]);
    expect(await visitors(2, ['203.0.113.9, 10.0.0.1', '203.0.113.10, 10.0.0.1'])).toEqual([1, 1]);
    expect(await visitors(2, ['9.9.9.9, 203.0.113.9, 10.0.0.1', '203.0.113.9, 10.0.0.1'])).toEqual([
      1, 2,
    ]);
    expect(
      await visitors(['10.0.0.0/8'], ['9.9.9.9, 203.0.113.9, 10.0.0.1', '203.0.113.9']),
    ).toEqual([1, 2]);
  });
});
