import { describe, expect, test } from 'vitest';
import { getFilter, setFilter } from './filter.ts';
import { MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TERMS, readQuery } from './query.ts';
import { writeQuery } from './query-write.ts';
import { comparingCurrency, type Query } from './tree.ts';

const read = (text: string): Query => {
  const found = readQuery(text);
  if (!found.ok) throw new Error(`${text}: ${found.error.message}`);
  return found.query;
};
/** The part of the text that the error points at, what it says and what it suggests. */
const errorOf = (text: string) => {
  const found = readQuery(text);
  if (found.ok) return null;
  const { from, to, message, suggestion } = found.error;
  return { at: text.slice(from, to), message, suggestion };
};

describe('a query', () => {
  test('is the tree of its words, fields, ranges, lists, negations and brackets', () => {
    const is = (field: string, op: string, value: unknown) => ({ type: 'is', field, op, value });
    expect(read('gpu:H100 gpu_count:4..8 -"liquid cooled" country:(NL or DE) price:<2.5')).toEqual({
      type: 'all',
      of: [
        is('gpu', '=', 'H100'),
        is('gpu_count', '>=', 4),
        is('gpu_count', '<=', 8),
        { type: 'not', of: { type: 'text', text: 'liquid cooled', phrase: true } },
        { type: 'any', of: [is('country', '=', 'NL'), is('country', '=', 'DE')] },
        is('price', '<', 2_500_000_000n),
      ],
    });
    expect(read(' \n')).toEqual({ type: 'all', of: [] });
  });

  test.each([
    ['country:(NL or Germany)', 'country:NL,DE'],
    ['country:uk, fr', 'country:GB,FR'],
    ['GPU-Count:>= 4', 'gpu_count:>=4'],
    ['NOT a AND b', '-a b'],
    ['a b OR c', 'a b or c'],
    ['a (b or c)', 'a (b or c)'],
    ['a or (b or (c))', 'a or b or c'],
    ['--a', 'a'],
    ['memory:>=65536 MB', 'memory:>=64GB'],
    ['memory:0.5', 'memory:512MB'],
    ['disk:1..2TB', 'disk:1TB..2TB'],
    ['gpu_count:4.. gpu_count:..8', 'gpu_count:4..8'],
    ['gpu_count:>=8 gpu_count:<=4', 'gpu_count:>=8 gpu_count:<=4'],
    ['gpu_count:(<2 or >8)', 'gpu_count:<2 or gpu_count:>8'],
    ['-gpu_count:4..8', '-gpu_count:4..8'],
    ['response_time:<90min', 'response_time:<90min'],
    ['response_time:<120min', 'response_time:<2h'],
    ['uplink:>=10000', 'uplink:>=10Gbit'],
    ['price:<1.000000001', 'price:<1.000000001'],
    ['kind:"Virtual server"', 'kind:compute'],
    ['virtualization:bare-metal', 'virtualization:bare_metal'],
    ['auto_accept:TRUE', 'auto_accept:yes'],
    ['"or" "H100"', '"or" "H100"'],
    ['os:"say \\"hi\\""', 'os:"say \\"hi\\""'],
    ['os:ubuntu:24', 'os:ubuntu:24'],
  ])('has one text of its own: %s', (text, written) => {
    expect(writeQuery(read(text))).toBe(written);
  });

  test('compares prices in the one currency that it wants, else in USD', () => {
    expect(comparingCurrency(read('gpu:H100'))).toBe('USD');
    expect(comparingCurrency(read('currency:EUR (a or currency:eur)'))).toBe('EUR');
    expect(comparingCurrency(read('currency:EUR,GBP'))).toBe('USD');
    expect(comparingCurrency(read('-currency:EUR'))).toBe('USD');
  });
});

