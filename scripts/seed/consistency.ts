/**
 * What one offering of the demo may not say beside another thing that it says: each rule is a
 * sentence that holds of every row. Figures are of the parts' own data sheets, and prices those
 * that are asked for them in 2026.
 */
import { countryName } from '@berth/shared/offerings/catalogue';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import { hoursPerUnit } from '@berth/shared/price';
import type { OfferingRow } from './offerings.ts';
import { places } from './places.ts';

type Interconnect = OfferingInput['gpu_interconnect'];
type Band = readonly [least: number, most: number];

/** Threads of one processor, and how many of them a machine may have. */
const processors: Readonly<Record<string, { threads: number; sockets: number }>> = {
  ...{ 'EPYC 7313P': { threads: 32, sockets: 1 }, 'EPYC 7443P': { threads: 48, sockets: 1 } },
  ...{ 'EPYC 7443': { threads: 48, sockets: 2 }, 'EPYC 7543': { threads: 64, sockets: 2 } },
  ...{ 'EPYC 7543P': { threads: 64, sockets: 1 }, 'EPYC 7713': { threads: 128, sockets: 2 } },
  ...{ 'EPYC 7742': { threads: 128, sockets: 2 }, 'EPYC 7763': { threads: 128, sockets: 2 } },
  ...{ 'EPYC 9354': { threads: 64, sockets: 2 }, 'EPYC 9354P': { threads: 64, sockets: 1 } },
  ...{ 'EPYC 9355': { threads: 64, sockets: 2 }, 'EPYC 9355P': { threads: 64, sockets: 1 } },
  ...{ 'EPYC 9374F': { threads: 64, sockets: 2 }, 'EPYC 9454': { threads: 96, sockets: 2 } },
  ...{ 'EPYC 9454P': { threads: 96, sockets: 1 }, 'EPYC 9554': { threads: 128, sockets: 2 } },
  ...{ 'EPYC 9575F': { threads: 128, sockets: 2 }, 'EPYC 9654': { threads: 192, sockets: 2 } },
  'Xeon Platinum 8462Y+': { threads: 64, sockets: 2 },
  'Xeon Platinum 8468': { threads: 96, sockets: 2 },
  'Xeon Platinum 8480+': { threads: 112, sockets: 2 },
  'Xeon Platinum 8592+': { threads: 128, sockets: 2 },
  'Xeon Gold 6430': { threads: 64, sockets: 2 },
  'Xeon Gold 6448Y': { threads: 64, sockets: 2 },
  'Xeon Gold 6526Y': { threads: 32, sockets: 2 },
  'Xeon Silver 4314': { threads: 32, sockets: 2 },
  ...{ 'Xeon 6767P': { threads: 128, sockets: 2 }, 'Xeon E-2388G': { threads: 16, sockets: 1 } },
  ...{ 'Ryzen 5 3600': { threads: 12, sockets: 1 }, 'Ryzen 9 5900X': { threads: 24, sockets: 1 } },
  ...{ 'Ryzen 9 5950X': { threads: 32, sockets: 1 }, 'Ryzen 9 7900': { threads: 24, sockets: 1 } },
  'Ryzen 9 7950X': { threads: 32, sockets: 1 },
  'Ryzen 9 7950X3D': { threads: 32, sockets: 1 },
  'Ryzen 9 9950X': { threads: 32, sockets: 1 },
  'Threadripper PRO 5975WX': { threads: 64, sockets: 1 },
  'Ampere Altra Q80-30': { threads: 80, sockets: 2 },
  'Grace 72 cores': { threads: 72, sockets: 1 },
};
const ARM = /^(Ampere|Grace)/;

interface Card {
  memory_gib: number;
  joined: readonly Interconnect[];
  /** What one is asked for an hour, in any of the currencies. */
  price: Band;
}
const card = (memory_gib: number, joined: readonly Interconnect[], price: Band): Card => ({
  ...{ memory_gib, joined, price },
});

