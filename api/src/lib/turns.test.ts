import { expect, test } from 'vitest';
import { ownTurn } from './turns.ts';

test('however many wait, each has a turn of the event loop to itself, in the order they came', async () => {
  let turn = 0;
  const count = () => {
    turn += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const turns = await Promise.all(
    Array.from({ length: 4 }, async () => {
      await ownTurn();
      return turn;
    }),
  );
  clearImmediate(next);
  expect(new Set(turns).size).toBe(4);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
});
