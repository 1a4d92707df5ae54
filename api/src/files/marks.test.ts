import { expect, test } from 'vitest';
import { marksIn } from './marks.ts';
import { readTable } from './table.ts';

const seenIn = (text: string, said = {}) =>
  Object.fromEntries(marksIn(readTable('csv', text).rows, said).seen);

test('a column’s own cells tell its mark, and then decide what may be two numbers', () => {
  expect(seenIn('price;stock\n1.234;4\n2.500,00;5')).toEqual({
    price: { mark: 'comma', is_asked: false },
  });
  expect(seenIn('price;stock\n1.234;4\n0.5;5')).toEqual({
    price: { mark: 'point', is_asked: false },
  });
});

test('where nothing in a file tells it, it is asked, and what is said counts', () => {
  expect(seenIn('price\n1.234\n900')).toEqual({ price: { mark: null, is_asked: true } });
  expect(seenIn('price\n1.234\n900', { price: 'comma' })).toEqual({
    price: { mark: 'comma', is_asked: false },
  });
});

test('another column tells it only where all others agree', () => {
  expect(seenIn('price;disk_gib\n1.234;0,5 TB')).toMatchObject({ price: { mark: 'comma' } });
  expect(seenIn('price;disk_gib;memory_gib\n1.234;0,5 TB;0.5 TB')).toMatchObject({
    price: { mark: null, is_asked: true },
  });
});

test('a column of both marks decides nothing: what may be two numbers is asked', () => {
  expect(seenIn('price\n2.50\n"2,50"\n1.234')).toEqual({ price: { mark: null, is_asked: true } });
});

test('of whole numbers only what may be two of them is asked', () => {
  expect(seenIn('stock\n"1,234"')).toEqual({ stock: { mark: null, is_asked: false } });
  expect(seenIn('stock\n"1,000"')).toEqual({ stock: { mark: null, is_asked: true } });
});

test('an export of ours has points, unless another program wrote commas into it', () => {
  const id = `off_${'0'.repeat(20)}`;
  expect(seenIn(`id,price\n${id},1.234`)).toEqual({ price: { mark: 'point', is_asked: false } });
  expect(seenIn(`id;price\n${id};1,234`)).toEqual({ price: { mark: null, is_asked: true } });
});