const cards: Readonly<Record<string, Card>> = {
  'A100 PCIe': card(80, ['pcie', 'nvlink'], [1, 1.7]),
  'A100 SXM': card(80, ['sxm'], [1, 1.7]),
  B200: card(180, ['nvlink', 'sxm'], [3.8, 6]),
  GH200: card(96, ['nvlink'], [1.4, 2.4]),
  'H100 SXM': card(80, ['sxm'], [1.9, 3.2]),
  'H200 SXM': card(141, ['sxm'], [2.3, 3.6]),
  L4: card(24, ['pcie'], [0.35, 0.8]),
  L40S: card(48, ['pcie'], [0.5, 1.3]),
  MI300X: card(192, ['infinity_fabric'], [1.7, 3]),
  'RTX 3090': card(24, ['pcie', 'nvlink'], [0.15, 0.3]),
  'RTX 4090': card(24, ['pcie'], [0.3, 0.7]),
  'RTX 5090': card(32, ['pcie'], [0.55, 1]),
  'RTX 6000 Ada': card(48, ['pcie'], [0.7, 1.3]),
  'RTX A6000': card(48, ['pcie', 'nvlink'], [0.4, 0.8]),
  'RTX PRO 6000': card(96, ['pcie'], [1.4, 2.4]),
};

const GIB_PER_TIB = 1_024;
const GIB_PER_TB = 1e12 / 2 ** 30;
const MBPS_PER_GBPS = 1_000;

/** What a month of one unit of what it is costs: of a vCPU, a TiB, a Gbit/s. */
const monthly: Readonly<Record<string, { of: (row: OfferingRow) => number | null; band: Band }>> = {
  compute: { of: ({ vcpus }) => vcpus ?? null, band: [2, 35] },
  dedicated: { of: ({ vcpus }) => vcpus ?? null, band: [1.5, 12] },
  'storage nvme': { of: tib, band: [20, 60] },
  'storage hdd': { of: tib, band: [1, 14] },
  network: {
    of: ({ uplink_mbps }) => (uplink_mbps ? uplink_mbps / MBPS_PER_GBPS : null),
    band: [25, 900],
  },
};

function tib({ disk_gib }: OfferingRow): number | null {
  return disk_gib ? disk_gib / GIB_PER_TIB : null;
}

/** `2x EPYC 9654` is two of them. */
function processorOf({ cpu_model }: OfferingRow) {
  const [, count = null, name = ''] = /^(?:(\d)x )?(.+)$/.exec(cpu_model ?? '') ?? [];
  const known = processors[name];
  return known ? { ...known, named: Number(count ?? 1) } : null;
}

const hourlyOf = ({ price, unit = 'hour' }: OfferingRow): number =>
  Number(price) / hoursPerUnit[unit];
const isWithin = (value: number, [least, most]: Band): boolean => least <= value && value <= most;

const textOf = ({ title = '', description = '' }: OfferingRow): string =>
  `${title}\n${description}`;
const has = ({ features = [] }: OfferingRow, pattern: RegExp): boolean =>
  features.some((feature) => pattern.test(feature));

const cityNames = [...new Set(Object.values(places).map(({ city }) => city))];
const countryWords = [
  ...[...new Set(Object.values(places).map(({ country }) => country))].map(
    (code) => [code, countryName(code)] as const,
  ),
  ...([['CH', 'Swiss']] as const),
];
/** A whole word of a text. */
const isNamed = (text: string, word: string): boolean =>
  new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, 'u').test(text);

/** `1.9 TiB` of a title is one of these, rounded to tenths. */
const sizesOf = ({ memory_gib, disk_gib, gpu_memory_gib }: OfferingRow): string[] =>
  [memory_gib, disk_gib, gpu_memory_gib].flatMap((gib) =>
    gib ? [`${gib} GiB`, `${gib} GB`, `${Number((gib / GIB_PER_TIB).toFixed(1))} TiB`] : [],
  );

