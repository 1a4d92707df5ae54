import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import {
  MAX_IMPORT_ROWS,
  MAX_OFFERINGS,
  type ImportReply,
  type OwnOfferingView,
} from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';

const { offerings } = endpoints;
let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const someone = () => signUp(t, `provider-${(made += 1)}`);
const csv = (...lines: string[]) => ({
  body: { format: 'csv' as const, text: lines.join('\r\n') },
});
/** A file of these columns: each its name, then its cells. */
const csvOf = ([first = [], ...columns]: string[][]) =>
  csv(...first.map((_, at) => [first, ...columns].map((column) => column[at]).join(',')));
const json = (value: unknown) => ({
  body: { format: 'json' as const, text: JSON.stringify(value) },
});
const preview = (client: Client, ask: ReturnType<typeof csv | typeof json>) =>
  client.ask(offerings.previewImport, ask);
const errorsOf = ({ rows }: ImportReply, row = 1) =>
  Object.fromEntries(rows[row - 1]?.errors.map(({ field, message }) => [field, message]) ?? []);
async function ownOf(client: Client): Promise<OwnOfferingView[]> {
  const { items } = await client.ask(offerings.listOwn, { query: { limit: 100 } });
  return items.sort((a, b) => a.title.localeCompare(b.title));
}

const simple = { kind: 'compute', title: 'A small machine', country: 'NL', price: '2.50' };

/** How two cells of a file are told to have been read. */
const priceRead = {
  ...{ field: 'price', from: 'PRICE', text: '1,250.75' },
  ...{ means: '$1,250.75 per month', decimals: 'point', is_asked: false },
};
const uplinkRead = {
  ...{ field: 'uplink_mbps', from: 'uplink-mbps', text: '10 Gbit/s' },
  ...{ means: '10,000 Mbit/s', decimals: null, is_asked: false },
};

describe('a new row', () => {
  test('takes columns in any order and spelling, words for units, and is a draft', async () => {
    const bob = await someone();
    const ask = csvOf([
      ['PRICE', '"1,250.75"'],
      ['Memory GiB', '512 MB'],
      ['vCPUs', '4'],
      ['Operating_Systems', 'Debian 12; Ubuntu\\;LTS ;'],
      ['title', 'A small machine'],
      ['Unit', 'per month'],
      ['country', 'netherlands'],
      ['Kind', 'VPS'],
      ['uplink-mbps', '10 Gbit/s'],
      ['traffic TiB', '500 GB'],
      ['unmetered', 'yes'],
      ['colour', 'red'],
    ]);
    const seen = await preview(bob, ask);
    expect(seen).toEqual({
      rows: [
        {
          row: 1,
          action: 'create',
          state: 'draft',
          title: 'A small machine',
          price: '$1,250.75 per month',
          errors: [],
          left_out: [],
          source: '',
        },
      ],
      ...{ created: 1, updated: 0, refused: 0, skipped: 0 },
      unknown_fields: ['colour'],
      layout: expect.objectContaining({ delimiter: ',', header_line: 1 }) as unknown,
      readings: expect.arrayContaining([priceRead, uplinkRead]) as unknown,
      unknown_gpus: [],
    });
    expect(await ownOf(bob)).toEqual([]);
    expect(await bob.ask(offerings.import, ask)).toEqual(seen);
    expect(await ownOf(bob)).toMatchObject([
      {
        state: 'draft',
        kind: 'compute',
        price_e9s: '1250750000000',
        unit: 'month',
        currency: 'USD',
        setup_fee_e9s: '0',
        memory_gib: 0.5,
        vcpus: 4,
        uplink_mbps: 10_000,
        traffic_tib: 500 / 1024,
        unmetered: true,
        operating_systems: ['Debian 12', 'Ubuntu;LTS'],
        features: [],
        country: 'NL',
        city: '',
        gpu_model: null,
        stock: 1,
        visibility: 'public',
        reference: null,
        min_hours: 1,
      },
    ]);
  });

  test('may begin listed or paused, and needs a price for that', async () => {
    const bob = await someone();
    const ask = json([
      { ...simple, state: 'Listed', title: 'No' },
      { ...simple, title: 'Row two', state: 'paused', price: '0' },
      { ...simple, title: 'Row three', state: 'archived' },
      { ...simple, title: 'Row four', state: '', price: '0' },
    ]);
    const seen = await preview(bob, ask);
    expect(seen.rows.map(({ state }) => state)).toEqual(['listed', 'paused', 'draft', 'draft']);
    expect(errorsOf(seen, 1)).toEqual({ title: 'At least 3 characters' });
    expect(errorsOf(seen, 2)).toEqual({ price: 'Set a price above zero before listing it.' });
    expect(errorsOf(seen, 3)).toEqual({ state: 'One of draft, listed, paused' });
    expect(errorsOf(seen, 4)).toEqual({});
    await bob.ask(offerings.import, json([{ ...simple, state: 'listed' }]));
    const [listed] = await ownOf(bob);
    expect(listed).toMatchObject({ state: 'listed', listed_at: t.clock.now() });
  });

  test('is refused field by field, in sentences', async () => {
    const bob = await someone();
    const row = {
      kind: 'boat',
      price: 'cheap',
      unit: 'fortnight',
      vcpus: '2.5',
      memory_gib: 'plenty',
      uplink_mbps: 'fast',
      unmetered: 'perhaps',
      country: 'Atlantis',
      min_hours: '-1',
      title: ['A', 'B'],
      gpu_count: { many: true },
      disk_gib: '0',
      stock: '999999999999999999999999',
    };
    expect(errorsOf(await preview(bob, json([row])))).toEqual({
      kind: 'One of gpu, compute, dedicated, storage, network, hosting',
      price: 'Write an amount with at most nine decimals, such as 2.50',
      unit: 'One of hour, day, month',
      vcpus: 'Write a whole number, such as 8',
      memory_gib: 'Write a number with or without its unit, such as 64 GB',
      uplink_mbps: 'Write a speed, such as 1000 or 10 Gbit',
      unmetered: 'Write yes or no',
      country: 'Write two letters, such as NL, or the English name',
      min_hours: 'Write whole hours, such as 24',
      title: 'This takes one value, not a list',
      gpu_count: 'This must be text, a number, yes or no, or a list of texts',
      disk_gib: 'More than zero',
      stock: 'A whole number',
    });
    const empty = errorsOf(await preview(bob, json([{ kind: 'gpu' }])));
    expect(empty).toEqual({
      title: 'Fill this in',
      country: 'Fill this in',
      price: 'Fill this in',
    });
    const gpu = errorsOf(await preview(bob, json([{ ...simple, kind: 'gpu' }])));
    expect(gpu).toEqual({ gpu_model: 'Say which GPU it is' });
    const number = errorsOf(await preview(bob, json([{ ...simple, price: 2.5, setup_fee: 1 }])));
    expect(number).toEqual({
      price: 'Write the amount as text, such as "2.50"',
      setup_fee: 'Write the amount as text, such as "2.50"',
    });
  });
});

