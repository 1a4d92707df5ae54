import { expect, test } from 'vitest';
import { retry, waitAfter } from './retry.ts';

const options = { attempts: 4, first_wait_ms: 1, most_wait_ms: 2, mayPass: () => true };

/** Fails so many times, then answers how often it was called. */
function failing(times: number) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return calls;
  };
}

test('a failure that passes is tried again, and no more often than allowed', async () => {
  expect(await retry(failing(3), options)).toBe(4);
  await expect(retry(failing(4), options)).rejects.toThrow('failure 4');
});

test('a failure that cannot pass is not tried again', async () => {
  await expect(retry(failing(1), { ...options, mayPass: () => false })).rejects.toThrow(
    'failure 1',
  );
});

test('the bound of a wait doubles up to its limit', () => {
  const waits = { attempts: 9, first_wait_ms: 100, most_wait_ms: 1000 };
  const bounds = [1, 2, 3, 4, 5, 60].map((failures) => waitAfter(failures, waits, 1));
  expect(bounds).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect(waitAfter(3, waits, 0.25)).toBe(100);
});

test('an aborted wait ends at once, with the reason', async () => {
  const controller = new AbortController();
  const forever = { ...options, first_wait_ms: 1e9, most_wait_ms: 1e9, signal: controller.signal };
  const tried = retry(async () => {
    queueMicrotask(() => controller.abort(new Error('stopping')));
    throw new Error('down');
  }, forever);
  await expect(tried).rejects.toThrow('stopping');
  await expect(retry(failing(0), forever)).rejects.toThrow('stopping');
});