const all = (text: string, pattern: RegExp): RegExpExecArray[] => [...text.matchAll(pattern)];

type Rule = readonly [sentence: string, holds: (row: OfferingRow) => boolean];

const machineRules: readonly Rule[] = [
  [
    'Its processor is one that is known here.',
    (row) => !row.cpu_model || processorOf(row) !== null,
  ],
  [
    'Bare metal is a whole machine, with every thread of its processors.',
    (row) => {
      const cpu = processorOf(row);
      const isMetal = row.virtualization === 'bare_metal';
      return !isMetal || (cpu !== null && row.vcpus === cpu.threads * cpu.named);
    },
  ],
  [
    'A share has no more vCPUs than its host has threads.',
    (row) => {
      const cpu = processorOf(row);
      return cpu === null || (row.vcpus ?? 0) <= cpu.threads * Math.max(cpu.sockets, cpu.named);
    },
  ],
  [
    'A dedicated server is bare metal, and a virtual one is not.',
    ({ kind, virtualization }) =>
      (kind !== 'dedicated' || virtualization === 'bare_metal') &&
      (kind !== 'compute' || (virtualization ?? 'bare_metal') !== 'bare_metal'),
  ],
  [
    'What is called shared, half or passed through is not bare metal.',
    (row) =>
      row.virtualization !== 'bare_metal' ||
      !/shared node|half a node|passed through|one gpu of/i.test(textOf(row)),
  ],
  [
    'What is called bare metal is that.',
    (row) => row.virtualization === 'bare_metal' || !/bare metal/i.test(textOf(row)),
  ],
  [
    'A BMC and InfiniBand come with a whole machine.',
    (row) => row.virtualization === 'bare_metal' || !has(row, /^(BMC|InfiniBand)$/),
  ],
  [
    'Operating systems are of what somebody runs one on, and there they are said.',
    ({ operating_systems = [], virtualization }) =>
      operating_systems.length > 0 === Boolean(virtualization),
  ],
  [
    'Arm is said of Arm processors, and of no others.',
    (row) =>
      has(row, /^Arm64$/) === ARM.test(row.cpu_model ?? '') &&
      (ARM.test(row.cpu_model ?? '') ||
        !(row.operating_systems ?? []).some((os) => /Arm/.test(os))),
  ],
  [
    'A disk has a kind, and a kind a disk.',
    ({ disk_kind, disk_gib }) => Boolean(disk_kind) === Boolean(disk_gib),
  ],
  [
    'A title that says NVMe is of NVMe.',
    ({ title = '', disk_kind }) => !/NVMe/.test(title) || disk_kind === 'nvme',
  ],
  [
    'What is unmetered has no limit of traffic, and what has an uplink one of the two.',
    ({ unmetered = false, traffic_tib, uplink_mbps }) =>
      unmetered ? !traffic_tib : !uplink_mbps || Boolean(traffic_tib),
  ],
];

const gpuRules: readonly Rule[] = [
  [
    'A GPU has a model, a number and a memory, and without a GPU there is none of them.',
    ({ kind, gpu_model, gpu_count, gpu_memory_gib }) => {
      const said = [gpu_model, gpu_count, gpu_memory_gib].filter(Boolean).length;
      return kind === 'gpu' ? said === 3 : said === 0 || said === 3;
    },
  ],
  [
    'A GPU is one that is known here, with its own memory.',
    ({ gpu_model, gpu_memory_gib }) =>
      !gpu_model || cards[gpu_model]?.memory_gib === gpu_memory_gib,
  ],
  [
    'Several GPUs are joined as their model can be, and one is joined to nothing.',
    ({ gpu_model, gpu_count, gpu_interconnect = null }) =>
      gpu_model && (gpu_count ?? 0) > 1
        ? (cards[gpu_model]?.joined.includes(gpu_interconnect) ?? false)
        : gpu_interconnect === null,
  ],
  [
    'NVLink and Infinity Fabric are features of several GPUs that they join.',
    (row) => {
      const joined = row.gpu_interconnect ?? '';
      return (
        (!has(row, /^NVLink( \d)?$/) || ['nvlink', 'sxm'].includes(joined)) &&
        (!has(row, /^Infinity Fabric$/) || joined === 'infinity_fabric')
      );
    },
  ],
  [
    'A GPU of AMD runs ROCm and one of NVIDIA CUDA.',
    ({ kind, gpu_model, operating_systems = [] }) =>
      kind !== 'gpu' ||
      operating_systems.every((os) => !(/^MI/.test(gpu_model ?? '') ? /CUDA/ : /ROCm/).test(os)),
  ],
  [
    'A GPU is asked what its model is worth.',
    (row) => {
      const known = cards[row.gpu_model ?? ''];
      return !known || isWithin(hourlyOf(row) / (row.gpu_count ?? 1), known.price);
    },
  ],
];