describe('a row with a reference or an id', () => {
  test('updates what it names, only in the columns of the file', async () => {
    const bob = await someone();
    await bob.ask(offerings.import, json([{ ...simple, reference: 'r1', vcpus: 4, stock: 7 }]));
    const [before] = await ownOf(bob);
    const ask = csv('reference,price,vcpus,stock,state', 'r1,3,,,listed');
    expect((await preview(bob, ask)).rows).toMatchObject([
      { action: 'update', state: 'listed', title: simple.title, price: '$3.00 per hour' },
    ]);
    await bob.ask(offerings.import, ask);
    const [after] = await ownOf(bob);
    expect(after).toEqual({
      ...before,
      ...after,
      id: before?.id,
      version: 2,
      state: 'listed',
      price_e9s: '3000000000',
      vcpus: null,
      stock: 7,
    });
    expect(after?.terms_hash).not.toBe(before?.terms_hash);
    await bob.ask(offerings.import, csv('id,title', `${before?.id ?? ''},Another name`));
    expect(await ownOf(bob)).toMatchObject([{ id: after?.id, title: 'Another name', version: 3 }]);
  });

  test('that says what is there already leaves its version, and tells nobody', async () => {
    const bob = await someone();
    const { version } = await listOffering(bob);
    await t.drain();
    const text = JSON.stringify(await bob.ask(offerings.export, { query: { format: 'json' } }));
    const reply = await bob.ask(offerings.import, { body: { format: 'json', text } });
    expect(reply).toMatchObject({ updated: 1 });
    expect((await ownOf(bob))[0]).toMatchObject({ version });
    expect(await t.drain()).toBe(0);
  });

  test('never touches another’s offering', async () => {
    const [bob, eve] = [await someone(), await someone()];
    const offering = await listOffering(bob, { reference: 'mine' });
    const row = { ...simple, id: offering.id, reference: 'mine' };
    expect(await eve.ask(offerings.import, json([row]))).toMatchObject({ created: 1, updated: 0 });
    expect((await ownOf(bob))[0]).toMatchObject({ version: offering.version });
  });

  test('stands once in a file, and takes no other’s reference', async () => {
    const bob = await someone();
    await bob.ask(offerings.import, json([{ ...simple, reference: 'a' }]));
    await bob.ask(offerings.import, json([{ ...simple, reference: 'b' }]));
    const own = await ownOf(bob);
    const idOf = (reference: string) => own.find((one) => one.reference === reference)?.id;
    const seen = await preview(
      bob,
      json([
        { ...simple, reference: 'new' },
        { ...simple, reference: ' new ' },
        { id: idOf('a'), title: 'By its id' },
        { reference: 'a', title: 'By reference' },
        { id: idOf('b'), reference: 'a' },
      ]),
    );
    expect(seen.rows.map(({ action }) => action)).toEqual([
      'create',
      'refused',
      'update',
      'refused',
      'refused',
    ]);
    expect(errorsOf(seen, 2)).toEqual({ reference: 'Row 1 is the same offering' });
    expect(errorsOf(seen, 4)).toEqual({ reference: 'Row 3 is the same offering' });
    expect(errorsOf(seen, 5)).toEqual({
      reference: 'Another of your offerings has this reference',
    });
  });
});

