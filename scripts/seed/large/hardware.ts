/** Which hardware is offered, how often, and what an hour of it goes for. */
import { weighted } from './draw.ts';

type Interconnect = 'pcie' | 'nvlink' | 'sxm' | 'infinity_fabric';

export interface Gpu {
  model: string;
  memory_gib: number;
  /** US dollars for an hour of one. */
  price: number;
  interconnect: Interconnect;
  /** Whether machines of 8 are what it is made for. */
  in_eights: boolean;
}

type GpuRow = [model: string, weight: number, price: number, memory_gib: number];

const of = (interconnect: Interconnect, in_eights: boolean, rows: readonly GpuRow[]) =>
  rows.map(([model, weight, price, memory_gib]): [Gpu, number] => [
    { model, memory_gib, price, interconnect, in_eights },
    weight,
  ]);

/** Prices are medians of public lists of May 2026; weights follow how many list each. */
export const pickGpu = weighted([
  ...of('sxm', true, [
    ['H100 SXM', 70, 2.3, 80],
    ['A100 SXM 80GB', 55, 1.4, 80],
    ['H200 SXM', 42, 3.2, 141],
    ['B200', 34, 4.9, 192],
    ['B300', 12, 5.6, 288],
    ['A100 SXM 40GB', 18, 0.95, 40],
    ['V100 SXM', 10, 0.25, 32],
  ]),
  ...of('nvlink', false, [
    ['H100 NVL', 14, 2.6, 94],
    ['GH200', 8, 2, 96],
    ['RTX A6000', 48, 0.5, 48],
  ]),
  ...of('infinity_fabric', true, [
    ['MI300X', 12, 2.1, 192],
    ['MI325X', 5, 2.6, 256],
    ['MI250', 4, 1.1, 128],
  ]),
  ...of('pcie', false, [
    ['RTX 4090', 120, 0.38, 24],
    ['RTX 5090', 74, 0.62, 32],
    ['RTX 3090', 80, 0.2, 24],
    ['L40S', 60, 0.92, 48],
    ['H100 PCIe', 45, 2.1, 80],
    ['A100 PCIe 80GB', 40, 1.5, 80],
    ['L40', 26, 0.88, 48],
    ['RTX PRO 6000', 34, 1.4, 96],
    ['RTX 6000 Ada', 34, 0.78, 48],
    ['A40', 22, 0.7, 48],
    ['L4', 26, 0.45, 24],
    ['T4', 26, 0.25, 16],
    ['A10', 18, 0.6, 24],
    ['A30', 8, 0.32, 24],
    ['RTX A5000', 22, 0.24, 24],
    ['RTX A4000', 24, 0.15, 16],
    ['RTX 4000 Ada', 12, 0.5, 20],
    ['RTX 4080', 20, 0.24, 16],
    ['RTX 4070', 16, 0.17, 12],
    ['RTX 4060 Ti', 14, 0.11, 16],
    ['RTX 5080', 22, 0.34, 16],
    ['RTX 5070', 12, 0.16, 12],
    ['RTX 3080', 24, 0.1, 10],
    ['RTX 3070', 12, 0.07, 8],
    ['RTX 3060', 24, 0.06, 12],
    ['RTX 2080 Ti', 14, 0.08, 11],
    ['V100 PCIe', 8, 0.15, 16],
    ['P40', 5, 0.07, 24],
    ['RX 7900 XTX', 9, 0.26, 24],
    ['MI210', 3, 0.9, 64],
    ['Gaudi 2', 3, 1.1, 96],
  ]),
]);

/** Many consumer cards do not say what joins them. */
export const SAYS_INTERCONNECT = { consumer: 0.3, other: 0.9 };

export interface Cpu {
  model: string;
  /** Threads of one. */
  threads: number;
  /** Dollars for an hour of one thread. */
  price: number;
}

const cpu = (model: string, threads: number, price: number, weight: number): [Cpu, number] => [
  { model, threads, price },
  weight,
];

export const pickCpu = weighted([
  cpu('EPYC 9654', 192, 0.011, 26),
  cpu('EPYC 7763', 128, 0.008, 30),
  cpu('EPYC 9554', 128, 0.011, 20),
  cpu('EPYC 7543', 64, 0.008, 22),
  cpu('EPYC 9355', 64, 0.013, 10),
  cpu('Xeon Platinum 8480+', 112, 0.01, 18),
  cpu('Xeon Gold 6430', 64, 0.008, 16),
  cpu('Xeon E5-2690 v4', 28, 0.003, 18),
  cpu('Ryzen 9 9950X', 32, 0.009, 18),
  cpu('Ryzen 9 7950X', 32, 0.008, 20),
  cpu('Ryzen 9 5950X', 32, 0.006, 16),
  cpu('Core i9-13900', 32, 0.006, 14),
  cpu('Core i7-12700', 20, 0.004, 10),
  cpu('Ampere Altra Q80-30', 80, 0.004, 9),
]);

/** How many GPUs a machine has; those made for eights come in eights. */
export const pickCount = {
  eights: weighted([
    [1, 34],
    [2, 14],
    [4, 16],
    [8, 36],
  ]),
  others: weighted([
    [1, 62],
    [2, 18],
    [4, 13],
    [8, 7],
  ]),
};

export const systems = [
  'Ubuntu 24.04',
  'Ubuntu 22.04',
  'Debian 12',
  'Debian 13',
  'Rocky Linux 9',
  'AlmaLinux 9',
  'Windows Server 2022',
  'Fedora 42',
  'NixOS 25.05',
  'FreeBSD 14',
];

export const features = [
  'IPv6',
  'Snapshots',
  'DDoS protection',
  'Private network',
  'Root access',
  'Docker',
  'Backups',
  'NVLink',
  'Liquid cooling',
  'IPMI',
  'ECC memory',
  'Renewable energy',
  'InfiniBand',
  'Kubernetes',
  'Jupyter',
  'Static IP',
  'SLA 99.9 %',
  'ISO 27001',
];
