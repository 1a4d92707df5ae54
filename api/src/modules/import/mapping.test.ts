import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { endpoints } from '@berth/shared/endpoints';
import { MAX_MAPPINGS, type importMapping } from '@berth/shared/offerings/mapping';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';

const { offerings } = endpoints;
type Mapping = z.input<typeof importMapping>;

/** 310 real offers of 21 clouds; not part of the project. */
const REAL = resolve(import.meta.dirname, '../../../../../shared/data/gpu-offerings.json');

let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const someone = () => signUp(t, `provider-${(made += 1)}`);
const from = (name: string) => ({ type: 'column' as const, from: name });
const value = (text: string) => ({ type: 'value' as const, value: text });

/** How a file of clouds' GPU prices is read. */
const clouds: Mapping = {
  rows_at: 'offerings',
  columns: {
    reference: from('id'),
    kind: value('gpu'),
    title: { type: 'text', text: '{gpu_model}, {vram_gb} GB, {provider_id} {tier}' },
    description: { type: 'text', text: '{notes} {source_url}' },
    gpu_model: { ...from('gpu_model'), transforms: [{ type: 'remove', text: 'NVIDIA ' }] },
    gpu_count: value('1'),
    gpu_memory_gib: from('vram_gb'),
    gpu_interconnect: { ...from('interconnect'), optional: true },
    vcpus: { ...from('vcpu'), optional: true },
    memory_gib: { ...from('ram_gb'), optional: true },
    commitment: {
      ...from('is_spot'),
      transforms: [{ type: 'words', words: { yes: 'spot', no: 'on_demand' } }],
    },
    price: from('price_usd_hour'),
    unit: value('hour'),
    currency: value('USD'),
    country: value('US'),
    state: value('listed'),
  },
};

/** Of the same shape as the real file. */
const sample = `{ "source": "here", "providers": [{ "id": "acme", "name": "Acme" }], "offerings": [
  { "id": "acme-4090", "provider_id": "acme", "gpu_model": "NVIDIA RTX 4090", "vram_gb": 24,
    "interconnect": "PCIe", "tier": "on-demand", "is_spot": false, "price_usd_hour": 0.340000001,
    "vcpu": 8, "ram_gb": 62.5, "notes": null, "caveats": ["Slow", "Loud"] },
  { "id": "acme-h100", "provider_id": "acme", "gpu_model": "NVIDIA H100 SXM5", "vram_gb": 80,
    "interconnect": "NVSwitch", "tier": "spot", "is_spot": true, "price_usd_hour": 1.99,
    "vcpu": 2.5, "ram_gb": null, "notes": "Hopper", "source_url": "https://example.org" } ] }`;

const file = (text: string, mapping: Mapping) => ({
  body: { format: 'json' as const, text, mapping },
});
const rowsOf = (rows: object[], columns: Mapping['columns'], rows_at = '') =>
  file(JSON.stringify(rows), { rows_at, columns });
const needed = { kind: value('compute'), title: value('A machine'), country: value('NL') };

async function ownOf(client: Client) {
  const { items } = await client.ask(offerings.listOwn, { query: { limit: 100 } });
  return items.sort((a, b) => a.title.localeCompare(b.title));
}

