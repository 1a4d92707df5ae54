import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_IMPORT_ROWS } from '@berth/shared/offerings/schemas';
import { readIcpCsv } from './icp-csv.ts';

/** Serverhunter's columns, each with a cell as people write it. */
const cells: Record<string, string> = {
  'Offer Name': 'A dual core server',
  Description: '"Fast, and ""quiet"""',
  'Unique Internal identifier': 'DC29',
  'Product page URL': 'https://example.org/dc29',
  Currency: 'EUR',
  'Monthly price': '99.99',
  'Setup fee': '99',
  Visibility: 'Visible',
  'Product Type': 'VPS',
  'Virtualization type': 'KVM',
  'Billing interval': 'Monthly',
  Stock: 'In stock',
  'Processor Brand': 'Intel',
  'Processor Amount': '1',
  'Processor Cores': '2',
  'Processor Speed': '2.6 GHz',
  'Processor Name': 'Xeon® E5-1620 v4',
  'Memory Error Correction': 'non-ECC',
  'Memory Type': 'DDR4',
  'Memory Amount': '8192 MB',
  'Hard Disk Drive Amount': '0',
  'Total Hard Disk Drive Capacity': '0',
  'Solid State Disk Amount': '2',
  'Total Solid State Disk Capacity': '160 GB',
  Unmetered: 'Unmetered inbound',
  'Uplink speed': '1000 mbit',
  Traffic: '10240',
  'Datacenter Country': 'NL',
  'Datacenter City': '"Rotterdam, Netherlands"',
  'Datacenter Coordinates': '"51.9229,4.46317"',
  Features: '"KVM over IP, Managed support"',
  'Operating Systems': '"Debian 12, CentOS"',
  'Control Panel': 'cPanel',
  'GPU Name': '',
  'Payment Methods': '"PayPal, Bitcoin"',
};
const names = Object.keys(cells);

/** A file of these columns with one row for each set of cells that differ. */
const fileOf = (columns: readonly string[], ...rows: Record<string, string>[]): Uint8Array =>
  new TextEncoder().encode(
    [columns, ...rows.map((row) => columns.map((name) => row[name] ?? cells[name]))]
      .map((row) => row.join(','))
      .join('\n'),
  );
const reading = (...rows: Record<string, string>[]) => readIcpCsv(fileOf(names, ...rows));

const expected = {
  kind: 'compute',
  title: 'A dual core server',
  description: 'Fast, and "quiet"',
  reference: 'DC29',
  price_e9s: 99_990_000_000n,
  unit: 'month',
  currency: 'EUR',
  setup_fee_e9s: 99_000_000_000n,
  min_hours: 720,
  vcpus: 2,
  cpu_model: 'Xeon® E5-1620 v4',
  memory_gib: 8,
  disk_kind: 'ssd',
  disk_gib: 160,
  uplink_mbps: 1_000,
  traffic_tib: 10,
  unmetered: false,
  virtualization: 'kvm',
  country: 'NL',
  city: 'Rotterdam',
  features: ['KVM over IP', 'Managed support'],
  operating_systems: ['Debian 12', 'CentOS'],
  gpu_model: null,
  stock: 1,
  visibility: 'public',
};

test('a row of the chain’s columns becomes an offering, its units as people write them', () => {
  expect(reading({})).toMatchObject({
    offerings: [{ row: 1, reference: 'DC29', input: expected }],
    errors: [],
  });
});

test('columns are found by name in any order and letter case, and unknown ones do no harm', () => {
  const right = reading({}).offerings;
  fc.assert(
    fc.property(
      fc.shuffledSubarray(names, { minLength: names.length }),
      fc.infiniteStream(fc.boolean()),
      (order, coins) => {
        const columns = order.map((name) =>
          [...name]
            .map((letter) => (coins.next().value ? letter.toUpperCase() : letter.toLowerCase()))
            .join(''),
        );
        const written = ['Colour', ...columns].join(',');
        const row = ['blue', ...order.map((name) => cells[name])].join(',');
        expect(readIcpCsv(new TextEncoder().encode(`${written}\r\n${row}\r\n`))).toEqual({
          offerings: right,
          errors: [],
        });
      },
    ),
    { numRuns: 30 },
  );
});

