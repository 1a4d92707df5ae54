import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countries } from '../offerings/catalogue.ts';
import { completionAt } from './completion.ts';
import { queryExamples } from './examples.ts';
import { fieldNames, isOrdered, operatorsOf, searchFields, type FieldName } from './fields.ts';
import { getFilter, setFilter, type Filter } from './filter.ts';
import { MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TERMS, readQuery } from './query.ts';
import { writeQuery } from './query-write.ts';
import { suggestionsAt } from './suggestions.ts';
import { conjunctsOf, normal, type Node, type Query, type Value } from './tree.ts';
import { runs } from '../runs-node.ts';

const RUNS = runs(1_000);

/** Text with what the language itself is made of. */
const marks = fc.constantFrom(
  ...[' ', '"', '\\', '(', ')', ':', ',', '-', '..', '<', '>=', '=', 'or', 'not', 'and', '64 GB'],
  ...['gpu', 'gpu:', 'price:', 'country:(', 'memory:', '4', '\u0000', '\ud800', 'é', '🖥', '\n'],
);
const someText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(marks).map((all) => all.join('')),
);
const terms = fc.constantFrom(
  ...[
    'gpu:H100, A100',
    'country:(NL or germany)',
    'country:(-NL)',
    'memory:1..2TB',
    'disk:>= 64 GB',
  ],
  ...['-', 'not', 'or', 'and', '(', ')', 'word', '"two words"', 'price:<2.50', 'price:(1 or 2..3)'],
);
const typedText = fc.oneof(
  someText,
  fc.array(terms, { maxLength: 12 }).map((all) => all.join(' ')),
);
const said = fc.oneof(fc.constantFrom('H100', 'or', '-x', 'a:b', '<2', 'a,b', '"'), someText);
const isSaid = (text: string): boolean => /[^\s\p{C}]/u.test(text);

const number = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 0, max: 4_000_000 }).map((count) => count / 1_024),
  fc.double({ min: 0, max: 1e12, noNaN: true }).map((value) => Math.abs(value)),
);
const amount = fc.bigInt({ min: 0n, max: 1_000_000_000n * 1_000_000_000n });

function valueOf(name: FieldName): fc.Arbitrary<Value> {
  const { type, values } = searchFields[name];
  if (values !== null) return fc.constantFrom(...Object.keys(values));
  if (name === 'country') return fc.constantFrom(...countries().map(({ code }) => code));
  if (type === 'flag') return fc.boolean();
  if (type === 'money') return amount;
  return isOrdered(name) ? number : said.filter(isSaid);
}

const field = fc.constantFrom(...fieldNames);
const is = field.chain((name) =>
  fc.record({
    type: fc.constant('is' as const),
    field: fc.constant(name),
    op: fc.constantFrom(...operatorsOf(name)),
    value: valueOf(name),
  }),
);
const text = fc.record({ type: fc.constant('text' as const), text: said, phrase: fc.boolean() });
/** Two bounds side by side, which may be a range and may be contrary. */
const bounds = fc.tuple(number, number).map(([low, high]): Node => ({
  type: 'all',
  of: [
    { type: 'is', field: 'memory', op: '>=', value: low },
    { type: 'is', field: 'memory', op: '<=', value: high },
  ],
}));
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    is,
    text,
    bounds,
    fc.record({ type: fc.constant('not' as const), of: tie('tree') }),
    fc.record({
      type: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('tree'), { maxLength: 4 }),
    }),
  ),
}));
const query: fc.Arbitrary<Query> = tree
  .map(normal)
  .filter((node) => writeQuery(node).length <= MAX_QUERY_LENGTH);

const ordered = fc.constantFrom(...fieldNames.filter(isOrdered));
const bound = <Op extends string>(name: FieldName, ...ops: Op[]) =>
  fc.option(
    fc.record({ op: fc.constantFrom(...ops), value: valueOf(name) as fc.Arbitrary<number> }),
  );
const rangeFilter = ordered.chain((name) =>
  fc.record({
    name: fc.constant(name),
    filter: fc
      .record({
        type: fc.constant('range' as const),
        from: bound(name, '>=', '>'),
        to: bound(name, '<=', '<'),
      })
      .filter(({ from, to }) => from !== null || to !== null),
  }),
);
const listFilter = field.chain((name) =>
  fc.record({
    name: fc.constant(name),
    filter: fc
      .record({
        type: fc.constantFrom('one_of' as const, 'all_of' as const, 'none_of' as const),
        values: fc.array(valueOf(name), { minLength: 1, maxLength: 4 }),
      })
      .map((filter) => plainest(name, filter)),
  }),
);

