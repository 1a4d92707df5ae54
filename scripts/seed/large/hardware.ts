/** Which hardware is offered, how often, and what an hour of it goes for. */
import { findHardware } from '@berth/shared/market/hardware';
import type { Hardware } from '@berth/shared/market/hardware-table';
import { weighted } from './draw.ts';

export interface Gpu {
  hardware: Hardware;
  /** US dollars for an hour of one. */
  price: number;
}

/** Prices are medians of public lists of May 2026; weights follow how many list each. */
const gpus: readonly (readonly [model: string, weight: number, price: number])[] = [
  ['H100 SXM', 70, 2.3],
  ['A100 SXM 80GB', 55, 1.4],
  ['H200 SXM', 42, 3.2],
  ['B200', 34, 4.9],
  ['B300', 12, 5.6],
  ['A100 SXM 40GB', 18, 0.95],
  ['V100 SXM 32GB', 10, 0.25],
  ['H100 NVL', 14, 2.6],
  ['GH200 96GB', 8, 2],
  ['RTX A6000', 48, 0.5],
  ['MI300X', 12, 2.1],
  ['MI325X', 5, 2.6],
  ['MI250', 4, 1.1],
  ['RTX 4090', 120, 0.38],
  ['RTX 5090', 74, 0.62],
  ['RTX 3090', 80, 0.2],
  ['L40S', 60, 0.92],
  ['H100 PCIe', 45, 2.1],
  ['A100 PCIe 80GB', 40, 1.5],
  ['L40', 26, 0.88],
  ['RTX PRO 6000 Server', 34, 1.4],
  ['RTX 6000 Ada', 34, 0.78],
  ['A40', 22, 0.7],
  ['L4', 26, 0.45],
  ['T4', 26, 0.25],
  ['A10', 18, 0.6],
  ['A30', 8, 0.32],
  ['RTX A5000', 22, 0.24],
  ['RTX A4000', 24, 0.15],
  ['RTX 4000 Ada', 12, 0.5],
  ['RTX 4080', 20, 0.24],
  ['RTX 4070', 16, 0.17],
  ['RTX 4060 Ti 16GB', 14, 0.11],
  ['RTX 5080', 22, 0.34],
  ['RTX 5070', 12, 0.16],
  ['RTX 3080 10GB', 24, 0.1],
  ['RTX 3070', 12, 0.07],
  ['RTX 3060 12GB', 24, 0.06],
  ['RTX 2080 Ti', 14, 0.08],
  ['V100 PCIe 16GB', 8, 0.15],
  ['P40', 5, 0.07],
  ['RX 7900 XTX', 9, 0.26],
  ['MI210', 3, 0.9],
  ['Gaudi 2', 3, 1.1],
];

export const pickGpu = weighted(
  gpus.map(([model, weight, price]): [Gpu, number] => {
    const hardware = findHardware(model);
    if (!hardware) throw new Error(`No GPU is called ${model}`);
    return [{ hardware, price }, weight];
  }),
);

/** Of machines on PCIe most do not say what joins their GPUs. */
export const SAYS_INTERCONNECT = { pcie: 0.3, other: 0.9 };

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

/** How many GPUs a machine has; those that are joined by more than PCIe mostly come in eights. */
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
