import { LINUX, MONTH, YEAR, type Line, type Shared } from '../line.ts';

const monthly: Partial<Line> = { unit: 'month', min_hours: MONTH, max_hours: 3 * YEAR };
const storage: Shared = { ...monthly, kind: 'storage' };
const network: Shared = { ...monthly, kind: 'network' };
const hosting: Shared = { ...monthly, kind: 'hosting' };

const TIB = 1_024;

/** Storage, network and hosting. */
export const serviceLines: Line[] = [
  {
    ...storage,
    by: 'meadow-vault',
    code: 'box',
    title: 'Storage box {disk}, {city}',
    text:
      'Space that speaks SFTP, rsync, Borg, restic and WebDAV. Snapshots every six hours, kept ' +
      'for a month; nobody can delete one before its time, you included.',
    at: { hel: 1, nue: 1.08 },
    since: 65,
    ...{ disk_kind: 'hdd', uplink_mbps: 10_000, unmetered: true, provisioning_hours: 2 },
    features: ['Borg', 'restic', 'rsync', 'WebDAV', 'Locked snapshots'],
    sizes: [
      { code: '1t', disk_gib: TIB, price: 3.6, stock: [400, 260] },
      { code: '5t', disk_gib: 5 * TIB, price: 11.5, stock: [210, 140] },
      { code: '10t', disk_gib: 10 * TIB, price: 20.9, stock: [90, 70] },
      { code: '20t', disk_gib: 20 * TIB, price: 39, stock: [35, 24] },
    ],
  },
  {
    ...storage,
    by: 'meadow-vault',
    code: 's3',
    title: 'Object storage {disk}, S3 API, {city}',
    text:
      'Buckets with the S3 API, versioning and object lock. Three copies in two halls; reading is ' +
      'free, as it should be.',
    at: { hel: 1, nue: 1.08 },
    since: 60,
    ...{ disk_kind: 'hdd', uplink_mbps: 25_000, unmetered: true, provisioning_hours: 2 },
    features: ['S3 API', 'Object lock', 'Versioning', 'Three copies'],
    sizes: [
      { code: '5t', disk_gib: 5 * TIB, price: 27, stock: [120, 80] },
      { code: '50t', disk_gib: 50 * TIB, price: 249, stock: [20, 12] },
    ],
  },
  {
    ...storage,
    by: 'odra-servers',
    code: 'storage',
    title: 'Storage server 12x 18 TB, {city}',
    text:
      'A whole server with twelve disks, root and a hardware console. Run MinIO, Ceph or plain ' +
      'ZFS; a failed disk is swapped the same day.',
    at: { wro: 1, waw: 1.06 },
    since: 62,
    ...{ cpu_model: 'Xeon Silver 4314', vcpus: 32, memory_gib: 128, disk_kind: 'hdd' },
    ...{ uplink_mbps: 10_000, traffic_tib: 200, virtualization: 'bare_metal' },
    ...{ operating_systems: LINUX, features: ['ECC', 'BMC', '2x NVMe for the system'] },
    sizes: [{ code: '216t', disk_gib: 201_000, price: 289, setup_fee: 60, stock: [4, 2] }],
  },
  {
    ...storage,
    by: 'alpenrack',
    code: 'archive',
    title: 'Encrypted archive {disk}, {city}',
    text:
      'Cold storage for records that must be kept ten years and read once. Written twice, checked ' +
      'each quarter, and the report is yours.',
    at: { zrh: 1 },
    since: 58,
    ...{ disk_kind: 'hdd', uplink_mbps: 1_000, unmetered: true },
    features: ['Your own key', 'Write once', 'Quarterly check'],
    sizes: [
      { code: '10t', disk_gib: 10 * TIB, price: 49, stock: [18] },
      { code: '50t', disk_gib: 50 * TIB, price: 219, stock: [5] },
    ],
  },
  {
    ...storage,
    by: 'kestrel-racks',
    code: 'block',
    title: 'NVMe block volume {disk}, {city}',
    text: 'A volume over NVMe/TCP for any machine in our halls: 100,000 operations a second, steady.',
    at: { lon: 1, man: 0.95 },
    since: 43,
    ...{ disk_kind: 'nvme', uplink_mbps: 25_000, unmetered: true },
    features: ['NVMe/TCP', 'Snapshots', 'Two copies'],
    sizes: [{ code: '2t', disk_gib: 2 * TIB, price: 74, stock: [16, 12] }],
  },
  {
    ...storage,
    by: 'jonas-spare-cycles',
    code: 'nas',
    title: '{disk} on my NAS, {city}',
    text: 'Two mirrored disks for your off-site copy. Encrypt before you send; I prefer not to know.',
    at: { lej: 1 },
    since: 40,
    ...{ disk_kind: 'hdd', uplink_mbps: 250, traffic_tib: 5, max_hours: YEAR },
    features: ['SFTP', 'rsync'],
    sizes: [{ code: '8t', disk_gib: 8 * TIB, price: 12, stock: [1] }],
  },
  {
    ...storage,
    by: 'southerly-cloud',
    code: 's3',
    title: 'Object storage {disk}, {city}',
    text: 'S3 buckets on this side of the Pacific, with a copy across the Tasman each night.',
    at: { syd: 1 },
    since: 39,
    ...{ disk_kind: 'hdd', uplink_mbps: 10_000, traffic_tib: 20 },
    features: ['S3 API', 'Nightly copy to Auckland'],
    sizes: [
      { code: '2t', disk_gib: 2 * TIB, price: 24, stock: [40] },
      { code: '10t', disk_gib: 10 * TIB, price: 109, stock: [14] },
    ],
  },
  {
    ...network,
    by: 'canal-nine',
    code: 'transit',
    title: 'IP transit {uplink}, {city}',
    text:
      'Full tables over four upstreams and 900 peers, with BGP communities to steer by. You pay ' +
      'for the port, not for the peaks.',
    at: { ams: 1, fra: 1 },
    since: 66,
    ...{ unmetered: true, features: ['BGP', 'RPKI', 'Blackhole community', 'IPv6'] },
    sizes: [
      { code: '1g', uplink_mbps: 1_000, price: 140, setup_fee: 100, stock: [20, 18] },
      { code: '10g', uplink_mbps: 10_000, price: 690, setup_fee: 250, stock: [8, 7] },
      { code: '100g', uplink_mbps: 100_000, price: 4_900, setup_fee: 900, stock: [2, 1] },
    ],
  },
  {
    ...network,
    by: 'canal-nine',
    code: 'lb',
    title: 'Anycast load balancer {uplink}, Amsterdam and {city}',
    text:
      'One address that answers in both cities and moves within a second when one is gone. HTTP/3, ' +
      'TLS of your own, health checks you can read.',
    at: { fra: 1 },
    since: 54,
    ...{ unmetered: true, features: ['Anycast', 'HTTP/3', 'Health checks'] },
    sizes: [
      { code: '1g', uplink_mbps: 1_000, price: 59, stock: [30] },
      { code: '10g', uplink_mbps: 10_000, price: 289, setup_fee: 90, stock: [8] },
    ],
  },
  {
    ...network,
    by: 'canal-nine',
    code: 'ipv4',
    title: 'IPv4 /24, leased with RPKI, {city}',
    text:
      'A clean /24 with its history, announced by us or by you. We sign the ROA within a day of ' +
      'the contract.',
    at: { ams: 1 },
    since: 48,
    features: ['RPKI', 'Reverse DNS', 'Letter of authority'],
    sizes: [{ code: '24', price: 118, setup_fee: 60, stock: [6] }],
  },
  {
    ...network,
    by: 'canal-nine',
    code: 'shield',
    title: 'DDoS shield, {uplink} clean over GRE, {city}',
    text:
      'Attacks end in our scrubbing racks and the rest reaches you through a tunnel. Nothing to ' +
      'move: you announce through us and stay where you are.',
    at: { fra: 1 },
    since: 44,
    ...{ unmetered: true, features: ['GRE', 'Flow reports', '2 Tbit/s filter'] },
    sizes: [{ code: '1g', uplink_mbps: 1_000, price: 240, setup_fee: 120, stock: [9] }],
  },
  {
    ...network,
    by: 'kestrel-racks',
    code: 'transit',
    title: 'IP transit {uplink}, {city}',
    text: 'Blended transit for racks in our halls and next door, on a cross-connect we pay for.',
    at: { lon: 1, man: 1.1 },
    since: 57,
    ...{ unmetered: true, features: ['BGP', 'RPKI', 'IPv6'] },
    sizes: [{ code: '10g', uplink_mbps: 10_000, price: 620, setup_fee: 200, stock: [6, 3] }],
  },
  {
    ...network,
    by: 'straits-metal',
    code: 'transit',
    title: 'IP transit {uplink} with local peering, {city}',
    text: 'Routes to all of South-East Asia without the detour over Tokyo or Los Angeles.',
    at: { sin: 1 },
    since: 52,
    ...{ unmetered: true, features: ['BGP', 'RPKI', 'IPv6'] },
    sizes: [
      { code: '1g', uplink_mbps: 1_000, price: 390, setup_fee: 150, stock: [8] },
      { code: '10g', uplink_mbps: 10_000, price: 2_450, setup_fee: 300, stock: [2] },
    ],
  },
  {
    ...network,
    by: 'southerly-cloud',
    code: 'tasman',
    title: 'Private line {uplink} to Auckland, {city}',
    text: 'A layer 2 line under the Tasman Sea, 24 ms, on two cables that land 40 km apart.',
    at: { syd: 1 },
    since: 34,
    ...{ unmetered: true, features: ['Layer 2', 'Two cables'] },
    sizes: [{ code: '1g', uplink_mbps: 1_000, price: 880, setup_fee: 250, stock: [3] }],
  },
  {
    ...hosting,
    by: 'baltic-byteworks',
    code: 'wp',
    title: 'Managed WordPress, {disk}, {city}',
    text:
      'We update it, back it up and clean it when a plugin misbehaves. You write. A copy of the ' +
      'site to try things on is included.',
    at: { vno: 1 },
    since: 61,
    ...{ disk_kind: 'nvme', unmetered: true, features: ['Daily backup', 'Staging copy', 'TLS'] },
    sizes: [
      { code: 's', disk_gib: 10, memory_gib: 2, price: 6.5, stock: [120] },
      { code: 'l', disk_gib: 60, memory_gib: 8, price: 21, stock: [45] },
    ],
  },
  {
    ...hosting,
    by: 'baltic-byteworks',
    code: 'nextcloud',
    title: 'Managed Nextcloud {disk}, {city}',
    text: 'Files, calendars and video calls for a small office, on a server of its own.',
    at: { tll: 1 },
    since: 45,
    ...{ disk_kind: 'ssd', unmetered: true, features: ['Daily backup', 'Collabora', 'TLS'] },
    sizes: [
      { code: '500g', disk_gib: 500, memory_gib: 4, price: 14, stock: [30] },
      { code: '2t', disk_gib: 2 * TIB, memory_gib: 8, price: 34, stock: [16] },
    ],
  },
  {
    ...hosting,
    by: 'pinefall',
    code: 'pg',
    title: 'Managed PostgreSQL 18, {vcpus} vCPU, {memory}, {city}',
    text:
      'A primary and a standby in two rooms, recovery to any second of the last 14 days, and an ' +
      'upgrade that waits for your word.',
    at: { mtl: 1 },
    since: 64,
    ...{ disk_kind: 'nvme', features: ['Standby', 'Point-in-time recovery', 'pgvector'] },
    sizes: [
      { code: 's', vcpus: 2, memory_gib: 8, disk_gib: 100, price: 68, stock: [40] },
      { code: 'm', vcpus: 8, memory_gib: 32, disk_gib: 500, price: 245, stock: [16] },
      { code: 'l', vcpus: 32, memory_gib: 128, disk_gib: 2_000, price: 890, stock: [3] },
    ],
  },
  {
    ...hosting,
    by: 'kestrel-racks',
    code: 'k8s',
    title: 'Managed Kubernetes, three nodes, {city}',
    text: 'Three workers and a control plane that we carry the pager for. Upgrades each quarter.',
    at: { lon: 1 },
    since: 40,
    ...{ vcpus: 24, memory_gib: 96, disk_kind: 'nvme', disk_gib: 900, traffic_tib: 20 },
    features: ['Kubernetes 1.34', 'Ingress', 'On call at all hours'],
    sizes: [{ code: '3n', price: 310, setup_fee: 80, stock: [6] }],
  },
  {
    ...hosting,
    by: 'alpenrack',
    code: 'matrix',
    title: 'Matrix server for 200 people, {city}',
    text: 'Your own messenger under your own name, for up to 200 people, run by us and read by nobody.',
    at: { zrh: 1 },
    since: 37,
    ...{
      disk_kind: 'nvme',
      disk_gib: 200,
      unmetered: true,
      features: ['SSO', 'Bridges', 'Backup'],
    },
    sizes: [{ code: '200', vcpus: 4, memory_gib: 16, price: 65, setup_fee: 40, stock: [10] }],
  },
  {
    ...hosting,
    by: 'southerly-cloud',
    code: 'game',
    title: 'Game server host, {vcpus} vCPU at 5 GHz, {city}',
    text: 'Minecraft, Factorio, Valheim and whatever your friends have found, on one calm machine.',
    at: { syd: 1, akl: 1.05 },
    since: 49,
    ...{ cpu_model: 'Ryzen 9 7900', disk_kind: 'nvme', disk_gib: 80, unmetered: true },
    features: ['Panel', 'DDoS filter', 'Backups'],
    sizes: [{ code: '4c', vcpus: 4, memory_gib: 16, price: 26, stock: [22, 14] }],
  },
  {
    ...hosting,
    by: 'lowland-metal',
    code: 'jupyter',
    title: 'JupyterHub for a class of 30, {city}',
    text:
      'Notebooks for a course or a team, with two L40S that students share. We load your image ' +
      'and your course files before the first lesson.',
    at: { ams: 1 },
    since: 30,
    ...{ cpu_model: 'EPYC 9354', vcpus: 64, memory_gib: 256, disk_kind: 'nvme', disk_gib: 1_920 },
    ...{ gpu_model: 'L40S', gpu_count: 2, gpu_memory_gib: 48, gpu_interconnect: 'pcie' },
    ...{ unmetered: true, features: ['Shared GPUs', 'Your own sign-in', 'Daily backup'] },
    ...{ unit: 'day', min_hours: 24, max_hours: 6 * MONTH },
    sizes: [{ code: '30', price: 28, setup_fee: 60, stock: [3] }],
  },
];
