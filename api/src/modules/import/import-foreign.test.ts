import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp } from '../../../test/people.ts';

const { offerings } = endpoints;
let t: TestApp;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

/** Serverhunter's columns, with a virtual server and a box of disks. */
const columns: string[][] = [
  ['Offer Name', 'A dual core server', 'A box of disks'],
  ['Description', 'Fast.', ''],
  ['Unique Internal identifier', 'DC29', 'DC30'],
  ['Product page URL', 'https://example.org/', ''],
  ['Currency', 'EUR', 'USD'],
  ['Monthly price', '99.99', '20'],
  ['Setup fee', '10', '0'],
  ['Visibility', 'Visible', 'Invisible'],
  ['Product Type', 'VPS', 'Dedicated'],
  ['Virtualization type', 'KVM', 'None'],
  ['Billing interval', 'Monthly', 'Hourly'],
  ['Stock', 'In stock', 'Out of stock'],
  ['Processor Brand', 'Intel', 'AMD'],
  ['Processor Amount', '1', '1'],
  ['Processor Cores', '2', ''],
  ['Processor Speed', '2.6 GHz', ''],
  ['Processor Name', 'Xeon E5-1620', 'EPYC'],
  ['Memory Error Correction', 'non-ECC', 'ECC'],
  ['Memory Type', 'DDR4', 'DDR4'],
  ['Memory Amount', '8192 MB', '64GB'],
  ['Hard Disk Drive Amount', '0', '4'],
  ['Total Hard Disk Drive Capacity', '0', '48 TB'],
  ['Solid State Disk Amount', '2', '0'],
  ['Total Solid State Disk Capacity', '160 GB', '0'],
  ['Unmetered', 'Unmetered inbound', 'Unmetered'],
  ['Uplink speed', '1000 mbit', '10 Gbit'],
  ['Traffic', '10240', ''],
  ['Datacenter Country', 'NL', 'Germany'],
  ['Datacenter City', '"Rotterdam, Netherlands"', 'Berlin'],
  ['Datacenter Coordinates', '"51.9,4.4"', ''],
  ['Features', '"KVM over IP, IPv6"', ''],
  ['Operating Systems', '"Debian, CentOS"', ''],
  ['Control Panel', 'cPanel', ''],
  ['GPU Name', '', 'RTX 4090'],
  ['Payment Methods', 'PayPal', ''],
];

const text = [0, 1, 2].map((at) => columns.map((column) => column[at]).join(',')).join('\r\n');

test('a file with Serverhunter’s columns is taken as it is', async () => {
  const bob = await signUp(t, 'bob');
  const seen = await bob.ask(offerings.import, { body: { format: 'csv', text } });
  expect(seen).toMatchObject({ created: 2, refused: 0 });
  expect(seen.unknown_fields).toContain('Product page URL');
  const { items } = await bob.ask(offerings.listOwn, { query: {} });
  expect(items.sort((a, b) => a.title.localeCompare(b.title))).toMatchObject([
    {
      title: 'A box of disks',
      kind: 'dedicated',
      virtualization: 'bare_metal',
      visibility: 'private',
      stock: 0,
      min_hours: 1,
      disk_kind: 'hdd',
      disk_gib: 49_152,
      unmetered: true,
      traffic_tib: null,
      country: 'DE',
      gpu_model: 'RTX 4090',
    },
    {
      title: 'A dual core server',
      reference: 'DC29',
      kind: 'compute',
      price_e9s: '99990000000',
      unit: 'month',
      currency: 'EUR',
      setup_fee_e9s: '10000000000',
      min_hours: 720,
      vcpus: 2,
      memory_gib: 8,
      disk_kind: 'ssd',
      disk_gib: 160,
      unmetered: false,
      uplink_mbps: 1_000,
      traffic_tib: 10,
      city: 'Rotterdam, Netherlands',
      features: ['KVM over IP', 'IPv6'],
      operating_systems: ['Debian', 'CentOS'],
      visibility: 'public',
    },
  ]);
});
