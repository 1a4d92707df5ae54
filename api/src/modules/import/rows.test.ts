import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import type { RowsInput } from '@berth/shared/offerings/bulk';
import { MAX_OFFERINGS, type OwnOfferingView } from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental } from '../../../test/rental.ts';

const { offerings } = endpoints;
type Row = RowsInput['rows'][number];
type Cells = Row['cells'];

let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const someone = () => signUp(t, `provider-${(made += 1)}`);
const simple: Cells = {
  kind: 'VPS',
  title: 'A small machine',
  country: 'Netherlands',
  price: '2.50',
};
const fresh = (cells: Cells = {}): Row => ({
  offering_id: null,
  version: null,
  cells: { ...simple, ...cells },
});
const rowOf = ({ id, version }: { id: string; version: number }, cells: Cells): Row => ({
  offering_id: id,
  version,
  cells,
});
const save = (who: Client, rows: Row[]) => who.ask(offerings.saveRows, { body: { rows } });
const refused = (who: Client, rows: Row[]) => who.refused(offerings.saveRows, { body: { rows } });
const ownOf = (who: Client, id: string): Promise<OwnOfferingView> =>
  who.ask(offerings.getOwn, { params: { offering_id: id } });

test('new and changed rows are saved together, each cell read as an import reads it', async () => {
  const ada = await someone();
  const offering = await listOffering(ada);
  const reply = await save(ada, [
    fresh({ memory_gib: '64 GB', unit: 'per month', features: 'IPv6; Backups', state: 'listed' }),
    rowOf(offering, { price: '1,250.5', disk_gib: '2 TB', traffic_tib: '', commitment: 'Spot' }),
  ]);
  expect(reply).toMatchObject({ created: 1, updated: 1, unchanged: 0 });
  const [first, second] = reply.rows;
  expect(second).toMatchObject({ offering_id: offering.id, version: offering.version + 1 });
  expect(await ownOf(ada, first?.offering_id ?? '')).toMatchObject({
    state: 'listed',
    version: 1,
    kind: 'compute',
    memory_gib: 64,
    unit: 'month',
    features: ['IPv6', 'Backups'],
    country: 'NL',
  });
  expect(await ownOf(ada, offering.id)).toMatchObject({
    price_e9s: '1250500000000',
    disk_gib: 2_048,
    commitment: 'spot',
    title: offering.title,
  });
});

test('one refused cell saves nothing, and every such cell is told by row and column', async () => {
  const ada = await someone();
  const offering = await listOffering(ada, { reference: 'taken' });
  const problem = await refused(ada, [
    fresh({ price: 'cheap', country: 'Atlantis' }),
    rowOf(offering, { title: 'Fine' }),
    fresh({ reference: 'taken' }),
    fresh({ price: '0', state: 'listed' }),
  ]);
  expect(problem).toMatchObject({ code: 'offering.refused', status: 422 });
  const cells = problem['cells'] as { row: number; field: string; message: string }[];
  expect(cells.map(({ row, field }) => [row, field])).toEqual([
    [1, 'country'],
    [1, 'price'],
    [3, 'reference'],
    [4, 'price'],
  ]);
  expect((await ownOf(ada, offering.id)).title).toBe(offering.title);
});

test('rows that were changed since they were loaded are named, and nothing is saved', async () => {
  const [ada, bob] = [await someone(), await someone()];
  const [one, two] = [await listOffering(ada), await listOffering(ada)];
  await requestRental(bob, two);
  const rows = [rowOf(one, { stock: '9' }), rowOf(two, { stock: '9' })];
  expect(await refused(ada, rows)).toMatchObject({
    code: 'offering.moved',
    offerings: [{ offering_id: two.id, version: two.version + 1 }],
  });
  expect((await ownOf(ada, one.id)).stock).toBe(one.stock);
  expect((await refused(bob, rows)).code).toBe('request.not_found');
});

test('a save that is sent again has the answer of the first, which the rows have moved on by', async () => {
  const ada = await someone();
  const row = rowOf(await listOffering(ada), { title: 'Sent twice' });
  const ask = { body: { rows: [row, fresh()] } };
  const once = { idempotency_key: 'once' };
  const first = await ada.send(offerings.saveRows, ask, once);
  const again = await ada.send(offerings.saveRows, ask, once);
  expect(again.answer()).toEqual(first.answer());
  expect(again.headers['idempotency-replayed']).toBe('true');
  const other = { body: { rows: [row] } };
  const reused = await ada.send(offerings.saveRows, other, once);
  expect(reused.problem().code).toBe('idempotency.reused');
});

test('a row that says what is there already keeps its version', async () => {
  const ada = await someone();
  const offering = await listOffering(ada);
  const reply = await save(ada, [rowOf(offering, { title: offering.title })]);
  expect(reply).toMatchObject({
    rows: [{ offering_id: offering.id, version: offering.version }],
    updated: 0,
    unchanged: 1,
  });
});

test('a thousand rows are made and changed in one save each, and one more is refused', async () => {
  const ada = await someone();
  const rows = Array.from({ length: MAX_OFFERINGS }, (_, n) =>
    fresh({ title: `Machine ${n}`, reference: `m-${n}`, state: 'listed' }),
  );
  const first = await save(ada, rows);
  expect(first.created).toBe(MAX_OFFERINGS);
  const changed = first.rows.map((row) =>
    rowOf({ id: row.offering_id, version: row.version }, { price: '3.75', stock: '4' }),
  );
  const second = await save(ada, changed);
  expect(second).toMatchObject({ created: 0, updated: MAX_OFFERINGS });
  expect(second.rows.map(({ offering_id }) => offering_id)).toEqual(
    first.rows.map(({ offering_id }) => offering_id),
  );
  expect((await refused(ada, [fresh()])).code).toBe('offering.refused');
});
