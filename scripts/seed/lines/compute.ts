import { LINUX, MONTH, YEAR, type Line, type Shared } from '../line.ts';

const machine: Shared = {
  ...{ kind: 'compute', disk_kind: 'nvme', virtualization: 'kvm', operating_systems: LINUX },
  max_hours: YEAR,
};
const monthly: Shared = { ...machine, unit: 'month', min_hours: MONTH };
const hourly: Shared = { ...machine, unit: 'hour' };

/** Virtual servers. */
export const computeLines: Line[] = [
  {
    ...monthly,
    by: 'baltic-byteworks',
    code: 'vps',
    title: 'Small server, {vcpus} vCPU and {memory}, {city}',
    text:
      'A plain virtual server with its own IPv4 address, a console in the browser and a firewall ' +
      'that starts closed. We keep the hosts half empty, so that yours stays quick.',
    at: { vno: 1, tll: 1.05 },
    since: 67,
    ...{ cpu_model: 'EPYC 7443P', uplink_mbps: 1_000, features: ['IPv4', 'IPv6', 'Console'] },
    ...{ response_hours: 12, provisioning_hours: 2 },
    sizes: [
      {
        ...{ code: 's', vcpus: 1, memory_gib: 2, disk_gib: 25, traffic_tib: 5 },
        ...{ price: 3.2, stock: [140, 90] },
      },
      {
        ...{ code: 'm', vcpus: 2, memory_gib: 4, disk_gib: 60, traffic_tib: 10 },
        ...{ price: 5.9, stock: [85, 60] },
      },
      {
        ...{ code: 'l', vcpus: 4, memory_gib: 8, disk_gib: 120, traffic_tib: 15 },
        ...{ price: 10.9, stock: [42, 31] },
      },
      {
        ...{ code: 'xl', vcpus: 8, memory_gib: 16, disk_gib: 240, traffic_tib: 20 },
        ...{ price: 20.5, stock: [18, 12] },
        note: 'Four of the eight cores are yours alone.',
      },
    ],
  },
  {
    ...hourly,
    by: 'pinefall',
    code: 'vm',
    title: '{vcpus} vCPU, {memory} virtual server, {city}',
    text:
      'General virtual servers with nightly snapshots, a private network between yours, and an ' +
      'invoice that names the building your data is in.',
    at: { mtl: 1, tor: 1.06 },
    since: 71,
    ...{ cpu_model: 'EPYC 9354', uplink_mbps: 10_000, features: ['Snapshots', 'Private network'] },
    operating_systems: [...LINUX, 'Windows Server 2025'],
    sizes: [
      {
        ...{ code: '4c', vcpus: 4, memory_gib: 16, disk_gib: 160, traffic_tib: 8 },
        ...{ price: 0.058, stock: [60, 35] },
      },
      {
        ...{ code: '8c', vcpus: 8, memory_gib: 32, disk_gib: 320, traffic_tib: 12 },
        ...{ price: 0.115, stock: [40, 22] },
      },
      {
        ...{ code: '16c', vcpus: 16, memory_gib: 64, disk_gib: 640, traffic_tib: 20 },
        ...{ price: 0.229, stock: [14, 8] },
      },
    ],
  },
  {
    ...monthly,
    by: 'kestrel-racks',
    code: 'cloud',
    title: 'Cloud server {vcpus} vCPU, {memory}, {city}',
    text:
      'Dedicated cores on machines of our own, with backups kept in the other city. Moves between ' +
      'hosts without a restart when we service them.',
    at: { lon: 1, man: 0.92 },
    since: 69,
    ...{ cpu_model: 'EPYC 9454', uplink_mbps: 10_000, features: ['Backups', 'Dedicated cores'] },
    sizes: [
      {
        ...{ code: '4c', vcpus: 4, memory_gib: 16, disk_gib: 200, traffic_tib: 10 },
        ...{ price: 31, stock: [30, 26] },
      },
      {
        ...{ code: '12c', vcpus: 12, memory_gib: 48, disk_gib: 600, traffic_tib: 20 },
        ...{ price: 88, stock: [9, 11] },
      },
    ],
  },
  {
    ...monthly,
    by: 'alpenrack',
    code: 'vault-vm',
    title: 'Swiss virtual server {vcpus} vCPU, {memory}, {city}',
    text:
      'Memory is encrypted by the processor (SEV-SNP) and the disk by your key, so that even we ' +
      'see nothing but load. You can verify the attestation yourself.',
    at: { zrh: 1, qls: 0.97 },
    since: 63,
    ...{ cpu_model: 'EPYC 9355P', uplink_mbps: 10_000, unmetered: true },
    features: ['SEV-SNP', 'Your own disk key', 'IPv6'],
    sizes: [
      {
        ...{ code: '4c', vcpus: 4, memory_gib: 16, disk_gib: 160 },
        ...{ price: 42, stock: [24, 16] },
      },
      {
        ...{ code: '16c', vcpus: 16, memory_gib: 64, disk_gib: 640 },
        ...{ price: 159, stock: [6, 4] },
      },
    ],
  },
  {
    ...hourly,
    by: 'straits-metal',
    code: 'edge',
    title: 'Edge server {vcpus} vCPU, {memory}, {city}',
    text:
      'Virtual servers on our own metal for what must be near Jakarta, Kuala Lumpur and Bangkok: ' +
      'under 30 ms to all three.',
    at: { sin: 1 },
    since: 57,
    ...{ cpu_model: 'EPYC 9354P', uplink_mbps: 5_000, features: ['Anycast ready', 'IPv6'] },
    sizes: [
      {
        ...{ code: '2c', vcpus: 2, memory_gib: 4, disk_gib: 50, traffic_tib: 3 },
        ...{ price: 0.024, stock: [55] },
      },
      {
        ...{ code: '4c', vcpus: 4, memory_gib: 8, disk_gib: 100, traffic_tib: 5 },
        ...{ price: 0.046, stock: [38] },
      },
      {
        ...{ code: '8c', vcpus: 8, memory_gib: 16, disk_gib: 200, traffic_tib: 8 },
        ...{ price: 0.089, stock: [17] },
      },
    ],
  },
  {
    ...hourly,
    by: 'southerly-cloud',
    code: 'vm',
    title: '{vcpus} vCPU, {memory}, {city}',
    text:
      'Virtual servers for people who are awake when the rest of the internet sleeps. Billed by ' +
      'the hour, backed up each night, restored by a person.',
    at: { syd: 1, akl: 1.03 },
    since: 58,
    ...{ cpu_model: 'EPYC 7543P', uplink_mbps: 2_500, features: ['Backups', 'IPv6'] },
    sizes: [
      {
        ...{ code: '2c', vcpus: 2, memory_gib: 8, disk_gib: 80, traffic_tib: 3 },
        ...{ price: 0.044, stock: [40, 20] },
      },
      {
        ...{ code: '8c', vcpus: 8, memory_gib: 32, disk_gib: 320, traffic_tib: 6 },
        ...{ price: 0.169, stock: [12, 7] },
      },
    ],
  },
  {
    ...monthly,
    by: 'pampa-compute',
    code: 'vps',
    title: 'Virtual server {vcpus} vCPU, {memory}, {city}',
    text:
      'For shops and apps with customers in the region. Support answers in Portuguese, Spanish ' +
      'and English, by people in the same time zone as you.',
    at: { gru: 1, scl: 0.96 },
    since: 55,
    ...{ cpu_model: 'EPYC 7313P', uplink_mbps: 1_000, features: ['IPv4', 'Firewall'] },
    sizes: [
      {
        ...{ code: '2c', vcpus: 2, memory_gib: 4, disk_gib: 60, traffic_tib: 3 },
        ...{ price: 9.5, stock: [48, 30] },
      },
      {
        ...{ code: '6c', vcpus: 6, memory_gib: 16, disk_gib: 200, traffic_tib: 6 },
        ...{ price: 31, stock: [15, 9] },
      },
    ],
  },
  {
    ...hourly,
    by: 'sumida-blade',
    code: 'mem',
    title: 'Memory server {vcpus} vCPU, {memory}, {city}',
    text:
      'For in-memory databases and for assembling what does not fit elsewhere. The memory is all ' +
      'yours; nothing is overbooked.',
    at: { tyo: 1, osa: 0.95 },
    since: 54,
    ...{ cpu_model: 'EPYC 9554', uplink_mbps: 10_000, features: ['Huge pages', 'IPv6'] },
    sizes: [
      {
        ...{ code: '512', vcpus: 32, memory_gib: 512, disk_gib: 1_600, traffic_tib: 10 },
        ...{ price: 1.42, stock: [3, 2] },
      },
    ],
  },
];
