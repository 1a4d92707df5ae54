import { expect, test } from 'vitest';
import { contractMoves } from '../contracts/moves.ts';
import { fillWords, isAlwaysTold, noticeCategoryNames, noticeKinds, noticeTable } from './kinds.ts';

const NAMES = [
  'address',
  'amount',
  'before',
  'device',
  'label',
  'news',
  'provider',
  'renter',
  'said',
  'title',
  'when',
  'who',
];

test('every kind says what it is in one line, fits a subject, and names nothing unknown', () => {
  for (const kind of noticeKinds) {
    const { title, text, text_for_provider, label, button } = noticeTable[kind];
    const used = [...`${title}${text}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(NAMES, kind).toEqual(expect.arrayContaining(used));
    for (const words of [title, label, button]) expect(words, kind).toMatch(/^\S[^\n]{0,90}\S$/);
    for (const words of [text, text_for_provider ?? text]) expect(words, kind).toMatch(/\.$/);
  }
});

test('every kind of a contract is told by a move of its machine, or by the clock', () => {
  const told = contractMoves.flatMap(({ tell }) => tell ?? []);
  const others = ['contract.extended', 'contract.ends_soon'];
  const kinds = noticeKinds.filter((kind) => kind.startsWith('contract.'));
  expect(kinds.filter((kind) => !told.includes(kind))).toEqual(expect.arrayContaining(others));
  expect(kinds.filter((kind) => !told.includes(kind))).toHaveLength(others.length);
});

test('no category is empty, and security alone is always told', () => {
  const used = new Set(noticeKinds.map((kind) => noticeTable[kind].category));
  expect([...used].sort()).toEqual([...noticeCategoryNames].sort());
  expect(noticeCategoryNames.filter(isAlwaysTold)).toEqual(['security']);
});

test('a name is put in once: what it says in braces is no name', () => {
  const names = { who: '{title}', title: 'A box' };
  expect(fillWords('{who} wrote about {title}{nobody}', names)).toBe('{title} wrote about A box');
});
