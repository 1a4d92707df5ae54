import { CUDA, MONTH, perGpu, wholeNode, YEAR, type Line, type Shared } from '../line.ts';

const trained: Shared = { kind: 'gpu', unit: 'hour', max_hours: YEAR, disk_kind: 'nvme' };
const cloud: Shared = { ...trained, virtualization: 'kvm', operating_systems: CUDA };
const metal: Shared = { ...trained, virtualization: 'bare_metal', operating_systems: CUDA };

/** The accelerators that models are trained on. */
export const largeGpuLines: Line[] = [
  {
    ...cloud,
    by: 'lowland-metal',
    code: 'h100-sxm',
    title: '{gpu_count}x H100 SXM, {city}',
    text:
      'H100 SXM5 with 80 GB each, in HGX nodes that we burn in for a week before anybody gets ' +
      'one. You have root, and local NVMe that reads at 25 GB/s.',
    at: { ams: 1, fra: 1.04 },
    since: 75,
    ...{ gpu_model: 'H100 SXM', gpu_memory_gib: 80, cpu_model: 'Xeon Platinum 8480+' },
    ...{ uplink_mbps: 25_000, unmetered: true, features: ['IPv6'] },
    sizes: perGpu(
      { price: 2.18, vcpus: 28, memory_gib: 256, disk_gib: 3_840, joined: 'sxm' },
      {
        1: { stock: [9, 4], note: 'One GPU of a shared node, passed through to you alone.' },
        2: { stock: [5, 3], note: 'The two are joined by NVLink.' },
        4: { stock: [3, 2], note: 'Half a node; all four are joined by NVLink.' },
        8: {
          ...wholeNode('2x Xeon Platinum 8480+', ['NVLink', 'InfiniBand', 'IPv6', 'BMC']),
          ...{ stock: [3, 1], price: 2.09 },
          note: 'The whole node as bare metal, with its BMC and eight 400 Gbit/s ports.',
        },
      },
    ),
  },
  {
    ...cloud,
    by: 'lowland-metal',
    code: 'a100-80',
    title: '{gpu_count}x A100 80 GB SXM, {city}',
    text:
      'Our older HGX nodes, paid off and priced so. Plenty for fine-tuning and for anything ' +
      'that does not need FP8.',
    at: { ams: 1 },
    since: 75,
    ...{ gpu_model: 'A100 SXM', gpu_memory_gib: 80, cpu_model: 'EPYC 7763' },
    ...{ uplink_mbps: 10_000, unmetered: true, features: ['NVLink', 'IPv6'] },
    sizes: perGpu(
      { price: 1.19, vcpus: 32, memory_gib: 256, disk_gib: 1_920, joined: 'sxm' },
      {
        4: { stock: [2] },
        8: {
          ...wholeNode('2x EPYC 7763', ['NVLink', 'IPv6', 'BMC']),
          ...{ stock: [1], price: 1.12, note: 'The whole node as bare metal.' },
        },
      },
    ),
  },
  {
    ...cloud,
    by: 'isbre-compute',
    code: 'h200',
    title: '{gpu_count}x H200 SXM 141 GB, {city}',
    text:
      'H200 with 141 GB of HBM3e each: a 70B model fits on one card with room for its context. ' +
      'Cooled by the fjord all year, so none of them ever slows down.',
    at: { nvk: 1, lla: 1.02 },
    since: 70,
    ...{ gpu_model: 'H200 SXM', gpu_memory_gib: 141, cpu_model: 'Xeon Platinum 8592+' },
    ...{ uplink_mbps: 100_000, unmetered: true, features: ['IPv6'] },
    sizes: perGpu(
      { price: 2.74, vcpus: 32, memory_gib: 256, disk_gib: 3_840, joined: 'sxm' },
      {
        1: { stock: [6, 5] },
        8: {
          ...wholeNode('2x Xeon Platinum 8592+', ['NVLink', 'InfiniBand', 'IPv6']),
          ...{ stock: [4, 2], price: 2.62 },
          note:
            'The whole node as bare metal, with Secure Boot in your hands. Eight nodes can be ' +
            'joined at 3.2 Tbit/s; ask us.',
        },
      },
    ),
  },
  {
    ...cloud,
    by: 'isbre-compute',
    code: 'b200',
    title: '{gpu_count}x B200 180 GB, {city}',
    text:
      'Blackwell at full power, because up here we can cool it. FP4 inference and large training ' +
      'runs; please ask before your first week so that we can plan the racks together.',
    at: { nvk: 1 },
    since: 31,
    ...{ gpu_model: 'B200', gpu_memory_gib: 180, cpu_model: 'Xeon 6767P' },
    ...{ uplink_mbps: 200_000, unmetered: true, features: ['NVLink 5', 'IPv6'] },
    ...{ min_hours: 24, response_hours: 72 },
    sizes: perGpu(
      { price: 4.35, vcpus: 32, memory_gib: 384, disk_gib: 7_680, joined: 'nvlink' },
      {
        4: { stock: [2] },
        8: {
          ...wholeNode('2x Xeon 6767P', ['NVLink 5', 'InfiniBand', 'IPv6']),
          ...{ stock: [2], price: 4.19, note: 'The whole node as bare metal.' },
        },
      },
    ),
  },
  {
    ...cloud,
    by: 'isbre-compute',
    code: 'mi300x',
    title: '{gpu_count}x MI300X 192 GB, {city}',
    text:
      'AMD Instinct with 192 GB each, ROCm 6.4 installed and tried with vLLM and PyTorch. The ' +
      'most memory for the money we have.',
    at: { lla: 1 },
    since: 52,
    ...{ gpu_model: 'MI300X', gpu_memory_gib: 192, cpu_model: 'EPYC 9654' },
    operating_systems: ['Ubuntu 24.04 with ROCm 6.4'],
    ...{ uplink_mbps: 100_000, unmetered: true, features: ['IPv6'] },
    sizes: perGpu(
      { price: 2.05, vcpus: 48, memory_gib: 288, disk_gib: 3_840, joined: 'infinity_fabric' },
      {
        1: { stock: [3] },
        8: {
          ...wholeNode('2x EPYC 9654', ['Infinity Fabric', 'InfiniBand', 'IPv6']),
          ...{ stock: [2], price: 1.95, note: 'The whole node as bare metal.' },
        },
      },
    ),
  },
  {
    ...cloud,
    by: 'dry-creek-data',
    code: 'h100-sxm',
    title: '{gpu_count}x H100 SXM with shared storage, {city}',
    text:
      'H100 with a parallel file system mounted at /data: your first 10 TiB are included and ' +
      'outlive the contract by a week. Slurm and Kubernetes images are ready.',
    at: { dal: 1 },
    since: 70,
    ...{ gpu_model: 'H100 SXM', gpu_memory_gib: 80, cpu_model: 'Xeon Platinum 8468' },
    ...{ uplink_mbps: 50_000, traffic_tib: 100, features: ['Shared storage', 'Slurm'] },
    sizes: perGpu(
      { price: 2.39, vcpus: 24, memory_gib: 240, disk_gib: 1_920, joined: 'sxm' },
      { 1: { stock: [12] }, 2: { stock: [6] }, 8: { stock: [5], price: 2.29 } },
    ),
  },
  {
    ...cloud,
    by: 'dry-creek-data',
    code: 'a100-80',
    title: '{gpu_count}x A100 80 GB, {city}',
    text:
      'The dependable ones. Same images and same shared storage as our H100 nodes, so that a job ' +
      'moves between them without a change.',
    at: { dal: 1, tul: 0.94 },
    since: 66,
    ...{ gpu_model: 'A100 SXM', gpu_memory_gib: 80, cpu_model: 'EPYC 7742' },
    ...{ uplink_mbps: 25_000, traffic_tib: 100, features: ['Shared storage', 'Slurm'] },
    sizes: perGpu(
      { price: 1.34, vcpus: 16, memory_gib: 120, disk_gib: 960, joined: 'sxm' },
      { 1: { stock: [14, 8] }, 4: { stock: [4, 3] }, 8: { stock: [3, 2], price: 1.29 } },
    ),
  },
  {
    ...cloud,
    by: 'pinefall',
    code: 'a100-80',
    title: '{gpu_count}x A100 80 GB PCIe, {city}',
    text:
      'A100 on PCIe for fine-tuning and batch inference with data that has to stay in Canada. ' +
      'Snapshots of the disk each night are included.',
    at: { mtl: 1 },
    since: 60,
    ...{ gpu_model: 'A100 PCIe', gpu_memory_gib: 80, cpu_model: 'EPYC 7713' },
    ...{ uplink_mbps: 10_000, traffic_tib: 50, features: ['Snapshots', 'IPv6'] },
    sizes: perGpu(
      { price: 1.42, vcpus: 24, memory_gib: 120, disk_gib: 1_000, joined: 'pcie' },
      { 1: { stock: [7] }, 4: { stock: [2] } },
    ),
  },
  {
    ...cloud,
    by: 'sumida-blade',
    code: 'h100-sxm',
    title: '{gpu_count}x H100 SXM, {city}',
    text:
      'H100 for inference close to your users in Japan: 2 ms to most of Kantō. Whole months are ' +
      'welcome, and so is a single evening.',
    at: { tyo: 1 },
    since: 55,
    ...{ gpu_model: 'H100 SXM', gpu_memory_gib: 80, cpu_model: 'Xeon Platinum 8462Y+' },
    ...{ uplink_mbps: 25_000, traffic_tib: 60, features: ['IPv6'] },
    sizes: perGpu(
      { price: 2.85, vcpus: 16, memory_gib: 192, disk_gib: 1_920, joined: 'sxm' },
      {
        1: { stock: [4] },
        8: {
          ...wholeNode('2x Xeon Platinum 8462Y+', ['NVLink', 'IPv6']),
          ...{ stock: [1], price: 2.75, note: 'The whole node as bare metal.' },
        },
      },
    ),
  },
  {
    ...metal,
    by: 'straits-metal',
    code: 'h200',
    title: '{gpu_count}x H200 SXM node, {city}',
    text:
      'One whole HGX H200 node in the tropics, liquid cooled to the chip. Rented by the day, and ' +
      'kept for you between days if you ask.',
    at: { sin: 1 },
    since: 38,
    ...{ gpu_model: 'H200 SXM', gpu_memory_gib: 141, cpu_model: '2x EPYC 9575F' },
    ...{ unit: 'day', min_hours: 24, uplink_mbps: 100_000, traffic_tib: 200 },
    features: ['NVLink', 'Liquid cooled', 'BMC'],
    sizes: perGpu(
      { price: 74, vcpus: 32, memory_gib: 288, disk_gib: 3_840, joined: 'sxm' },
      { 8: { stock: [1] } },
    ),
  },
  {
    ...metal,
    by: 'kestrel-racks',
    code: 'gh200',
    title: '{gpu_count}x GH200 Grace Hopper, {city}',
    text:
      'Grace CPU and Hopper GPU on one board, with 480 GB of memory that both can reach. The ' +
      'processor is Arm: bring images that are built for it.',
    at: { lon: 1 },
    since: 47,
    ...{ gpu_model: 'GH200', gpu_memory_gib: 96, cpu_model: 'Grace 72 cores' },
    ...{ uplink_mbps: 25_000, traffic_tib: 50, features: ['Arm64', 'NVLink-C2C'] },
    ...{ operating_systems: ['Ubuntu 24.04 for Arm'], max_hours: 6 * MONTH },
    sizes: perGpu(
      { price: 1.79, vcpus: 72, memory_gib: 480, disk_gib: 3_840, joined: 'nvlink' },
      { 1: { stock: [2] } },
    ),
  },
];
