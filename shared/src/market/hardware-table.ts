import type { gpuInterconnects } from '../offerings/schemas.ts';

type Interconnect = (typeof gpuInterconnects)[number] | null;

export interface Hardware {
  /** One model, as `A100 SXM 80GB`. */
  name: string;
  /** What people ask for that do not mind which, as `A100`. */
  family: string;
  vendor: 'nvidia' | 'amd' | 'intel';
  generation: string;
  year: number;
  /** Of one GPU. */
  memory_gib: number;
  memory_gb_per_s: number;
  /** How several of it are joined; null where by a network of its own. */
  interconnect: Interconnect;
  /** Of one GPU, with FP32 accumulation and without sparsity; see the table. */
  fp16_tflops: number;
}

/** Name, family, year, GiB, FP16 TFLOPS, GB/s; then the interconnect where it is not PCIe. */
type Row = [string, string, number, number, number, number, Interconnect?];

/**
 * Throughput is what tensor or matrix units peak at with dense 16-bit input, FP16 or BF16
 * whichever is faster, and FP32 accumulation: "Peak FP16 Tensor TFLOPS with FP32 Accumulate" of
 * NVIDIA's architecture papers. So consumer and datacentre cards compare: a GeForce since Turing
 * does twice that with FP16 accumulation, and figures "with sparsity" are double too. Where there
 * are no such units, it is the vector rate, and never less than FP32's: Pascal's consumer cards
 * have next to no FP16. Clocks are the reference ones, not a Founders Edition's.
 *
 * Of a board with several GPUs it is one GPU, but the dies of one module (MI250, B200, Max 1550)
 * are one. Memory is as sold: an operator may see less, as 262 of a B300's 288. In each family the
 * model meant by the family's name comes first.
 *
 * Checked row by row in November 2026. 123 of 167 throughputs are published: in data sheets and
 * architecture papers of NVIDIA, AMD and Intel, read by way of everfir/gpu-database, mila-iqia's
 * IGUANE, stas00/ml-engineering, pytorch/torchtitan, huggingface.js and hmc-tech.com; where a sheet
 * gives no more, sparse FP8 by 4 and sparse FP4 by 8. 44 are cores x boost clock x 2 x the ratio of
 * matrix units to FP32: 4 in GeForce 20, 2 in GeForce 30 and A10G, 8 in professional Turing and 4
 * in later ones, 16 in A30, A800, Hopper and Max; of vectors 2 in RDNA and GTX 16, else 1. Sources
 * differ on RTX PRO 4000 (147 or 161), Max-Q of RTX PRO 6000 (439 or 464) and L40S (362 or 366).
 */
