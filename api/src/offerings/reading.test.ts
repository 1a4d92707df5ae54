import { expect, test } from 'vitest';
import { suggestInThread } from './reading.ts';

const file = { format: 'csv' as const, text: 'title,price\nA small machine,2.50' };
const [ada, eve] = [{ acting_for: 'ada' }, { acting_for: 'eve' }];

test('one account’s many files keep no other’s from being read, and wait for their own', async () => {
  const many = Array.from({ length: 20 }, () => suggestInThread(eve, file));
  const asked = Promise.allSettled(many);
  expect(await suggestInThread(ada, file)).toBeDefined();
  const refused = (await asked).filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(16);
  expect(refused[0]).toMatchObject({ reason: { problem: { code: 'service.busy' } } });
  expect(await suggestInThread(eve, file)).toBeDefined();
});