test.each<[Record<string, string>, Record<string, unknown>]>([
  [{ 'Memory Amount': '64GB' }, { memory_gib: 64 }],
  [{ 'Memory Amount': '1.5 TB' }, { memory_gib: 1_536 }],
  [{ 'Memory Amount': '"16,384 MB"' }, { memory_gib: 16 }],
  [{ 'Uplink speed': '10 Gbit' }, { uplink_mbps: 10_000 }],
  [{ 'Uplink speed': '1 Gbps' }, { uplink_mbps: 1_000 }],
  [
    { 'Total Hard Disk Drive Capacity': '48 TB', 'Total Solid State Disk Capacity': '0' },
    { disk_kind: 'hdd', disk_gib: 49_152 },
  ],
  [
    { Unmetered: 'Unmetered', Traffic: '' },
    { unmetered: true, traffic_tib: null },
  ],
  [{ 'Datacenter Country': 'Germany' }, { country: 'DE' }],
  [
    { Visibility: 'Invisible', Stock: 'Out of stock' },
    { visibility: 'private', stock: 0 },
  ],
  [
    { 'Product Type': 'Dedicated', 'GPU Name': 'RTX 4090' },
    { kind: 'dedicated', gpu_model: 'RTX 4090' },
  ],
])('%o is read', (row, input) => {
  expect(reading(row)).toMatchObject({ offerings: [{ input }], errors: [] });
});

test.each<[Record<string, string>, string, Record<string, unknown>]>([
  [{ 'Memory Amount': 'plenty' }, 'memory_gib', { memory_gib: null }],
  [{ 'Processor Cores': '-2' }, 'vcpus', { vcpus: null }],
  [{ 'Processor Cores': '999999' }, 'vcpus', { vcpus: null }],
  [{ 'Processor Name': 'x'.repeat(500) }, 'cpu_model', { cpu_model: null }],
  [{ 'Virtualization type': 'Magic' }, 'virtualization', { virtualization: null }],
  [{ 'Datacenter City': 'Rot\u0000terdam' }, 'city', { city: '' }],
  [{ Stock: 'some' }, 'stock', { stock: 1 }],
  [{ Features: Array.from({ length: 99 }, (_, at) => at).join(';') }, 'features', { features: [] }],
])('%o is left out and named, and the offering stays', (row, field, input) => {
  const { offerings, errors } = reading(row);
  expect(errors).toMatchObject([{ row: 1, field }]);
  expect(offerings).toMatchObject([{ input }]);
});

test.each<[Record<string, string>, string]>([
  [{ 'Monthly price': 'ask us' }, 'price'],
  [{ 'Monthly price': '' }, 'price'],
  [{ 'Monthly price': '99999999999999999999' }, 'price'],
  [{ 'Offer Name': '' }, 'title'],
  [{ 'Product Type': 'Bicycle' }, 'kind'],
  [{ 'Datacenter Country': 'Atlantis' }, 'country'],
  [{ 'Unique Internal identifier': '' }, 'reference'],
  [{ 'Unique Internal identifier': 'x'.repeat(65) }, 'reference'],
])('%o is named, and its row alone goes', (row, field) => {
  const next = { 'Unique Internal identifier': 'DC30' };
  const { offerings, errors } = reading(row, next);
  expect(errors[0]).toMatchObject({ row: 1, field });
  expect(offerings).toMatchObject([{ row: 2, reference: 'DC30' }]);
});

test('of two rows with one identifier the first is taken', () => {
  expect(reading({}, { 'Offer Name': 'Another server' })).toMatchObject({
    offerings: [{ row: 1, input: expected }],
    errors: [{ row: 2, field: 'reference', message: 'Row 1 has it already' }],
  });
});

test('what is no such file is named and never thrown', () => {
  for (const bytes of [Uint8Array.of(0xff, 0xfe, 0x00), new TextEncoder().encode('a,"b')]) {
    expect(readIcpCsv(bytes)).toMatchObject({ offerings: [], errors: [{ row: 0, field: '' }] });
  }
  const many = reading(...Array.from({ length: MAX_IMPORT_ROWS + 1 }, () => ({})));
  expect(many).toMatchObject({ offerings: [], errors: [{ row: 0 }] });
  expect(readIcpCsv(new Uint8Array())).toEqual({ offerings: [], errors: [] });
  expect(readIcpCsv(new TextEncoder().encode('Offer Name\n"a","b"'))).toMatchObject({
    offerings: [],
    errors: [{ row: 1, field: '' }],
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.array(fc.string()), (bytes, some) => {
      readIcpCsv(bytes);
      const row = Object.fromEntries(names.map((name, at) => [name, some[at] ?? '1']));
      const { offerings, errors } = readIcpCsv(fileOf(names, row));
      expect(offerings.length + errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