describe('an error of a query', () => {
  test.each([
    ['x gpu_cuont:4', 'gpu_cuont', 'Did you mean gpu_count?', 'gpu_count'],
    ['vram:24', 'vram', 'Did you mean gpu_memory?', 'gpu_memory'],
    ['see http://x', 'http://x', 'quote it', '"http://x"'],
    ['12:30', '12:30', 'quote it', '"12:30"'],
    ['a :x', ':x', 'Nothing stands before this colon', '":x"'],
    ['disk_kind:nvmee', 'nvmee', 'nvme, ssd or hdd', 'nvme'],
    ['memory:>=many', '>=many', 'a number in MB, GB, TB or PB', undefined],
    ['memory:>=64h', '>=64h', 'memory takes', undefined],
    ['price:<$2', '<$2', 'an amount', undefined],
    ['price:<1,250', 'price:<1,250', 'without commas', undefined],
    ['unmetered:maybe', 'maybe', 'yes or no', undefined],
    ['unmetered:constructor', 'constructor', 'yes or no', undefined],
    ['constructor:x', 'constructor:x', 'There is no field', '"constructor:x"'],
    ['country:Atlantis', 'Atlantis', 'two letters', undefined],
    ['gpu:>H100', '>H100', 'gpu takes no >', undefined],
    ['price>2', 'price>2', 'colon', 'price:>2'],
    ['country:-NL', '-NL', 'before the name: -country:', undefined],
    ['gpu_count:8..4', '8..4', 'smaller number first', '4..8'],
    ['gpu_count:4..x', '4..x', 'A range', undefined],
    ['gpu_count:1,>4', 'gpu_count:1,>4', 'A list is of plain values', undefined],
    ['a gpu:', 'gpu:', 'gpu:H100', undefined],
    ['gpu:H100,', 'gpu:H100,', 'gpu:H100', undefined],
    ['a "b', '"', 'not closed', undefined],
    ['a ""', '""', 'nothing between', undefined],
    ['a (b', '(', 'not closed', undefined],
    ['a ()', '()', 'nothing in these brackets', undefined],
    ['a) b', ')', 'closes nothing', undefined],
    ['a or', 'or', 'missing', undefined],
    ['(or a)', 'or', 'missing', undefined],
    ['a and or b', 'and', 'missing', undefined],
    ['- a', '-', 'right after -', undefined],
    ['a not', 'not', 'right after not', undefined],
  ])('points at what is wrong in %s and says what to do', (text, at, message, suggestion) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ at, message: expect.stringContaining(message) as string });
    expect(error?.suggestion).toBe(suggestion);
  });

  test('says which limit is passed: characters, terms or depth', () => {
    const words = (count: number) => Array.from({ length: count }, () => 'a').join(' ');
    const brackets = (count: number) => `${'('.repeat(count)}a${')'.repeat(count)}`;
    expect(errorOf('a'.repeat(MAX_QUERY_LENGTH))).toBeNull();
    expect(errorOf('a'.repeat(MAX_QUERY_LENGTH + 1))?.message).toContain('1000 characters');
    expect(errorOf(words(MAX_TERMS))).toBeNull();
    expect(errorOf(words(MAX_TERMS + 1))?.message).toContain('64 terms');
    expect(errorOf(brackets(MAX_DEPTH))).toBeNull();
    expect(errorOf(brackets(MAX_DEPTH + 1))?.message).toContain('8 deep');
    expect(errorOf(`${'-'.repeat(500)}a`)?.message).toContain('8 deep');
  });
});

describe('a filter of the panel', () => {
  test('is what the query says of one field', () => {
    const query = read('gpu:H100,A100 price:<2 -country:NL feature:a feature:b memory:4..8 x');
    expect(getFilter(query, 'gpu')).toEqual({ type: 'one_of', values: ['H100', 'A100'] });
    expect(getFilter(query, 'feature')).toEqual({ type: 'all_of', values: ['a', 'b'] });
    expect(getFilter(query, 'country')).toEqual({ type: 'none_of', values: ['NL'] });
    expect(getFilter(query, 'price')).toEqual({
      type: 'range',
      from: null,
      to: { op: '<', value: 2_000_000_000n },
    });
    expect(getFilter(query, 'memory')).toEqual({
      type: 'range',
      from: { op: '>=', value: 4 },
      to: { op: '<=', value: 8 },
    });
    expect(getFilter(query, 'city')).toBeNull();
    expect(getFilter(read('gpu_count:(<2 or >8)'), 'gpu_count')).toMatchObject({ type: 'other' });
  });

  test('takes its place in the text, and what is said with other fields stays', () => {
    const query = read('a gpu:H100 (gpu:L4 or price:<1) "b c"');
    const set = setFilter(query, 'gpu', { type: 'one_of', values: ['RTX 4090', 'L4'] });
    expect(writeQuery(set)).toBe('a gpu:"RTX 4090",L4 (gpu:L4 or price:<1) "b c"');
    expect(writeQuery(setFilter(set, 'gpu', null))).toBe('a (gpu:L4 or price:<1) "b c"');
    expect(writeQuery(setFilter(read('a or b'), 'gpu', { type: 'one_of', values: ['L4'] }))).toBe(
      '(a or b) gpu:L4',
    );
  });
});
