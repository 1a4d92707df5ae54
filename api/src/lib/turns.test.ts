import { expect, test } from 'vitest';
import { bytesInTurns, ownTurn } from './turns.ts';

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

test('a text in turns has the bytes that it has at once, wherever it is cut', async () => {
  const text = '😀’a'.repeat(70_000);
  for (const from of [0, 1, 2, 3, 4]) {
    const some = text.slice(from);
    expect((await bytesInTurns(some)).equals(Buffer.from(some))).toBe(true);
  }
  expect(await bytesInTurns('')).toEqual(Buffer.alloc(0));
});