describe('a mapping', () => {
  test('imports a file of other names, nested one level, and reports what it cannot use', async () => {
    const ada = await someone();
    const reply = await ada.ask(offerings.import, file(sample, clouds));
    expect(reply).toMatchObject({ created: 2, refused: 0 });
    expect(reply.unknown_fields).toEqual(['caveats']);
    expect(reply.rows.map(({ left_out }) => left_out)).toEqual([
      [],
      [
        {
          field: 'gpu_interconnect',
          message: 'NVSwitch: One of pcie, nvlink, sxm, infinity_fabric',
        },
        { field: 'vcpus', message: '2.5: Write a whole number, such as 8' },
      ],
    ]);
    const [h100, rtx] = await ownOf(ada);
    expect(rtx).toMatchObject({
      reference: 'acme-4090',
      title: 'NVIDIA RTX 4090, 24 GB, acme on-demand',
      gpu_model: 'RTX 4090',
      gpu_interconnect: 'pcie',
      commitment: 'on_demand',
      vcpus: 8,
      memory_gib: 62.5,
      price_e9s: '340000001',
      state: 'listed',
    });
    expect(h100).toMatchObject({ commitment: 'spot', vcpus: null, price_e9s: '1990000000' });
    expect(await ada.ask(offerings.import, file(sample, clouds))).toMatchObject({ updated: 2 });
  });

  test('is kept under a name, used by its id, changed and forgotten', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const kept = await ada.ask(offerings.createMapping, {
      body: { name: 'Clouds', mapping: clouds },
    });
    const at = { params: { mapping_id: kept.id } };
    const body = { format: 'json' as const, text: sample, mapping_id: kept.id };
    expect(await ada.ask(offerings.previewImport, { body })).toMatchObject({ created: 2 });
    expect((await eve.refused(offerings.previewImport, { body })).code).toBe('request.not_found');
    const change = { name: 'Clouds', mapping: { rows_at: 'providers', columns: needed } };
    await ada.ask(offerings.changeMapping, { ...at, body: change });
    expect(await ada.ask(offerings.previewImport, { body })).toMatchObject({ refused: 1 });
    const again = await ada.refused(offerings.createMapping, { body: change });
    expect(again.errors).toEqual([
      { pointer: '/name', message: 'Another of your mappings has this name' },
    ]);
    expect((await eve.send(offerings.removeMapping, at)).status).toBe(404);
    await ada.ask(offerings.removeMapping, at);
    expect((await ada.ask(offerings.listMappings, {})).items).toEqual([]);
  });

  test('remembers which mark its numbers have, until a file says another', async () => {
    const ada = await someone();
    const columns = { ...needed, price: { type: 'column' as const, from: 'cost' } };
    const text = JSON.stringify([{ cost: '1.234' }]);
    const kept = await ada.ask(offerings.createMapping, {
      body: { name: 'Commas', mapping: { rows_at: '', columns, decimals: { price: 'comma' } } },
    });
    const read = async (more: Record<string, unknown>) => {
      const body = { format: 'json' as const, text, ...more };
      const { rows } = await ada.ask(offerings.previewImport, { body });
      return rows[0]?.price;
    };
    expect(await read({ mapping: { rows_at: '', columns } })).toBe('');
    expect(await read({ mapping_id: kept.id })).toBe('$1,234.00 per hour');
    expect(await read({ mapping_id: kept.id, decimals: { price: 'point' } })).toBe(
      '$1.234 per hour',
    );
  });

  test(`is one of ${MAX_MAPPINGS} at most`, async () => {
    const ada = await someone();
    const make = (n: number) =>
      ada.send(offerings.createMapping, {
        body: { name: `Number ${n}`, mapping: { rows_at: '', columns: {} } },
      });
    const statuses = await Promise.all(
      Array.from({ length: MAX_MAPPINGS + 1 }, async (_, n) => (await make(n)).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(MAX_MAPPINGS);
  });

  test('reads CSV, fixed values, and what stands in for an empty cell', async () => {
    const ada = await someone();
    const text = 'What;ignored,Per hour\r\nBox one,$0.17/hr\r\n,€1.20\r\n';
    const columns: Mapping['columns'] = {
      ...needed,
      title: { ...from('What;ignored'), otherwise: 'Unnamed box' },
      price: { ...from('Per hour'), transforms: [{ type: 'number' }] },
    };
    const body = { format: 'csv' as const, text, mapping: { rows_at: '', columns } };
    const { rows } = await ada.ask(offerings.previewImport, { body });
    expect(rows.map(({ title, price }) => [title, price])).toEqual([
      ['Box one', '$0.17 per hour'],
      ['Unnamed box', '$1.20 per hour'],
    ]);
  });

  test.each([
    ['a price of a minute', '0.0033333333', [{ type: 'multiply', by: '60' }], null],
    [
      'a price of a minute',
      '0.003333333',
      [{ type: 'multiply', by: '60' }],
      '$0.19999998 per hour',
    ],
    ['cents', '250', [{ type: 'divide', by: '100' }], '$2.50 per hour'],
    ['a third, rounded up', '1', [{ type: 'divide', by: '3' }], '$0.333333334 per hour'],
    [
      'words and a sum',
      'about 2 cents',
      [{ type: 'number' }, { type: 'divide', by: '100' }],
      '$0.02 per hour',
    ],
    ['no number', 'free', [{ type: 'number' }], null],
  ] as const)('counts exactly: %s %s', async (_, cost, transforms, price) => {
    const ada = await someone();
    const columns = { ...needed, price: { ...from('cost'), transforms: [...transforms] } };
    const { rows } = await ada.ask(offerings.previewImport, rowsOf([{ cost }], columns));
    expect(rows[0]?.price).toBe(price ?? '');
    expect(rows[0]?.action).toBe(price === null ? 'refused' : 'create');
  });

  test('takes lists apart and looks inside an object', async () => {
    const ada = await someone();
    const columns: Mapping['columns'] = {
      ...needed,
      price: from('cost.hour'),
      features: { ...from('tags'), transforms: [{ type: 'list', by: ',' }] },
      operating_systems: from('os'),
    };
    const row = { cost: { hour: 2, month: 900 }, tags: 'IPv6, Backups', os: ['Debian 13'] };
    const reply = await ada.ask(offerings.import, rowsOf([row], columns));
    expect(reply.unknown_fields).toEqual(['cost.month']);
    expect((await ownOf(ada))[0]).toMatchObject({
      price_e9s: '2000000000',
      features: ['IPv6', 'Backups'],
      operating_systems: ['Debian 13'],
    });
  });

  test('that names what the file lacks says so, before any row', async () => {
    const ada = await someone();
    const said = async (ask: ReturnType<typeof file>) =>
      (await ada.refused(offerings.previewImport, ask)).detail;
    const columns = { ...needed, price: from('cost') };
    expect(await said(rowsOf([{ price: '1' }], columns))).toBe(
      'This file has no column named cost.',
    );
    expect(await said(rowsOf([{ cost: '1' }], columns, 'offers'))).toBe(
      'There is no list at offers in this file.',
    );
    expect(await said(rowsOf([{ cost: '1' }], columns, '__proto__'))).toMatch(/no list/);
    const both = { ...rowsOf([{ cost: '1' }], columns).body, mapping_id: `map_${'0'.repeat(20)}` };
    expect((await ada.refused(offerings.previewImport, { body: both })).code).toBe(
      'request.invalid',
    );
  });
});

describe('a suggestion', () => {
  test('finds the list, names alike and what the names say, and imports when mended', async () => {
    const ada = await someone();
    const body = { format: 'json' as const, text: sample };
    const { mapping, sources, lists } = await ada.ask(offerings.suggestMapping, { body });
    expect(lists).toEqual(['offerings', 'providers']);
    expect(sources[0]).toEqual({ name: 'id', example: 'acme-4090' });
    expect(mapping.columns).toMatchObject({
      reference: { from: 'id' },
      kind: { value: 'gpu' },
      gpu_memory_gib: { from: 'vram_gb' },
      gpu_interconnect: { from: 'interconnect', optional: true },
      memory_gib: { from: 'ram_gb' },
      vcpus: { from: 'vcpu' },
      price: { from: 'price_usd_hour' },
      unit: { value: 'hour' },
      currency: { value: 'USD' },
      commitment: { from: 'is_spot' },
      description: { from: 'notes' },
    });
    const mended = { ...mapping, columns: { ...mapping.columns, country: value('US') } };
    expect(await ada.ask(offerings.previewImport, file(sample, mended))).toMatchObject({
      created: 2,
      refused: 0,
    });
  });

  test('for a file of our own names takes them as they are', async () => {
    const ada = await someone();
    const body = { format: 'csv' as const, text: 'title,Price,country\r\nA box,1.5,NL\r\n' };
    const { mapping } = await ada.ask(offerings.suggestMapping, { body });
    expect(mapping.columns).toMatchObject({
      title: { from: 'title', optional: false },
      price: { from: 'Price', transforms: [] },
      country: { from: 'country' },
    });
  });
});

const list = [
  'Offer Name,Unique Internal identifier,Currency,Monthly price,Product Type,Stock,' +
    'Processor Amount,Processor Cores,Memory Amount,Hard Disk Drive Amount,' +
    'Total Hard Disk Drive Capacity,Unmetered,Datacenter Country,Datacenter City,Features',
  'Dual box,DB-1,EUR,89.00,Dedicated,In stock,2,8,128 GB,0,0,' +
    '"Unmetered inbound, Unmetered outbound",NL,"Rotterdam, Netherlands","RAID, IPMI"',
].join('\n');

describe('a suggestion by names and cells', () => {
  test('reads a provider’s list as its own names do: a disk of 0 is no city, and no disk', async () => {
    const ada = await someone();
    const body = { format: 'csv' as const, text: list };
    const { mapping, reasons } = await ada.ask(offerings.suggestMapping, { body });
    expect(mapping.columns.city).toMatchObject({ from: 'Datacenter City' });
    expect(reasons).toMatchObject({
      city: 'header “Datacenter City”, values look like cities',
      vcpus: '“Processor Amount” processors of “Processor Cores” cores',
      unit: 'header “Monthly price”',
    });
    for (const by of [{ mapping }, {}]) {
      const reply = await ada.ask(offerings.import, { body: { ...body, ...by } });
      expect(reply).toMatchObject('mapping' in by ? { created: 1 } : { updated: 1 });
      expect((await ownOf(ada))[0]).toMatchObject({
        ...{ vcpus: 16, memory_gib: 128, disk_gib: null, unmetered: true, stock: 1 },
        ...{ city: 'Rotterdam', country: 'NL', features: ['RAID', 'IPMI'], unit: 'month' },
      });
    }
  });

  test('takes counts with decimals, and drops nothing', async () => {
    const ada = await someone();
    const text = [
      'AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region',
      'A100-80GB,2.0,32.0,250.0,3.78,EU',
      'RTX4090,1.0,8.0,48.0,0.69,US',
    ].join('\n');
    const body = { format: 'csv' as const, text };
    const { mapping } = await ada.ask(offerings.suggestMapping, { body });
    const reply = await ada.ask(offerings.import, { body: { ...body, mapping } });
    expect(reply).toMatchObject({ created: 2, unknown_fields: [] });
    expect(reply.rows.flatMap(({ left_out }) => left_out)).toEqual([]);
    expect(await ownOf(ada)).toMatchObject([
      { gpu_model: 'A100-80GB', gpu_count: 2, vcpus: 32, memory_gib: 250, country: 'EU' },
      { gpu_model: 'RTX4090', gpu_count: 1, vcpus: 8, memory_gib: 48, country: 'US' },
    ]);
  });

  test('finds columns by their cells alone, and passes over a header that they do not fit', async () => {
    const ada = await someone();
    const text = [
      'Bezeichnung;Karte;Standort;Mtl.;Preis;Arbeitsspeicher (MB);Uplink Gbps',
      'Knoten eins;RTX 4090;Deutschland;€ 0,45;ja;65536;10',
      'Knoten zwei;L40S;Niederlande;€ 1.250,00;ja;131072;25',
    ].join('\n');
    const body = { format: 'csv' as const, text };
    const { mapping, reasons } = await ada.ask(offerings.suggestMapping, { body });
    expect(reasons).toMatchObject({
      gpu_model: 'values in “Karte” look like models of GPUs',
      country: 'values in “Standort” look like countries',
      price: 'values in “Mtl.” look like prices',
    });
    const { rows, refused } = await ada.ask(offerings.import, { body: { ...body, mapping } });
    expect([refused, rows[1]?.price]).toEqual([0, '€1,250.00 per hour']);
    expect((await ownOf(ada))[0]).toMatchObject({
      ...{ title: 'Knoten eins', country: 'DE', memory_gib: 64, uplink_mbps: 10_000 },
    });
  });
});

const files: [string, () => string][] = [
  ['a sample', () => sample],
  ...(existsSync(REAL)
    ? [['the real offers of 21 clouds', () => readFileSync(REAL, 'utf8')] as [string, () => string]]
    : []),
];

describe.each(files)('%s', (_, read) => {
  const text = read();
  const source = JSON.parse(text) as { offerings: Record<string, unknown>[] };
  const created = source.offerings.length;

  test('is imported wholly, and every field that cannot be used is reported', async () => {
    const ada = await someone();
    const reply = await ada.ask(offerings.import, file(text, clouds));
    expect(reply).toMatchObject({ created, updated: 0, refused: 0 });
    const names = new Set(source.offerings.flatMap((row) => Object.keys(row)));
    const used = JSON.stringify(clouds.columns);
    expect(reply.unknown_fields.toSorted()).toEqual(
      [...names].filter((name) => !used.includes(name)).sort(),
    );
    const rows = await t.deps.db
      .selectFrom('offerings')
      .where('provider_id', '=', ada.account.id)
      .selectAll()
      .execute();
    const byReference = new Map(rows.map((row) => [row.reference, row]));
    for (const [at, offer] of source.offerings.entries()) {
      const row = byReference.get(String(offer['id']));
      const left = new Set(reply.rows[at]?.left_out.map(({ field }) => field));
      const price = Number(offer['price_usd_hour']);
      expect(row?.price_e9s).toBe(BigInt(Math.round(price * 1e9)));
      expect(row?.gpu_memory_gib).toBe(offer['vram_gb']);
      expect(row?.commitment).toBe(offer['is_spot'] === true ? 'spot' : 'on_demand');
      expect(row?.vcpus).toBe(left.has('vcpus') ? null : (offer['vcpu'] ?? null));
      expect(row?.memory_gib).toBe(left.has('memory_gib') ? null : (offer['ram_gb'] ?? null));
      const said = offer['interconnect'] ?? null;
      expect(row?.gpu_interconnect === null).toBe(said === null || left.has('gpu_interconnect'));
    }
  });

  test('is imported by what is suggested for it, with a country', async () => {
    const ada = await someone();
    const { mapping } = await ada.ask(offerings.suggestMapping, {
      body: { format: 'json', text },
    });
    const mended = { ...mapping, columns: { ...mapping.columns, country: value('US') } };
    const reply = await ada.ask(offerings.previewImport, file(text, mended));
    expect(reply).toMatchObject({ created, refused: 0 });
  });
});
