import { LINUX, MONTH, YEAR, type Line, type Shared } from '../line.ts';

const metal: Shared = {
  ...{ kind: 'dedicated', unit: 'month', min_hours: MONTH, max_hours: 2 * YEAR },
  ...{ disk_kind: 'nvme', virtualization: 'bare_metal', operating_systems: LINUX },
};

/** Whole machines. */
export const dedicatedLines: Line[] = [
  {
    ...metal,
    by: 'lowland-metal',
    code: 'epyc9454p',
    title: 'EPYC 9454P, {memory}, {disk} NVMe, {city}',
    text:
      'Forty-eight Zen 4 cores on one socket, which is what most databases want. Two power ' +
      'supplies, two uplinks, a BMC behind a VPN of your own.',
    at: { ams: 1, fra: 1.03 },
    since: 75,
    ...{ cpu_model: 'EPYC 9454P', vcpus: 96, uplink_mbps: 10_000, unmetered: true },
    features: ['ECC', 'BMC', 'IPv6', 'Two uplinks'],
    sizes: [
      {
        ...{ code: '384', memory_gib: 384, disk_gib: 7_680, price: 379, setup_fee: 49 },
        stock: [4, 3],
      },
    ],
  },
  {
    ...metal,
    by: 'lowland-metal',
    code: '2xepyc9654',
    title: '2x EPYC 9654, {memory}, {disk} NVMe, {city}',
    text:
      'A hundred and ninety-two cores for simulation, builds and anything that scales. It draws ' +
      '900 W and we do not bill you for one of them.',
    at: { ams: 1 },
    since: 46,
    ...{ cpu_model: '2x EPYC 9654', vcpus: 384, uplink_mbps: 25_000, unmetered: true },
    features: ['ECC', 'BMC', 'IPv6'],
    sizes: [
      {
        ...{ code: '1536', memory_gib: 1_536, disk_gib: 15_360, price: 1_090, setup_fee: 149 },
        stock: [2],
      },
    ],
  },
  {
    ...metal,
    by: 'lowland-metal',
    code: 'ryzen9950x',
    title: 'Ryzen 9 9950X, {memory}, {disk} NVMe, {city}',
    text:
      'The highest clock we have: 5.7 GHz for game servers, compilers and trading. ECC memory, ' +
      'because we tried it without.',
    at: { ams: 1, fra: 1.02 },
    since: 46,
    ...{ cpu_model: 'Ryzen 9 9950X', vcpus: 32, uplink_mbps: 10_000, unmetered: true },
    features: ['ECC', 'IPv6', 'DDoS filter'],
    sizes: [
      {
        ...{ code: '128', memory_gib: 128, disk_gib: 3_840, price: 139, setup_fee: 25 },
        stock: [7, 5],
      },
    ],
  },
  {
    ...metal,
    by: 'odra-servers',
    code: 'ryzen7950x',
    title: 'Ryzen 9 7950X, {memory}, {disk} NVMe, {city}',
    text:
      'Sixteen quick cores for the price of a virtual server elsewhere. Set up within a day, ' +
      'reinstalled by you whenever you like.',
    at: { wro: 1, waw: 1.08 },
    since: 68,
    ...{ cpu_model: 'Ryzen 9 7950X', vcpus: 32, uplink_mbps: 1_000, unmetered: true },
    features: ['Console', 'IPv6'],
    sizes: [
      {
        ...{ code: '64', memory_gib: 64, disk_gib: 1_920, price: 69, setup_fee: 20 },
        stock: [14, 6],
      },
      {
        ...{ code: '128', memory_gib: 128, disk_gib: 3_840, price: 94, setup_fee: 20 },
        stock: [11, 5],
      },
    ],
  },
  {
    ...metal,
    by: 'odra-servers',
    code: 'xeon2388g',
    title: 'Xeon E-2388G, {memory}, {disk}, {city}',
    text: 'Eight cores with ECC and a graphics unit that encodes video in hardware.',
    at: { wro: 1, waw: 1.08 },
    since: 68,
    ...{ cpu_model: 'Xeon E-2388G', vcpus: 16, uplink_mbps: 1_000, unmetered: true },
    ...{ disk_kind: 'ssd', features: ['ECC', 'Quick Sync', 'Console'] },
    sizes: [
      {
        ...{ code: '64', memory_gib: 64, disk_gib: 1_920, price: 54, setup_fee: 20 },
        stock: [9, 4],
      },
    ],
  },
  {
    ...metal,
    by: 'odra-servers',
    code: 'ryzen3600',
    title: 'Ryzen 5 3600 starter, {memory}, {city}',
    text:
      'The oldest machines in the hall, and still more than most sites need. No setup fee, no ' +
      'least term beyond a month.',
    at: { wro: 1 },
    since: 68,
    ...{ cpu_model: 'Ryzen 5 3600', vcpus: 12, uplink_mbps: 1_000, unmetered: true },
    features: ['Console'],
    sizes: [
      { code: '32', memory_gib: 32, disk_gib: 1_000, price: 29, stock: [23] },
      { code: '64', memory_gib: 64, disk_gib: 2_000, price: 36, stock: [12] },
    ],
  },
  {
    ...metal,
    by: 'odra-servers',
    code: 'epyc7443p',
    title: 'EPYC 7443P, {memory}, {disk} NVMe, {city}',
    text: 'Twenty-four Zen 3 cores and eight memory channels: a good host for virtual machines.',
    at: { wro: 1 },
    since: 53,
    ...{ cpu_model: 'EPYC 7443P', vcpus: 48, uplink_mbps: 10_000, traffic_tib: 100 },
    features: ['ECC', 'BMC', 'IPv6'],
    sizes: [
      {
        ...{ code: '256', memory_gib: 256, disk_gib: 3_840, price: 169, setup_fee: 35 },
        stock: [5],
      },
    ],
  },
  {
    ...metal,
    by: 'kestrel-racks',
    code: 'epyc7543',
    title: 'EPYC 7543, {memory}, {disk} NVMe, {city}',
    text:
      'Thirty-two cores that we have run for three years without a fault. Next-day parts are in ' +
      'the building, not in a van.',
    at: { lon: 1, man: 0.93 },
    since: 70,
    ...{ cpu_model: 'EPYC 7543', vcpus: 64, uplink_mbps: 10_000, traffic_tib: 100 },
    features: ['ECC', 'BMC', 'Private VLAN'],
    sizes: [
      {
        ...{ code: '256', memory_gib: 256, disk_gib: 3_840, price: 229, setup_fee: 60 },
        stock: [5, 6],
      },
    ],
  },
  {
    ...metal,
    by: 'kestrel-racks',
    code: '2xgold6430',
    title: '2x Xeon Gold 6430, {memory}, {disk} NVMe, {city}',
    text: 'Two sockets with AMX for inference on the processor, and room for eight more disks.',
    at: { lon: 1 },
    since: 51,
    ...{ cpu_model: '2x Xeon Gold 6430', vcpus: 128, uplink_mbps: 25_000, traffic_tib: 150 },
    features: ['ECC', 'BMC', 'AMX', 'Private VLAN'],
    sizes: [
      {
        ...{ code: '512', memory_gib: 512, disk_gib: 7_680, price: 419, setup_fee: 90 },
        stock: [3],
      },
    ],
  },
  {
    ...metal,
    by: 'alpenrack',
    code: 'epyc9354p',
    title: 'EPYC 9354P, {memory}, {disk} NVMe, {city}',
    text:
      'A machine of your own under Swiss law. At the end we overwrite the disks and send you the ' +
      'protocol, signed by the two who did it.',
    at: { zrh: 1, qls: 0.96 },
    since: 70,
    ...{ cpu_model: 'EPYC 9354P', vcpus: 64, uplink_mbps: 10_000, unmetered: true },
    features: ['ECC', 'BMC', 'Erasure protocol'],
    sizes: [
      {
        ...{ code: '384', memory_gib: 384, disk_gib: 7_680, price: 389, setup_fee: 80 },
        stock: [4, 3],
      },
    ],
  },
  {
    ...metal,
    by: 'alpenrack',
    code: 'xeon6526y',
    title: 'Xeon Gold 6526Y, {memory}, {disk} NVMe, {city}',
    text: 'High clock and few cores, for software that is licensed by the core.',
    at: { zrh: 1 },
    since: 42,
    ...{ cpu_model: 'Xeon Gold 6526Y', vcpus: 32, uplink_mbps: 10_000, unmetered: true },
    ...{ features: ['ECC', 'BMC'], operating_systems: [...LINUX, 'Windows Server 2025'] },
    sizes: [
      {
        ...{ code: '256', memory_gib: 256, disk_gib: 3_840, price: 319, setup_fee: 80 },
        stock: [2],
      },
    ],
  },
  {
    ...metal,
    by: 'straits-metal',
    code: 'epyc9354',
    title: 'EPYC 9354, {memory}, {disk} NVMe, {city}',
    text:
      'Whole machines in Singapore without the Singapore price: we own the racks and buy power ' +
      'for three years ahead.',
    at: { sin: 1 },
    since: 61,
    ...{ cpu_model: 'EPYC 9354', vcpus: 64, uplink_mbps: 10_000, traffic_tib: 40 },
    features: ['ECC', 'BMC', 'BGP session'],
    sizes: [
      {
        ...{ code: '256', memory_gib: 256, disk_gib: 3_840, price: 465, setup_fee: 75 },
        stock: [4],
      },
      {
        ...{ code: '512', memory_gib: 512, disk_gib: 7_680, price: 619, setup_fee: 75 },
        stock: [2],
      },
    ],
  },
  {
    ...metal,
    by: 'straits-metal',
    code: 'ryzen7950x3d',
    title: 'Ryzen 9 7950X3D game host, {memory}, {city}',
    text: 'Large cache and high clock for game servers, with a filter in front that knows games.',
    at: { sin: 1 },
    since: 45,
    ...{ cpu_model: 'Ryzen 9 7950X3D', vcpus: 32, uplink_mbps: 10_000, traffic_tib: 30 },
    features: ['DDoS filter', 'IPv6'],
    sizes: [
      { code: '128', memory_gib: 128, disk_gib: 1_920, price: 219, setup_fee: 40, stock: [4] },
    ],
  },
  {
    ...metal,
    by: 'dry-creek-data',
    code: 'epyc9554',
    title: 'EPYC 9554 data node, {memory}, {disk} NVMe, {city}',
    text:
      'What feeds our GPU nodes, without the GPUs: 60 TiB of NVMe and two fast ports, for data ' +
      'loading, feature stores and search.',
    at: { dal: 1, tul: 0.94 },
    since: 59,
    ...{ cpu_model: 'EPYC 9554', vcpus: 128, uplink_mbps: 50_000, traffic_tib: 200 },
    features: ['ECC', 'BMC', 'Shared storage'],
    sizes: [
      {
        ...{ code: '768', memory_gib: 768, disk_gib: 61_440, price: 980, setup_fee: 120 },
        stock: [3, 2],
      },
    ],
  },
  {
    ...metal,
    by: 'southerly-cloud',
    code: 'epyc7443p',
    title: 'EPYC 7443P, {memory}, {disk} NVMe, {city}',
    text: 'A solid host for everything a mid-sized company runs, close to the people who use it.',
    at: { syd: 1, akl: 1.04 },
    since: 50,
    ...{ cpu_model: 'EPYC 7443P', vcpus: 48, uplink_mbps: 10_000, traffic_tib: 30 },
    features: ['ECC', 'BMC', 'Backups'],
    sizes: [
      {
        ...{ code: '256', memory_gib: 256, disk_gib: 3_840, price: 349, setup_fee: 60 },
        stock: [3, 2],
      },
    ],
  },
  {
    ...metal,
    by: 'pampa-compute',
    code: 'xeon2388g',
    title: 'Xeon E-2388G, {memory}, {disk} NVMe, {city}',
    text: 'A first machine of your own, with a spare one on the shelf and hands to swap them.',
    at: { gru: 1, scl: 0.95 },
    since: 47,
    ...{ cpu_model: 'Xeon E-2388G', vcpus: 16, uplink_mbps: 1_000, traffic_tib: 20 },
    features: ['ECC', 'Console'],
    sizes: [
      {
        ...{ code: '64', memory_gib: 64, disk_gib: 1_920, price: 145, setup_fee: 30 },
        stock: [4, 3],
      },
    ],
  },
  {
    ...metal,
    by: 'sumida-blade',
    code: 'epyc9374f',
    title: 'EPYC 9374F high clock, {memory}, {disk} NVMe, {city}',
    text: 'Thirty-two cores at 4.3 GHz for trading, ad auctions and live audio, beside JPIX.',
    at: { tyo: 1 },
    since: 52,
    ...{ cpu_model: 'EPYC 9374F', vcpus: 64, uplink_mbps: 25_000, traffic_tib: 60 },
    features: ['ECC', 'BMC', 'PTP clock'],
    sizes: [
      {
        ...{ code: '384', memory_gib: 384, disk_gib: 3_840, price: 559, setup_fee: 90 },
        stock: [3],
      },
    ],
  },
  {
    ...metal,
    by: 'pinefall',
    code: 'altra80',
    title: 'Ampere Altra 80 cores, {memory}, {disk} NVMe, {city}',
    text: 'Eighty Arm cores that draw less power than a kettle. For builds, CI and web fleets.',
    at: { mtl: 1, tor: 1.05 },
    since: 56,
    ...{ cpu_model: 'Ampere Altra Q80-30', vcpus: 80, uplink_mbps: 10_000, traffic_tib: 50 },
    ...{ features: ['Arm64', 'ECC', 'BMC'], operating_systems: ['Ubuntu 24.04', 'Debian 13'] },
    sizes: [
      {
        ...{ code: '256', memory_gib: 256, disk_gib: 1_920, price: 215, setup_fee: 30 },
        stock: [5, 3],
      },
    ],
  },
  {
    ...metal,
    by: 'jonas-spare-cycles',
    code: 'ryzen5950x',
    title: 'Ryzen 9 5950X under my desk, {memory}',
    text:
      'Sixteen cores and a new water pump. Not a data centre, and priced so: fine for builds, ' +
      'tests and crunching, not for your shop.',
    at: { lej: 1 },
    since: 44,
    ...{ cpu_model: 'Ryzen 9 5950X', vcpus: 32, uplink_mbps: 500, traffic_tib: 10 },
    ...{ unit: 'day', min_hours: 24, max_hours: 3 * MONTH, features: ['SSH'] },
    sizes: [{ code: '128', memory_gib: 128, disk_gib: 2_000, price: 1.9, stock: [1] }],
  },
];
