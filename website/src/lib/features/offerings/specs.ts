import {
  countryName,
  diskWords,
  interconnectWords,
  virtualizationWords,
} from '@berth/shared/offerings/catalogue';
import type { OfferingItem } from '@berth/shared/offerings/schemas';

/** What describes the resource: of an offering as listed, or of one that is being written. */
export type Described = Pick<
  OfferingItem,
  | 'kind'
  | 'gpu_model'
  | 'gpu_count'
  | 'gpu_memory_gib'
  | 'cpu_model'
  | 'vcpus'
  | 'memory_gib'
  | 'disk_kind'
  | 'disk_gib'
  | 'uplink_mbps'
  | 'traffic_tib'
  | 'unmetered'
  | 'virtualization'
  | 'operating_systems'
  | 'features'
  | 'country'
  | 'city'
> & { gpu_interconnect?: OfferingItem['gpu_interconnect'] };

/** What of it a card or a line shows. */
export type Glanced = Omit<
  Described,
  'cpu_model' | 'virtualization' | 'operating_systems' | 'features' | 'gpu_interconnect'
>;

export interface Spec {
  label: string;
  value: string;
}

export interface SpecGroup {
  title: string;
  specs: Spec[];
}

const GIB_PER_TIB = 1024;
const MIB_PER_GIB = 1024;
const MBPS_PER_GBPS = 1000;

/** Made once: to make one takes longer than a hundred numbers. */
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const plain = (value: number): string => numbers.format(value);

/**
 * `64` -> `64 GiB`, `1536` -> `1.5 TiB`, `0.5` -> `512 MiB`; never rounds what a person would see.
 */
export function sizeWords(gib: number): string {
  const tib = gib / GIB_PER_TIB;
  if (tib >= 1 && Number.isInteger(tib * 4)) return `${plain(tib)} TiB`;
  return gib < 1 ? `${plain(gib * MIB_PER_GIB)} MiB` : `${plain(gib)} GiB`;
}

/** `2500` -> `2.5 Gbit/s`, `500` -> `500 Mbit/s`. */
export const speedWords = (mbps: number): string =>
  mbps >= MBPS_PER_GBPS ? `${plain(mbps / MBPS_PER_GBPS)} Gbit/s` : `${plain(mbps)} Mbit/s`;

/** `8 × H100 SXM`; null without a GPU. */
export function gpuWords({ gpu_model, gpu_count }: Glanced): string | null {
  if (gpu_model === null) return null;
  return gpu_count !== null && gpu_count > 1 ? `${gpu_count} × ${gpu_model}` : gpu_model;
}

/** `80 GiB`, or `80 GiB each` where there are several; null where it is not said. */
export function gpuMemoryWords({ gpu_memory_gib, gpu_count }: Glanced): string | null {
  if (gpu_memory_gib === null) return null;
  return `${sizeWords(gpu_memory_gib)}${gpu_count !== null && gpu_count > 1 ? ' each' : ''}`;
}

/** `2 TiB NVMe`; null where it is not said. */
function diskText({ disk_kind, disk_gib }: Glanced): string | null {
  const words = [
    disk_gib === null ? null : sizeWords(disk_gib),
    disk_kind === null ? null : diskWords[disk_kind],
  ];
  return words.filter((word) => word !== null).join(' ') || null;
}

/** `Unmetered`, or what a month may carry; null where it is not said. */
function trafficText({ unmetered, traffic_tib }: Glanced): string | null {
  if (unmetered) return 'Unmetered';
  return traffic_tib === null ? null : `${sizeWords(traffic_tib * GIB_PER_TIB)} a month`;
}

/** `Amsterdam, Netherlands`; a city that is a country is said once. */
export function placeText({ city, country }: Pick<Described, 'city' | 'country'>): string {
  const name = countryName(country);
  return city === '' || city === name ? name : `${city}, ${name}`;
}

/** `Amsterdam, NL`, where there is little room; the country alone is written out. */
export const shortPlace = ({ city, country }: Pick<Described, 'city' | 'country'>): string =>
  city === '' || city === countryName(country) ? countryName(country) : `${city}, ${country}`;

const said = (pairs: readonly (readonly [string, string | null])[]): Spec[] =>
  pairs.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));

const MOST_KEY_SPECS = 4;

/** What people compare by first, for a card: at most four. */
export function keySpecs(offering: Glanced): Spec[] {
  const { kind, vcpus, memory_gib, uplink_mbps } = offering;
  const gpu = said([
    ['GPU', gpuWords(offering)],
    ['GPU memory', gpuMemoryWords(offering)],
  ]);
  const machine = said([
    ['CPU', vcpus === null ? null : `${plain(vcpus)} vCPU`],
    ['Memory', memory_gib === null ? null : sizeWords(memory_gib)],
  ]);
  const rest = said([
    ['Disk', diskText(offering)],
    ['Uplink', uplink_mbps === null ? null : speedWords(uplink_mbps)],
    ['Traffic', trafficText(offering)],
  ]);
  const ordered =
    kind === 'storage' || kind === 'network' ? [...rest, ...machine] : [...machine, ...rest];
  return [...gpu, ...ordered].slice(0, MOST_KEY_SPECS);
}

/** Everything that is said about the resource, by part; a part without a word is left out. */
export function specGroups(offering: Described): SpecGroup[] {
  const {
    gpu_count,
    gpu_interconnect = null,
    cpu_model,
    vcpus,
    memory_gib,
    uplink_mbps,
    virtualization,
  } = offering;
  const hasGpu = offering.gpu_model !== null;
  const list = (values: readonly string[]) => (values.length > 0 ? values.join(', ') : null);
  const groups: SpecGroup[] = [
    {
      title: 'GPU',
      specs: said([
        ['Model', offering.gpu_model],
        ['How many', hasGpu && gpu_count !== null ? plain(gpu_count) : null],
        ['Memory', gpuMemoryWords(offering)],
        ['Joined by', gpu_interconnect === null ? null : interconnectWords[gpu_interconnect]],
      ]),
    },
    {
      title: 'CPU and memory',
      specs: said([
        ['Processor', cpu_model],
        ['vCPUs', vcpus === null ? null : plain(vcpus)],
        ['Memory', memory_gib === null ? null : sizeWords(memory_gib)],
      ]),
    },
    { title: 'Disk', specs: said([['Storage', diskText(offering)]]) },
    {
      title: 'Network',
      specs: said([
        ['Uplink', uplink_mbps === null ? null : speedWords(uplink_mbps)],
        ['Traffic', trafficText(offering)],
      ]),
    },
    {
      title: 'Software',
      specs: said([
        ['Isolation', virtualization === null ? null : virtualizationWords[virtualization]],
        ['Operating systems', list(offering.operating_systems)],
      ]),
    },
  ];
  return groups.filter(({ specs }) => specs.length > 0);
}
