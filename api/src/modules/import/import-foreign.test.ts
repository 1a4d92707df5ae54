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
      city: 'Rotterdam',
      features: ['KVM over IP', 'IPv6'],
      operating_systems: ['Debian', 'CentOS'],
      visibility: 'public',
    },
  ]);
});

/** The columns of Decent Cloud's export that say something, with a virtual and a whole machine. */
const exported: string[][] = [
  ['offering_id', 'vm-1', 'box-1'],
  ['offer_name', 'Small VM', 'Disk box'],
  ['description', '"Fast, quiet"', ''],
  ['currency', 'usd', 'EUR'],
  ['monthly_price', '99.99', '45'],
  ['setup_fee', '0', '10'],
  ['visibility', 'public', 'shared'],
  ['product_type', 'vps', 'dedicated'],
  ['virtualization_type', 'kvm', 'none'],
  ['billing_interval', 'monthly', 'monthly'],
  ['stock_status', 'out_of_stock', 'in_stock'],
  ['processor_amount', '1', '2'],
  ['processor_cores', '4', '16'],
  ['memory_amount', '16 GB', '4x32 GB'],
  ['hdd_amount', '0', '4'],
  ['total_hdd_capacity', '0', '32 TB'],
  ['total_ssd_capacity', '160 GB', ''],
  ['unmetered_bandwidth', 'false', 'true'],
  ['uplink_speed', '1Gbps', '10Gbps'],
  ['traffic', '20480', ''],
  ['datacenter_country', 'US', 'DE'],
  ['datacenter_city', 'New York', '"Falkenstein, Germany"'],
  ['gpu_name', '', ''],
  ['min_contract_hours', '24', ''],
  ['max_contract_hours', '720', ''],
  ['features', '"RAID,Backup"', ''],
  ['operating_systems', 'Ubuntu 22.04', ''],
];

test('an export of Decent Cloud keeps stock, ids, hours, disks and traffic, and updates by ids', async () => {
  const ada = await signUp(t, 'ada');
  const body = {
    format: 'csv' as const,
    text: [0, 1, 2].map((at) => exported.map((column) => column[at]).join(',')).join('\n'),
  };
  expect(await ada.ask(offerings.import, { body })).toMatchObject({ created: 2, refused: 0 });
  const { items } = await ada.ask(offerings.listOwn, { query: {} });
  expect(items.sort((a, b) => a.title.localeCompare(b.title))).toMatchObject([
    {
      ...{ reference: 'box-1', kind: 'dedicated', currency: 'EUR', unit: 'month' },
      ...{ price_e9s: '45000000000', setup_fee_e9s: '10000000000', visibility: 'private' },
      ...{ stock: 1, min_hours: 720, max_hours: 8_640, vcpus: 32, memory_gib: 128 },
      ...{ disk_kind: 'hdd', disk_gib: 32_768, unmetered: true, traffic_tib: null },
      ...{ country: 'DE', city: 'Falkenstein', virtualization: 'bare_metal' },
    },
    {
      ...{ reference: 'vm-1', kind: 'compute', currency: 'USD', price_e9s: '99990000000' },
      ...{ stock: 0, min_hours: 24, max_hours: 720, vcpus: 4, memory_gib: 16 },
      ...{ disk_kind: 'ssd', disk_gib: 160, unmetered: false, traffic_tib: 20 },
      ...{ features: ['RAID', 'Backup'], operating_systems: ['Ubuntu 22.04'] },
    },
  ]);
  expect(await ada.ask(offerings.import, { body })).toMatchObject({ created: 0, updated: 2 });
});