const table: Record<Hardware['vendor'], Record<string, Row[]>> = {
  nvidia: {
    Kepler: [['K80', 'K80', 2014, 12, 4.4, 240]],
    Maxwell: [
      ['M40', 'M40', 2015, 24, 6.8, 288],
      ['M60', 'M60', 2015, 8, 4.8, 160],
    ],
    Pascal: [
      ['GTX 1050 Ti', 'GTX 1050 Ti', 2016, 4, 2.1, 112],
      ['GTX 1060', 'GTX 1060', 2016, 6, 4.4, 192],
      ['GTX 1070', 'GTX 1070', 2016, 8, 6.5, 256],
      ['GTX 1070 Ti', 'GTX 1070 Ti', 2017, 8, 8.2, 256],
      ['GTX 1080', 'GTX 1080', 2016, 8, 8.9, 320],
      ['GTX 1080 Ti', 'GTX 1080 Ti', 2017, 11, 11.3, 484],
      ['Titan Xp', 'Titan Xp', 2017, 12, 12.1, 548],
      ['Quadro P4000', 'Quadro P4000', 2017, 8, 5.3, 243],
      ['Quadro P5000', 'Quadro P5000', 2016, 16, 8.9, 288],
      ['Quadro P6000', 'Quadro P6000', 2016, 24, 12.6, 432],
      ['P4', 'P4', 2016, 8, 5.4, 192],
      ['P40', 'P40', 2016, 24, 11.8, 346],
      ['P100 PCIe 16GB', 'P100', 2016, 16, 18.7, 732],
      ['P100 PCIe 12GB', 'P100', 2016, 12, 18.7, 549],
      ['P100 SXM', 'P100', 2016, 16, 21.2, 732, 'sxm'],
    ],
    Volta: [
      ['V100 SXM 16GB', 'V100', 2017, 16, 125, 900, 'sxm'],
      ['V100 SXM 32GB', 'V100', 2018, 32, 125, 900, 'sxm'],
      ['V100 PCIe 16GB', 'V100', 2017, 16, 112, 900],
      ['V100 PCIe 32GB', 'V100', 2018, 32, 112, 900],
      ['V100S', 'V100S', 2019, 32, 130, 1_134],
      ['Titan V', 'Titan V', 2017, 12, 110, 653],
    ],
    Turing: [
      ['GTX 1650', 'GTX 1650', 2019, 4, 6, 128],
      ['GTX 1660', 'GTX 1660', 2019, 6, 10, 192],
      ['GTX 1660 Super', 'GTX 1660 Super', 2019, 6, 10, 336],
      ['GTX 1660 Ti', 'GTX 1660 Ti', 2019, 6, 10.9, 288],
      ['RTX 2060', 'RTX 2060', 2019, 6, 25.8, 336],
      ['RTX 2060 Super', 'RTX 2060 Super', 2019, 8, 28.7, 448],
      ['RTX 2070', 'RTX 2070', 2018, 8, 29.9, 448],
      ['RTX 2070 Super', 'RTX 2070 Super', 2019, 8, 36.2, 448],
      ['RTX 2080', 'RTX 2080', 2018, 8, 40.3, 448],
      ['RTX 2080 Super', 'RTX 2080 Super', 2019, 8, 44.6, 496],
      ['RTX 2080 Ti', 'RTX 2080 Ti', 2018, 11, 53.8, 616],
      ['Titan RTX', 'Titan RTX', 2018, 24, 130.5, 672],
      ['Quadro RTX 4000', 'Quadro RTX 4000', 2018, 8, 57, 416],
      ['Quadro RTX 5000', 'Quadro RTX 5000', 2018, 16, 89.2, 448],
      ['Quadro RTX 6000', 'Quadro RTX 6000', 2018, 24, 130.5, 672],
      ['Quadro RTX 8000', 'Quadro RTX 8000', 2018, 48, 130.5, 672],
      ['T4', 'T4', 2018, 16, 65, 320],
    ],
    Ampere: [
      ['RTX 3050', 'RTX 3050', 2022, 8, 18.2, 224],
      ['RTX 3060 12GB', 'RTX 3060', 2021, 12, 25.5, 360],
      ['RTX 3060 8GB', 'RTX 3060', 2022, 8, 25.5, 240],
      ['RTX 3060 Ti', 'RTX 3060 Ti', 2020, 8, 32.4, 448],
      ['RTX 3070', 'RTX 3070', 2020, 8, 40.6, 448],
      ['RTX 3070 Ti', 'RTX 3070 Ti', 2021, 8, 43.5, 608],
      ['RTX 3080 10GB', 'RTX 3080', 2020, 10, 59.5, 760],
      ['RTX 3080 12GB', 'RTX 3080', 2022, 12, 61.3, 912],
      ['RTX 3080 Ti', 'RTX 3080 Ti', 2021, 12, 68.2, 912],
      ['RTX 3090', 'RTX 3090', 2020, 24, 71.2, 936],
      ['RTX 3090 Ti', 'RTX 3090 Ti', 2022, 24, 80, 1_008],
      ['RTX A2000 12GB', 'RTX A2000', 2021, 12, 31.9, 288],
      ['RTX A2000 6GB', 'RTX A2000', 2021, 6, 31.9, 288],
      ['RTX A4000', 'RTX A4000', 2021, 16, 76.7, 448],
      ['RTX A4500', 'RTX A4500', 2021, 20, 94.6, 640],
      ['RTX A5000', 'RTX A5000', 2021, 24, 111.1, 768],
      ['RTX A5500', 'RTX A5500', 2022, 24, 136.4, 768],
      ['RTX A6000', 'RTX A6000', 2020, 48, 154.8, 768],
      ['A2', 'A2', 2021, 16, 18, 200],
      ['A10', 'A10', 2021, 24, 125, 600],
      ['A10G', 'A10G', 2021, 24, 70, 600],
      ['A16', 'A16', 2021, 16, 17.4, 200],
      ['A30', 'A30', 2021, 24, 165, 933],
      ['A40', 'A40', 2020, 48, 149.7, 696],
      ['A100 SXM 80GB', 'A100', 2020, 80, 312, 2_039, 'sxm'],
      ['A100 SXM 40GB', 'A100', 2020, 40, 312, 1_555, 'sxm'],
      ['A100 PCIe 80GB', 'A100', 2021, 80, 312, 1_935],
      ['A100 PCIe 40GB', 'A100', 2020, 40, 312, 1_555],
      ['A800 SXM 80GB', 'A800', 2022, 80, 312, 2_039, 'sxm'],
      ['A800 PCIe 80GB', 'A800', 2022, 80, 312, 1_935],
      ['A800 PCIe 40GB', 'A800', 2022, 40, 312, 1_555],
    ],
    'Ada Lovelace': [
      ['RTX 4060', 'RTX 4060', 2023, 8, 30.2, 272],
      ['RTX 4060 Ti 8GB', 'RTX 4060 Ti', 2023, 8, 44.1, 288],
      ['RTX 4060 Ti 16GB', 'RTX 4060 Ti', 2023, 16, 44.1, 288],
      ['RTX 4070', 'RTX 4070', 2023, 12, 58.3, 504],
      ['RTX 4070 Super', 'RTX 4070 Super', 2024, 12, 71, 504],
      ['RTX 4070 Ti', 'RTX 4070 Ti', 2023, 12, 80.2, 504],
      ['RTX 4070 Ti Super', 'RTX 4070 Ti Super', 2024, 16, 88.2, 672],
      ['RTX 4080', 'RTX 4080', 2022, 16, 97.5, 717],
      ['RTX 4080 Super', 'RTX 4080 Super', 2024, 16, 104.4, 736],
      ['RTX 4090', 'RTX 4090', 2022, 24, 165.2, 1_008],
      ['RTX 4090 D', 'RTX 4090 D', 2023, 24, 147.1, 1_008],
      ['RTX 2000 Ada', 'RTX 2000 Ada', 2024, 16, 48, 224],
      ['RTX 4000 SFF Ada', 'RTX 4000 SFF Ada', 2023, 20, 76.7, 280],
      ['RTX 4000 Ada', 'RTX 4000 Ada', 2023, 20, 106.9, 360],
      ['RTX 4500 Ada', 'RTX 4500 Ada', 2023, 24, 158.5, 432],
      ['RTX 5000 Ada', 'RTX 5000 Ada', 2023, 32, 261.1, 576],
      ['RTX 5880 Ada', 'RTX 5880 Ada', 2024, 48, 277.2, 864],
      ['RTX 6000 Ada', 'RTX 6000 Ada', 2022, 48, 364.2, 960],
      ['L4', 'L4', 2023, 24, 121, 300],
      ['L20', 'L20', 2023, 48, 119.5, 864],
      ['L40', 'L40', 2022, 48, 181, 864],
      ['L40S', 'L40S', 2023, 48, 362, 864],
    ],
    Hopper: [
      ['H100 SXM', 'H100', 2022, 80, 989.4, 3_350, 'sxm'],
      ['H100 PCIe', 'H100', 2022, 80, 756.5, 2_039],
      ['H100 NVL', 'H100', 2023, 94, 835.5, 3_938, 'nvlink'],
      ['H800 SXM', 'H800', 2023, 80, 989.4, 3_350, 'sxm'],
      ['H800 PCIe', 'H800', 2023, 80, 756.5, 2_039],
      ['H20', 'H20', 2024, 96, 148, 4_000, 'sxm'],
      ['H200 SXM', 'H200', 2024, 141, 989.4, 4_800, 'sxm'],
      ['H200 NVL', 'H200', 2024, 141, 835.5, 4_800, 'nvlink'],
      ['GH200 96GB', 'GH200', 2023, 96, 989.4, 4_000, 'nvlink'],
      ['GH200 144GB', 'GH200', 2024, 144, 989.4, 4_900, 'nvlink'],
    ],
    Blackwell: [
      ['RTX 5050', 'RTX 5050', 2025, 8, 26.3, 320],
      ['RTX 5060', 'RTX 5060', 2025, 8, 38.4, 448],
      ['RTX 5060 Ti 16GB', 'RTX 5060 Ti', 2025, 16, 47.4, 448],
      ['RTX 5060 Ti 8GB', 'RTX 5060 Ti', 2025, 8, 47.4, 448],
      ['RTX 5070', 'RTX 5070', 2025, 12, 61.7, 672],
      ['RTX 5070 Ti', 'RTX 5070 Ti', 2025, 16, 87.9, 896],
      ['RTX 5080', 'RTX 5080', 2025, 16, 112.6, 960],
      ['RTX 5090', 'RTX 5090', 2025, 32, 209.5, 1_792],
      ['RTX PRO 2000', 'RTX PRO 2000', 2025, 16, 68.1, 288],
      ['RTX PRO 4000 SFF', 'RTX PRO 4000 SFF', 2025, 24, 96.3, 432],
      ['RTX PRO 4000', 'RTX PRO 4000', 2025, 24, 161.3, 672],
      ['RTX PRO 4500', 'RTX PRO 4500', 2025, 32, 202.1, 896],
      ['RTX PRO 5000 48GB', 'RTX PRO 5000', 2025, 48, 258, 1_344],
      ['RTX PRO 5000 72GB', 'RTX PRO 5000', 2025, 72, 258, 1_344],
      ['RTX PRO 6000 Workstation', 'RTX PRO 6000', 2025, 96, 503.8, 1_792],
      ['RTX PRO 6000 Server', 'RTX PRO 6000', 2025, 96, 467.8, 1_597],
      ['RTX PRO 6000 Max-Q', 'RTX PRO 6000', 2025, 96, 438.9, 1_792],
      ['B100', 'B100', 2024, 192, 1_750, 8_000, 'sxm'],
      ['B200', 'B200', 2024, 180, 2_250, 8_000, 'sxm'],
      ['B300', 'B300', 2025, 288, 2_250, 8_000, 'sxm'],
      ['GB200', 'GB200', 2024, 186, 2_500, 8_000, 'nvlink'],
      ['GB300', 'GB300', 2025, 288, 2_500, 8_000, 'nvlink'],
    ],
  },
  amd: {
    Vega: [
      ['MI25', 'MI25', 2017, 16, 24.6, 484],
      ['MI50 16GB', 'MI50', 2018, 16, 26.5, 1_024],
      ['MI50 32GB', 'MI50', 2018, 32, 26.5, 1_024],
      ['MI60', 'MI60', 2018, 32, 29.5, 1_024],
    ],
    CDNA: [['MI100', 'MI100', 2020, 32, 184.6, 1_229]],
    'CDNA 2': [
      ['MI210', 'MI210', 2022, 64, 181, 1_638],
      ['MI250', 'MI250', 2021, 128, 362.1, 3_277, 'infinity_fabric'],
      ['MI250X', 'MI250X', 2021, 128, 383, 3_277, 'infinity_fabric'],
    ],
    'CDNA 3': [
      ['MI300A', 'MI300A', 2023, 128, 980.6, 5_300, 'infinity_fabric'],
      ['MI300X', 'MI300X', 2023, 192, 1_307.4, 5_300, 'infinity_fabric'],
      ['MI325X', 'MI325X', 2024, 256, 1_307.4, 6_000, 'infinity_fabric'],
    ],
    'CDNA 4': [
      ['MI350X', 'MI350X', 2025, 288, 2_306.9, 8_000, 'infinity_fabric'],
      ['MI355X', 'MI355X', 2025, 288, 2_516.6, 8_000, 'infinity_fabric'],
    ],
    RDNA: [['Radeon PRO V520', 'Radeon PRO V520', 2020, 8, 14.7, 512]],
    'RDNA 2': [
      ['RX 6800 XT', 'RX 6800 XT', 2020, 16, 41.5, 512],
      ['RX 6900 XT', 'RX 6900 XT', 2020, 16, 46.1, 512],
      ['Radeon PRO W6800', 'Radeon PRO W6800', 2021, 32, 35.7, 512],
      ['Radeon PRO V620', 'Radeon PRO V620', 2021, 32, 40.6, 512],
    ],
    'RDNA 3': [
      ['RX 7800 XT', 'RX 7800 XT', 2023, 16, 74.6, 624],
      ['RX 7900 GRE', 'RX 7900 GRE', 2023, 16, 92, 576],
      ['RX 7900 XT', 'RX 7900 XT', 2022, 20, 103.2, 800],
      ['RX 7900 XTX', 'RX 7900 XTX', 2022, 24, 122.8, 960],
      ['Radeon PRO V710', 'Radeon PRO V710', 2024, 28, 55.3, 448],
      ['Radeon PRO W7800 32GB', 'Radeon PRO W7800', 2023, 32, 90.4, 576],
      ['Radeon PRO W7800 48GB', 'Radeon PRO W7800', 2024, 48, 90.4, 864],
      ['Radeon PRO W7900', 'Radeon PRO W7900', 2023, 48, 122.6, 864],
    ],
    'RDNA 4': [
      ['RX 9060 XT 16GB', 'RX 9060 XT', 2025, 16, 103, 320],
      ['RX 9060 XT 8GB', 'RX 9060 XT', 2025, 8, 103, 320],
      ['RX 9070', 'RX 9070', 2025, 16, 145, 640],
      ['RX 9070 XT', 'RX 9070 XT', 2025, 16, 195, 640],
      ['Radeon AI PRO R9700', 'Radeon AI PRO R9700', 2025, 32, 191, 640],
    ],
  },
  intel: {
    Alchemist: [['Arc A770', 'Arc A770', 2022, 16, 131, 560]],
    Battlemage: [
      ['Arc B580', 'Arc B580', 2024, 12, 116.5, 456],
      ['Arc Pro B50', 'Arc Pro B50', 2025, 16, 85, 224],
      ['Arc Pro B60', 'Arc Pro B60', 2025, 24, 98.5, 456],
      ['Arc Pro B70', 'Arc Pro B70', 2026, 32, 183.5, 608],
    ],
    'Ponte Vecchio': [
      ['Max 1100', 'Max 1100', 2023, 48, 355.5, 1_229],
      ['Max 1550', 'Max 1550', 2023, 128, 839, 3_277, null],
    ],
    Gaudi: [
      ['Gaudi', 'Gaudi', 2019, 32, 60, 900, null],
      ['Gaudi 2', 'Gaudi 2', 2022, 96, 432, 2_450, null],
      ['Gaudi 3', 'Gaudi 3', 2024, 128, 1_835, 3_700, null],
    ],
  },
};

/** Every GPU that Berth knows the figures of, each family together. */
export const hardware: readonly Hardware[] = Object.entries(table).flatMap(
  ([vendor, generations]) =>
    Object.entries(generations).flatMap(([generation, rows]) =>
      rows.map(([name, family, year, memory_gib, fp16_tflops, memory_gb_per_s, ...rest]) => ({
        ...{ name, family, vendor: vendor as Hardware['vendor'], generation, year },
        ...{ memory_gib, memory_gb_per_s, fp16_tflops },
        interconnect: rest.length === 0 ? 'pcie' : (rest[0] ?? null),
      })),
    ),
);