/** One value is said in one way: `all_of` where an offering can have several, else `one_of`. */
function plainest(name: FieldName, filter: Extract<Filter, { values: Value[] }>): Filter {
  const values = filter.values.map((value) => {
    const plain = normal({ type: 'is', field: name, op: '=', value });
    return plain.type === 'is' ? plain.value : value;
  });
  if (filter.type === 'none_of' || values.length > 1) return { type: filter.type, values };
  return { type: searchFields[name].type === 'tags' ? 'all_of' : 'one_of', values };
}

/** Everything that a query says but what `getFilter` reads of this field. */
const restOf = (whole: Query, name: FieldName) => conjunctsOf(setFilter(whole, name, null));

describe('any query', () => {
  test('reads back from its text as the same tree', () => {
    fc.assert(
      fc.property(query, (tree) => {
        expect(readQuery(writeQuery(tree))).toEqual({ ok: true, query: tree });
      }),
      { numRuns: RUNS },
    );
  });

  test('that a text says has one text of its own, which can be read again', () => {
    fc.assert(
      fc.property(typedText, (typed) => {
        const first = readQuery(typed);
        fc.pre(first.ok);
        const again = readQuery(writeQuery(first.query));
        expect(again).toEqual(first);
        expect(writeQuery(again.ok ? again.query : first.query)).toBe(writeQuery(first.query));
      }),
      { numRuns: RUNS },
    );
  });

  test('keeps what a filter does not touch, and says what the filter says', () => {
    fc.assert(
      fc.property(query, fc.oneof(rangeFilter, listFilter), (tree, { name, filter }) => {
        const set = setFilter(tree, name, filter);
        expect(getFilter(set, name)).toEqual(filter);
        expect(restOf(set, name)).toEqual(restOf(tree, name));
        expect(getFilter(setFilter(set, name, null), name)).toBeNull();
        const kept = setFilter(tree, name, getFilter(tree, name));
        expect(getFilter(kept, name)).toEqual(getFilter(tree, name));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('any text', () => {
  test('is read or refused without throwing, and the error lies within it', () => {
    fc.assert(
      fc.property(fc.oneof(typedText, fc.string({ unit: 'binary', maxLength: 1_100 })), (typed) => {
        const found = readQuery(typed);
        if (found.ok) return;
        const { from, to, message } = found.error;
        expect(message).not.toBe('');
        expect([from >= 0, from < to, to <= typed.length]).toEqual([true, true, true]);
      }),
      { numRuns: RUNS },
    );
  });

  test('can be completed at every place, in a part of it that begins at or before that place', () => {
    fc.assert(
      fc.property(typedText, fc.nat(40), (typed, at) => {
        const cursor = Math.min(at, typed.length);
        const { from, to } = completionAt(typed, at);
        expect([from >= 0, from <= cursor, cursor <= to, to <= typed.length]).not.toContain(false);
        expect(suggestionsAt(typed, at, 5).length).toBeLessThanOrEqual(5);
      }),
      { numRuns: RUNS },
    );
  });
});

test.each(queryExamples)('the example of the help page reads: $query', ({ query: example }) => {
  const found = readQuery(example);
  expect(found).toMatchObject({ ok: true });
  expect(found.ok && readQuery(writeQuery(found.query))).toEqual(found);
});

test('the example of each field reads, and names that field', () => {
  for (const name of fieldNames) {
    expect(readQuery(searchFields[name].example)).toMatchObject({ ok: true });
    expect(searchFields[name].example.startsWith(`${name}:`)).toBe(true);
  }
  expect(fieldNames.length).toBeGreaterThanOrEqual(30);
});

test('docs/search.md names every field and limit, and what its table says to write reads', () => {
  const page = readFileSync(new URL('../../../docs/search.md', import.meta.url), 'utf8');
  for (const name of fieldNames) expect(page).toContain(`\`${name}\``);
  const said = `${MAX_QUERY_LENGTH.toLocaleString('en')} characters, ${MAX_TERMS} terms`;
  expect(page).toContain(`${said} and brackets ${MAX_DEPTH} deep`);
  const written = [...page.matchAll(/^\| `([^`]+)` /gm)].map((found) => found[1] ?? '');
  expect(written.length).toBeGreaterThanOrEqual(10);
  for (const typed of written) expect([typed, readQuery(typed).ok]).toEqual([typed, true]);
});
