import { problem } from '@berth/shared/problems';
import { expect, test } from 'vitest';
import { problemOf } from './api.ts';

test('a problem document comes out as the problem it was, with its extra members', () => {
  const sent = problem('price.changed', 'The price is now $3.00.', { total_e9s: '3000000000' });
  const got = problemOf(409, JSON.stringify(sent.problem));
  expect(got).toMatchObject({ message: 'The price is now $3.00.', problem: sent.problem });
});

test('an answer that is no problem document still ends in a sentence that says what to do', () => {
  expect(problemOf(502, '<html>Bad gateway</html>')).toMatchObject({
    problem: { code: 'service.busy' },
  });
  expect(problemOf(418, 'null').message).toMatch(/Try again/);
});