const wordRules: readonly Rule[] = [
  [
    'A title names the model and the number of its GPUs.',
    ({ kind, title = '', gpu_model, gpu_count }) =>
      kind !== 'gpu' ||
      (title.startsWith(`${gpu_count}x `) &&
        (gpu_model ?? '')
          .replace(/ (SXM|PCIe)$/, '')
          .split(' ')
          .every((word) => isNamed(title, word)) &&
        all(title, /\b(SXM|PCIe)\b/g).every(([word]) => (gpu_model ?? '').endsWith(word))),
  ],
  [
    'Sizes of a title are those of the offering.',
    (row) =>
      all(row.title ?? '', /(?<!x )\b([\d.]+ (?:GB|GiB|TiB))/g).every(([, size = '']) =>
        sizesOf(row).includes(size),
      ),
  ],
  [
    'Disks that a title counts are all its space.',
    ({ title = '', disk_gib }) =>
      all(title, /(\d+)x (\d+) TB/g).every(
        ([, count, tb]) =>
          Math.abs(Number(count) * Number(tb) * GIB_PER_TB - (disk_gib ?? 0)) < GIB_PER_TIB,
      ),
  ],
  [
    'vCPUs and cores of a title are those of the offering.',
    ({ title = '', vcpus }) =>
      all(title, /(\d+) (?:vCPU|cores)/g).every(([, count]) => Number(count) === vcpus),
  ],
  [
    'A title that names cities names its own.',
    ({ title = '', city = '' }) => {
      const named = cityNames.filter((name) => isNamed(title, name));
      return named.length === 0 || named.includes(city as (typeof cityNames)[number]);
    },
  ],
  [
    'A text that names countries names its own.',
    (row) => {
      const named = countryWords.filter(([, word]) => isNamed(textOf(row), word));
      return named.length === 0 || named.some(([code]) => code === row.country);
    },
  ],
];

const termRules: readonly Rule[] = [
  [
    'It is rented for no less than the unit of its price.',
    ({ unit = 'hour', min_hours = 1 }) => min_hours >= hoursPerUnit[unit],
  ],
  [
    'Its longest time is no less than its shortest.',
    ({ min_hours = 1, max_hours }) => !max_hours || max_hours >= min_hours,
  ],
  [
    'Servers, storage and networks are asked what such things are worth.',
    (row) => {
      const known = monthly[row.kind ?? ''] ?? monthly[`${row.kind} ${row.disk_kind}`];
      const count = known?.of(row);
      return (
        !count || isWithin((hourlyOf(row) * hoursPerUnit.month) / count, known?.band ?? [0, 0])
      );
    },
  ],
];

const rules: readonly Rule[] = [...machineRules, ...gpuRules, ...wordRules, ...termRules];

export const ruleSentences: readonly string[] = rules.map(([sentence]) => sentence);

/** The rules that an offering breaks. */
export const contradictionsIn = (row: OfferingRow): string[] =>
  rules.flatMap(([sentence, holds]) => (holds(row) ? [] : [sentence]));
