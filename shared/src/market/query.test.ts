import { describe, expect, test } from 'vitest';
import { readQuery } from './query.ts';
import { writeQuery } from './query-write.ts';

const read = (text: string) => {
  const found = readQuery(text);
  return found.ok ? found.query : found.error;
};

describe('a query', () => {
  test('is the tree of its words, fields, ranges, lists, negations and brackets', () => {
    expect(read('gpu:H100 gpu_count:4..8 -"liquid cooled"')).toEqual({
      type: 'all',
      of: [
        { type: 'is', field: 'gpu', op: '=', value: 'H100' },
        { type: 'is', field: 'gpu_count', op: '>=', value: 4 },
        { type: 'is', field: 'gpu_count', op: '<=', value: 8 },
        { type: 'not', of: { type: 'text', text: 'liquid cooled', phrase: true } },
      ],
    });
    expect(writeQuery(read('country:(NL or Germany) price:<2.50') as never)).toBe(
      'country:NL,DE price:<2.5',
    );
  });
});
