import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { MAX_HOURS, units } from '@berth/shared/price';
import { endpoints } from '@berth/shared/endpoints';
import { currencies, decimalOf, MAX_AMOUNT_E9S } from '@berth/shared/money';
import { columnNames } from '@berth/shared/offerings/columns';
import {
  commitments,
  diskKinds,
  gpuInterconnects,
  offeringInput,
  offeringKinds,
  virtualizations,
  visibilities,
  type OfferingInput,
} from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering } from '../../../test/rental.ts';

const { offerings } = endpoints;
const fields = offeringInput.shape;
let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const someone = () => signUp(t, `provider-${(made += 1)}`);
type Format = 'csv' | 'json';
const exportOf = (client: Client, format: Format) =>
  client.ask(offerings.export, { query: { format } }) as Promise<unknown>;

/** Letters that a CSV, a spreadsheet or a list would stumble over, and any other. */
const letter = fc.oneof(
  fc.constantFrom(...'=+-@\'",;\\\t\r\n %_|é字💾'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
const textOf = (schema: z.ZodType<string | null>, maxLength = 40) =>
  fc
    .string({ unit: letter, maxLength })
    .map((text) => schema.safeParse(text).data)
    .filter((text) => typeof text === 'string');
const numberIn = (schema: z.ZodType<number | null>) =>
  fc.oneof(
    fc.integer({ min: 1, max: 4_096 }),
    fc.double({ min: 1e-7, max: 1e7, noNaN: true }).filter((n) => schema.safeParse(n).success),
  );
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
/** At any unit and length it stays below what a contract can cost. */
const price = fc.bigInt({ min: 1n, max: MAX_AMOUNT_E9S / BigInt(2 * MAX_HOURS) });
const items = fc.array(textOf(fields.features.element, 12), { maxLength: 4 });

const anyInput: fc.Arbitrary<OfferingInput> = fc
  .record({
    kind: fc.constantFrom(...offeringKinds),
    title: textOf(fields.title),
    description: textOf(fields.description, 80),
    gpu_model: textOf(fields.gpu_model),
    gpu_count: orNull(fc.integer({ min: 1, max: 1_024 })),
    gpu_memory_gib: orNull(numberIn(fields.gpu_memory_gib)),
    cpu_model: orNull(textOf(fields.cpu_model)),
    vcpus: orNull(fc.integer({ min: 1, max: 4_096 })),
    memory_gib: orNull(numberIn(fields.memory_gib)),
    disk_kind: orNull(fc.constantFrom(...diskKinds)),
    disk_gib: orNull(numberIn(fields.disk_gib)),
    uplink_mbps: orNull(fc.integer({ min: 1, max: 10_000_000 })),
    traffic_tib: orNull(numberIn(fields.traffic_tib)),
    unmetered: fc.boolean(),
    virtualization: orNull(fc.constantFrom(...virtualizations)),
    operating_systems: items,
    features: items,
    gpu_interconnect: orNull(fc.constantFrom(...gpuInterconnects)),
    commitment: orNull(fc.constantFrom(...commitments)),
    country: fc.constantFrom('NL', 'DE', 'ZZ'),
    city: textOf(fields.city),
    price_e9s: price,
    unit: fc.constantFrom(...units),
    currency: fc.constantFrom(...currencies),
    setup_fee_e9s: fc.oneof(fc.constant(0n), fc.constant(MAX_AMOUNT_E9S / 2n), price),
    min_hours: fc.integer({ min: 1, max: 100 }),
    max_hours: fc.integer({ min: 100, max: MAX_HOURS }),
    response_hours: fc.integer({ min: 1, max: 720 }),
    provisioning_hours: fc.integer({ min: 1, max: 720 }),
    stock: fc.integer({ min: 0, max: 100_000 }),
    visibility: fc.constantFrom(...visibilities),
    reference: orNull(textOf(fields.reference)),
  })
  .filter((input) => offeringInput.safeParse(z.encode(offeringInput, input)).success);

const anyOffering = fc.record({
  input: anyInput,
  state: fc.constantFrom('draft', 'listed', 'paused'),
});
const anyShop = fc.uniqueArray(anyOffering, {
  minLength: 1,
  maxLength: 12,
  selector: ({ input }) => input.reference ?? Symbol('none'),
});

/** What an export must keep, as comparable text. */
const saidBy = (state: string, input: object) =>
  JSON.stringify([state, Object.keys(fields).map((name) => input[name as keyof object])]);

async function saidIn(client: Client): Promise<string[]> {
  const { items } = await client.ask(offerings.listOwn, { query: { limit: 100 } });
  return items.map((view) => saidBy(view.state, view)).sort();
}

test('an export comes back as it was, in any format, to its own account and another', async () => {
  await fc.assert(
    fc.asyncProperty(anyShop, async (shop) => {
      const [ada, bob, eve] = [await someone(), await someone(), await someone()];
      const rows = shop.map(({ input, state }) => {
        const { price_e9s, setup_fee_e9s, ...rest } = input;
        const amounts = { price: decimalOf(price_e9s), setup_fee: decimalOf(setup_fee_e9s) };
        return { ...rest, ...amounts, state };
      });
      await ada.ask(offerings.import, { body: { format: 'json', text: JSON.stringify(rows) } });
      const said = shop
        .map(({ state, input }) => saidBy(state, z.encode(offeringInput, input)))
        .sort();
      expect(await saidIn(ada)).toEqual(said);
      for (const format of ['csv', 'json'] as const) {
        const exported = await exportOf(ada, format);
        const text = format === 'csv' ? String(exported) : JSON.stringify(exported);
        const own = await ada.ask(offerings.import, { body: { format, text } });
        expect(own).toMatchObject({ updated: shop.length, created: 0, unknown_fields: [] });
        expect(await saidIn(ada)).toEqual(said);
        const other = format === 'csv' ? bob : eve;
        const there = await other.ask(offerings.import, { body: { format, text } });
        expect(there).toMatchObject({ updated: 0, created: shop.length });
        expect(await saidIn(other)).toEqual(said);
      }
    }),
    { numRuns: 40 },
  );
});

describe('an export', () => {
  test('is a file of its type with every column, without archived offerings', async () => {
    const ada = await someone();
    const kept = await listOffering(ada, { title: 'Kept' });
    const gone = await listOffering(ada, { title: 'Archived' });
    await ada.ask(offerings.move, {
      params: { offering_id: gone.id },
      body: { action: 'archive', version: gone.version },
    });
    const csv = await ada.send(offerings.export, { query: { format: 'csv' } });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toContain('berth-offerings.csv');
    const [header, ...lines] = csv.text.trimEnd().split('\r\n');
    expect(header).toBe(columnNames.join(','));
    expect(lines).toHaveLength(1);
    const json = await ada.send(offerings.export, { query: { format: 'json' } });
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(json.text)).toMatchObject([
      { id: kept.id, state: 'listed', title: 'Kept', price: '19.92', features: ['NVLink'] },
    ]);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', "'=1+1"])(
    'never starts a cell as the formula %s would',
    async (formula) => {
      const ada = await someone();
      await listOffering(ada, { title: `${formula} and more`, features: [formula], city: formula });
      const { text } = await ada.send(offerings.export, { query: { format: 'csv' } });
      const [, row = ''] = text.split('\r\n');
      expect(row.split(',').filter((cell) => /^"?[=+\-@]/.test(cell))).toEqual([]);
      expect(row).toContain(`'${formula} and more`);
    },
  );

  test('of nothing is the first line alone', async () => {
    const ada = await someone();
    expect(await exportOf(ada, 'csv')).toBe(`${columnNames.join(',')}\r\n`);
    expect(await exportOf(ada, 'json')).toEqual([]);
  });
});
