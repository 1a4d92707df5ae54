import { CUDA, MONTH, perGpu, type Line, type Shared } from '../line.ts';

const share: Shared = {
  ...{ kind: 'gpu', unit: 'hour', disk_kind: 'nvme', operating_systems: CUDA },
  max_hours: 6 * MONTH,
};
const container: Shared = { ...share, virtualization: 'container' };
const virtual: Shared = { ...share, virtualization: 'kvm' };

/** The cards for inference, rendering and learning. */
export const smallGpuLines: Line[] = [
  {
    ...virtual,
    by: 'lowland-metal',
    code: 'l40s',
    title: '{gpu_count}x L40S 48 GB, {city}',
    text:
      'Ada cards for inference, rendering and video. No NVLink, but a good deal of memory and ' +
      'three encoders on each card.',
    at: { ams: 1, fra: 1.04 },
    since: 61,
    ...{ gpu_model: 'L40S', gpu_memory_gib: 48, cpu_model: 'EPYC 9354' },
    ...{ uplink_mbps: 10_000, unmetered: true, features: ['AV1 encoders', 'IPv6'] },
    sizes: perGpu(
      { price: 0.82, vcpus: 16, memory_gib: 96, disk_gib: 960, joined: 'pcie' },
      { 1: { stock: [8, 6] }, 4: { stock: [2, 2], price: 0.79 } },
    ),
  },
  {
    ...virtual,
    by: 'dry-creek-data',
    code: 'l40s',
    title: '{gpu_count}x L40S for inference, {city}',
    text:
      'Serve a model from one of these and keep the big nodes for training. A vLLM image with ' +
      'an OpenAI-style endpoint starts by itself if you like.',
    at: { dal: 1 },
    since: 49,
    ...{ gpu_model: 'L40S', gpu_memory_gib: 48, cpu_model: 'Xeon Gold 6448Y' },
    ...{ uplink_mbps: 25_000, traffic_tib: 50, features: ['vLLM image', 'Load balancer'] },
    sizes: perGpu(
      { price: 0.94, vcpus: 16, memory_gib: 90, disk_gib: 480, joined: 'pcie' },
      { 1: { stock: [10] }, 2: { stock: [4] }, 8: { stock: [1], price: 0.89 } },
    ),
  },
  {
    ...container,
    by: 'copper-mesa',
    code: 'rtx4090',
    title: '{gpu_count}x RTX 4090 container, {city}',
    text:
      'A container with the cards, SSH and a port range of your own, up in a couple of minutes. ' +
      'Good for Blender, for diffusion models and for a weekend with a paper.',
    at: { phx: 1, slc: 0.95 },
    since: 68,
    ...{ gpu_model: 'RTX 4090', gpu_memory_gib: 24, cpu_model: 'EPYC 7543' },
    ...{ uplink_mbps: 2_500, traffic_tib: 10, features: ['SSH', 'Jupyter', 'Port range'] },
    ...{ response_hours: 6, provisioning_hours: 2 },
    sizes: perGpu(
      { price: 0.42, vcpus: 12, memory_gib: 48, disk_gib: 250, joined: 'pcie' },
      {
        1: { stock: [22, 17] },
        2: { stock: [9, 6] },
        4: { stock: [4, 3] },
        8: { stock: [2, 1], price: 0.4, note: 'A whole machine, alone on its power feed.' },
      },
    ),
  },
  {
    ...container,
    by: 'copper-mesa',
    code: 'rtx5090',
    title: '{gpu_count}x RTX 5090 32 GB, {city}',
    text:
      'The newest consumer cards, with 32 GB each, water cooled so that they hold their clock ' +
      'in a desert summer.',
    at: { phx: 1 },
    since: 33,
    ...{ gpu_model: 'RTX 5090', gpu_memory_gib: 32, cpu_model: 'EPYC 9354' },
    ...{ uplink_mbps: 5_000, traffic_tib: 10, features: ['SSH', 'Jupyter', 'Water cooled'] },
    ...{ response_hours: 6, provisioning_hours: 2 },
    sizes: perGpu(
      { price: 0.69, vcpus: 16, memory_gib: 64, disk_gib: 400, joined: 'pcie' },
      { 1: { stock: [11] }, 2: { stock: [4] }, 4: { stock: [2] } },
    ),
  },
  {
    ...container,
    by: 'copper-mesa',
    code: 'a6000',
    title: '{gpu_count}x RTX A6000 48 GB, {city}',
    text: 'Ampere workstation cards with 48 GB and ECC, for scenes that do not fit on a 4090.',
    at: { slc: 1 },
    since: 58,
    ...{ gpu_model: 'RTX A6000', gpu_memory_gib: 48, cpu_model: 'Threadripper PRO 5975WX' },
    ...{ uplink_mbps: 2_500, traffic_tib: 10, features: ['SSH', 'ECC'] },
    sizes: perGpu(
      { price: 0.49, vcpus: 16, memory_gib: 96, disk_gib: 500, joined: 'nvlink' },
      { 1: { stock: [6] }, 4: { stock: [1], note: 'Two pairs, each with an NVLink bridge.' } },
    ),
  },
  {
    ...virtual,
    by: 'pinefall',
    code: 'l4',
    title: '{gpu_count}x L4 24 GB, {city}',
    text:
      'A small, cool card for a small, steady load: embeddings, transcription, one assistant for ' +
      'an office. Cheap enough to leave on.',
    at: { mtl: 1, tor: 1.05 },
    since: 60,
    ...{ gpu_model: 'L4', gpu_memory_gib: 24, cpu_model: 'EPYC 7443' },
    ...{ uplink_mbps: 10_000, traffic_tib: 20, features: ['Snapshots', 'IPv6'] },
    sizes: perGpu(
      { price: 0.46, vcpus: 8, memory_gib: 32, disk_gib: 200, joined: 'pcie' },
      { 1: { stock: [9, 5] } },
    ),
  },
  {
    ...virtual,
    by: 'alpenrack',
    code: 'l40s',
    title: '{gpu_count}x L40S in Switzerland, {city}',
    text:
      'For clinics and banks that want a model of their own and may not send a byte abroad. ' +
      'Disks are encrypted with a key that you hold.',
    at: { zrh: 1 },
    since: 50,
    ...{ gpu_model: 'L40S', gpu_memory_gib: 48, cpu_model: 'EPYC 9354' },
    ...{ uplink_mbps: 10_000, unmetered: true, features: ['Your own disk key', 'Private VLAN'] },
    sizes: perGpu(
      { price: 1.05, vcpus: 16, memory_gib: 128, disk_gib: 960, joined: 'pcie' },
      { 1: { stock: [4] }, 4: { stock: [1] } },
    ),
  },
  {
    ...virtual,
    by: 'alpenrack',
    code: 'rtxpro6000',
    title: '{gpu_count}x RTX PRO 6000 Blackwell 96 GB, {city}',
    text: '96 GB on one card, which holds a 70B model at 8 bits. Quiet, cool, and the newest we have.',
    at: { zrh: 1 },
    since: 24,
    ...{ gpu_model: 'RTX PRO 6000', gpu_memory_gib: 96, cpu_model: 'EPYC 9355' },
    ...{ uplink_mbps: 10_000, unmetered: true, features: ['Your own disk key', 'Private VLAN'] },
    sizes: perGpu(
      { price: 1.72, vcpus: 16, memory_gib: 192, disk_gib: 1_920, joined: 'pcie' },
      { 1: { stock: [3] }, 2: { stock: [1] } },
    ),
  },
  {
    ...virtual,
    by: 'sumida-blade',
    code: 'rtx6000ada',
    title: '{gpu_count}x RTX 6000 Ada 48 GB, {city}',
    text:
      'Ada workstation cards behind a short line to your users. Often rented for speech and for ' +
      'avatars, where each millisecond is heard.',
    at: { tyo: 1, osa: 0.97 },
    since: 48,
    ...{ gpu_model: 'RTX 6000 Ada', gpu_memory_gib: 48, cpu_model: 'EPYC 9374F' },
    ...{ uplink_mbps: 10_000, traffic_tib: 30, features: ['High clock', 'IPv6'] },
    sizes: perGpu(
      { price: 0.89, vcpus: 12, memory_gib: 96, disk_gib: 800, joined: 'pcie' },
      { 1: { stock: [5, 4] }, 4: { stock: [1, 1] } },
    ),
  },
  {
    ...container,
    by: 'pampa-compute',
    code: 'rtx4090',
    title: '{gpu_count}x RTX 4090, {city}',
    text: 'Cards in South America, for South America: 6 ms to most of the city, and no import tax.',
    at: { gru: 1 },
    since: 41,
    ...{ gpu_model: 'RTX 4090', gpu_memory_gib: 24, cpu_model: 'Ryzen 9 7950X' },
    ...{ uplink_mbps: 1_000, traffic_tib: 10, features: ['SSH', 'Jupyter'] },
    sizes: perGpu(
      { price: 0.55, vcpus: 12, memory_gib: 64, disk_gib: 500, joined: 'pcie' },
      { 1: { stock: [4] }, 2: { stock: [2] } },
    ),
  },
  {
    ...container,
    by: 'jonas-spare-cycles',
    code: 'rtx3090',
    title: '{gpu_count}x RTX 3090, evenings and weekends welcome',
    text:
      'My old workstation. The card is undervolted, quiet and has never mined. I reboot it on the ' +
      'first Sunday of the month and tell you before.',
    at: { lej: 1 },
    since: 44,
    ...{ gpu_model: 'RTX 3090', gpu_memory_gib: 24, cpu_model: 'Ryzen 9 5900X' },
    ...{ uplink_mbps: 500, traffic_tib: 5, features: ['SSH'], max_hours: MONTH },
    sizes: perGpu(
      { price: 0.19, vcpus: 20, memory_gib: 56, disk_gib: 800, joined: 'pcie' },
      { 1: { stock: [1] } },
    ),
  },
  {
    ...container,
    by: 'jonas-spare-cycles',
    code: 'rtx4090',
    title: '{gpu_count}x RTX 4090 workstation, {city}',
    text:
      'Bought for a project that ended early. If you need files on it before you start, tell me in ' +
      'the memo and I put them there overnight.',
    at: { lej: 1 },
    since: 29,
    ...{ gpu_model: 'RTX 4090', gpu_memory_gib: 24, cpu_model: 'Ryzen 9 7950X' },
    ...{ uplink_mbps: 500, traffic_tib: 5, features: ['SSH'], max_hours: MONTH },
    sizes: perGpu(
      { price: 0.34, vcpus: 14, memory_gib: 60, disk_gib: 1_000, joined: 'pcie' },
      { 1: { stock: [1] }, 2: { stock: [1] } },
    ),
  },
  {
    ...virtual,
    by: 'southerly-cloud',
    code: 'rtx6000ada',
    title: '{gpu_count}x RTX 6000 Ada, {city}',
    text: 'The one GPU machine we have, and the reason we will buy a second.',
    at: { syd: 1 },
    since: 36,
    ...{ gpu_model: 'RTX 6000 Ada', gpu_memory_gib: 48, cpu_model: 'EPYC 9354P' },
    ...{ uplink_mbps: 10_000, traffic_tib: 10, features: ['Snapshots'] },
    sizes: perGpu(
      { price: 1.08, vcpus: 16, memory_gib: 96, disk_gib: 960, joined: 'pcie' },
      { 1: { stock: [2] }, 2: { stock: [1] } },
    ),
  },
];
