import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';

const { offerings } = endpoints;
let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const someone = () => signUp(t, `provider-${(made += 1)}`);
const text = [
  'title;kind;country;price;reference',
  'First box;compute;NL;2,50;a',
  'Second box;boat;NL;cheap;b',
  'Third box;compute;NL;0,125;c',
  'Total;;;2,625;',
].join('\n');
const file = { format: 'csv' as const, text };
const titlesOf = async (client: Client) =>
  (await client.ask(offerings.listOwn, { query: {} })).items.map(({ title }) => title).sort();

test('refused rows are told with their cells and their text, and hold up the others', async () => {
  const bob = await someone();
  const seen = await bob.ask(offerings.previewImport, { body: file });
  expect(seen).toMatchObject({ created: 2, refused: 2, skipped: 0 });
  expect(seen.layout).toEqual({
    ...{ delimiter: ';', header_line: 1, header: 'title;kind;country;price;reference' },
  });
  expect(seen.rows[1]).toMatchObject({
    source: 'Second box;boat;NL;cheap;b',
    errors: [
      { field: 'price', text: 'cheap' },
      { field: 'kind', text: 'boat' },
    ],
  });
  expect(seen.rows[3]?.errors).toEqual([
    { field: '', message: 'Line 5 looks like a sum, not an offering; leave it out', text: null },
  ]);
  expect((await bob.refused(offerings.import, { body: file })).code).toBe('import.refused');
  expect(await titlesOf(bob)).toEqual([]);
});

test('rows that are skipped let the others through, and no other refused row does', async () => {
  const bob = await someone();
  const some = { body: { ...file, skip: [2] } };
  expect((await bob.refused(offerings.import, some)).detail).toMatch(/^Refused: 1 of 4 rows/);
  const reply = await bob.ask(offerings.import, { body: { ...file, skip: [2, 4] } });
  expect(reply).toMatchObject({ created: 2, refused: 0, skipped: 2 });
  expect(reply.rows.map(({ action }) => action)).toEqual([
    ...['create', 'skipped', 'create', 'skipped'],
  ]);
  expect(await titlesOf(bob)).toEqual(['First box', 'Third box']);
  const again = await bob.ask(offerings.import, { body: { ...file, skip: [2, 4] } });
  expect(again).toMatchObject({ created: 0, updated: 2, skipped: 2 });
});

test('a cell that is mended is read as if the file said so, by the column’s own mark', async () => {
  const bob = await someone();
  const cells = [
    { row: 2, field: 'kind' as const, text: 'VPS' },
    { row: 2, field: 'price' as const, text: '1.234' },
  ];
  const body = { ...file, cells, skip: [4] };
  const seen = await bob.ask(offerings.previewImport, { body });
  expect(seen).toMatchObject({ created: 3, refused: 0 });
  expect(seen.rows[1]).toMatchObject({ price: '$1,234.00 per hour', source: '' });
  await bob.ask(offerings.import, { body });
  expect(await titlesOf(bob)).toEqual(['First box', 'Second box', 'Third box']);
});

test('a mended cell goes before what a mapping finds', async () => {
  const bob = await someone();
  const { mapping } = await bob.ask(offerings.suggestMapping, { body: file });
  const cells = [
    { row: 2, field: 'kind' as const, text: 'compute' },
    { row: 2, field: 'price' as const, text: '3,50' },
  ];
  const seen = await bob.ask(offerings.previewImport, { body: { ...file, mapping, cells } });
  expect(seen.rows[1]).toMatchObject({ action: 'create', price: '$3.50 per hour' });
});

test('a row that is skipped is no offering’s: neither repeats nor limits count it', async () => {
  const bob = await someone();
  const twice = 'title,kind,country,price,reference\nA box,compute,NL,1,r\nB box,compute,NL,1,r';
  const body = { format: 'csv' as const, text: twice, skip: [1] };
  expect(await bob.ask(offerings.import, { body })).toMatchObject({ created: 1, skipped: 1 });
  expect(await titlesOf(bob)).toEqual(['B box']);
});