describe('an import', () => {
  test('with one refused row changes nothing, and says which field of which row', async () => {
    const bob = await someone();
    const ask = json([simple, { ...simple, price: 'x' }, simple]);
    const refused = await bob.refused(offerings.import, ask);
    expect(refused).toMatchObject({
      code: 'import.refused',
      errors: [{ pointer: '/rows/2/price' }],
    });
    expect(await ownOf(bob)).toEqual([]);
  });

  test('of a thousand rows is one, and of one more is refused', async () => {
    const bob = await someone();
    const rows = Array.from({ length: MAX_IMPORT_ROWS }, (_, n) => `row ${n},NL,gpu,A100,1,r${n}`);
    const header = 'title,country,kind,gpu model,price,reference';
    const more = await bob.refused(offerings.previewImport, csv(header, ...rows, rows[0] ?? ''));
    expect(more).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/text' }] });
    const ask = csv(header, ...rows);
    expect(await bob.ask(offerings.import, ask)).toMatchObject({ created: MAX_IMPORT_ROWS });
    expect(await bob.ask(offerings.import, ask)).toMatchObject({ updated: MAX_IMPORT_ROWS });
    const beyond = await preview(bob, csv(header, `one more,NL,gpu,A100,1,x`));
    expect(errorsOf(beyond)[''] ?? '').toContain(MAX_OFFERINGS.toLocaleString('en'));
  });

  test.each([
    ['a quote that does not end', 'csv', 'title,price\n"open,1', /line \d/],
    ['text behind a quoted cell', 'csv', 'title,price\n"a"b,1', /line 2/],
    ['two columns of one name', 'csv', 'title,Price,price\na,1,2', /Two columns/],
    ['no known column', 'csv', 'name;cost\na;1', /No column/],
    ['only the first line', 'csv', 'title,price', /no row/],
    ['half a JSON text', 'json', '[{"title":', /no JSON/],
    ['one object', 'json', '{"title":"a"}', /list of objects/],
    ['an empty list', 'json', '[]', /no row/],
  ] as const)('of %s is malformed, and says where', async (_, format, text, sentence) => {
    const bob = await someone();
    const refused = await bob.refused(offerings.previewImport, { body: { format, text } });
    expect(refused.code).toBe('request.malformed');
    expect(refused.detail).toMatch(sentence);
  });

  test('refuses rows of another shape one by one', async () => {
    const bob = await someone();
    const ragged = await preview(
      bob,
      csv('\ufefftitle,kind,country,price', 'abc,gpu', '', 'abc,compute,NL,1'),
    );
    expect(errorsOf(ragged, 1)).toEqual({
      '': 'Line 2 has 2 cells, line 1 4 names: write as many, also where they are empty',
    });
    expect(ragged.rows[1]).toMatchObject({ action: 'create' });
    const odd = await preview(bob, json([7, null, [], { title: 'a', TITLE: 'b' }, simple]));
    expect(odd.rows.map(({ errors }) => errors.length)).toEqual([1, 1, 1, 1, 0]);
  });

  test('names unknown columns, those of every object’s prototype too', async () => {
    const bob = await someone();
    const text = `[{"title":"abc","kind":"constructor","constructor":1,"__proto__":{"price":"1"},"toString":2}]`;
    const seen = await bob.ask(offerings.previewImport, { body: { format: 'json', text } });
    expect(seen.unknown_fields.sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(errorsOf(seen)).toHaveProperty('price');
    expect(errorsOf(seen)).toHaveProperty('kind');
  });

  test('larger than is taken is refused before it is read', async () => {
    const bob = await someone();
    const text = `title\n${'a'.repeat(5 * 1024 * 1024)}`;
    const refused = await bob.refused(offerings.import, { body: { format: 'csv', text } });
    expect(refused.code).toBe('request.too_large');
  });

  test('tells that everyone’s pages changed for listed rows alone', async () => {
    const bob = await someone();
    await t.drain();
    await bob.ask(offerings.import, json([simple, { ...simple, state: 'listed' }]));
    expect(await t.drain()).toBe(1);
  });
});