test('a row of JSON comes back with the digits that it had', async () => {
  const bob = await someone();
  const row = '{"title":"A box","price":0.10000000000000000001,"kind":"boat"}';
  const body = { format: 'json' as const, text: `[ ${row} ]` };
  const seen = await bob.ask(offerings.previewImport, { body });
  expect(seen.rows[0]?.source).toBe(row);
  expect(seen.layout).toBeNull();
});

test('what may be two numbers is refused until its mark is said, with or without a mapping', async () => {
  const bob = await someone();
  const lonely = 'title,kind,country,price\nA box,compute,NL,1.234';
  const ask = { format: 'csv' as const, text: lonely };
  const { mapping } = await bob.ask(offerings.suggestMapping, { body: ask });
  for (const by of [{}, { mapping }]) {
    const seen = await bob.ask(offerings.previewImport, { body: { ...ask, ...by } });
    expect(seen.rows[0]?.errors[0]?.message).toMatch(/say which$/);
    expect(seen.readings.find(({ field }) => field === 'price')).toMatchObject({
      ...{ text: '1.234', from: 'price', decimals: null, is_asked: true },
    });
    const said = { ...ask, ...by, decimals: { price: 'comma' as const } };
    const { rows, readings } = await bob.ask(offerings.previewImport, { body: said });
    expect(rows[0]?.price).toBe('$1,234.00 per hour');
    expect(readings.find(({ field }) => field === 'price')).toMatchObject({
      ...{ means: '$1,234.00 per hour', decimals: 'comma', is_asked: false },
    });
  }
});

test('a mark is said for what is counted on the way too', async () => {
  const bob = await someone();
  const ask = { format: 'csv' as const, text: 'title,kind,country,cents\nA box,compute,NL,1.234' };
  const { mapping } = await bob.ask(offerings.suggestMapping, { body: ask });
  expect(mapping.columns.price).toBeUndefined();
  const from = (name: string) => ({ type: 'column' as const, from: name });
  const divide = { type: 'divide' as const, by: '100' };
  const price = { ...from('cents'), transforms: [divide] };
  const body = { ...ask, mapping: { rows_at: '', columns: { ...mapping.columns, price } } };
  const seen = await bob.ask(offerings.previewImport, { body });
  expect(seen.readings.find(({ field }) => field === 'price')).toMatchObject({ is_asked: true });
  const said = { ...body, decimals: { price: 'comma' as const } };
  const { rows } = await bob.ask(offerings.previewImport, { body: said });
  expect(rows[0]?.price).toBe('$12.34 per hour');
});

test('a GPU that nobody knows is told once, with its rows and what it may be', async () => {
  const bob = await someone();
  const rows = ['RTX 4091', 'RTX PRO 6000 WS', 'RTX 4091', 'MI300X-O'];
  const lines = rows.map((name, at) => `Node ${at};gpu;${name};NL;1`);
  const body = {
    format: 'csv' as const,
    text: ['title;kind;gpu_model;country;price', ...lines].join('\n'),
  };
  const seen = await bob.ask(offerings.previewImport, { body });
  expect(seen).toMatchObject({ created: 4 });
  expect(seen.unknown_gpus).toEqual([
    { name: 'RTX 4091', alike: expect.arrayContaining(['RTX 4090']) as string[], rows: [1, 3] },
  ]);
});

test('cells that disagree about money are refused, and those that agree say it', async () => {
  const bob = await someone();
  const see = async (price: string, more: string) => {
    const head = `title;kind;country;price;${more.split('=')[0]}`;
    const row = `A box;compute;NL;${price};${more.split('=')[1]}`;
    const body = { format: 'csv' as const, text: `${head}\n${row}` };
    return (await bob.ask(offerings.previewImport, { body })).rows[0];
  };
  expect(await see('€2,50/Monat', 'stock=1')).toMatchObject({ price: '€2.50 per month' });
  expect(await see('€2,50', 'currency=EUR')).toMatchObject({ price: '€2.50 per hour' });
  expect((await see('€2,50', 'currency=USD'))?.errors[0]).toMatchObject({
    field: 'price',
    message: 'This says EUR, and currency says USD: make them agree',
  });
});
