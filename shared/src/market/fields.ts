import { currencies } from '../money.ts';
import {
  commitmentWords,
  diskWords,
  interconnectWords,
  kindWords,
  virtualizationWords,
} from '../offerings/catalogue.ts';
import { regionWords } from './regions.ts';

/**
 * How a field compares: a `choice` is equal to its value when both are folded; a `text`, or one of
 * the `tags`, holds every word of the value; `number`, `money` and `time` compare as numbers.
 */
export type FieldType = 'choice' | 'text' | 'number' | 'money' | 'flag' | 'tags' | 'time';

export type Op = '=' | '<' | '<=' | '>' | '>=';

/** A unit that numbers of a field may carry: one of it is `factor` base units. */
export interface Unit {
  name: string;
  factor: number;
  as: RegExp;
}

export interface SearchField {
  label: string;
  type: FieldType;
  help: string;
  example: string;
  /** Whether its values are counted beside the results. */
  facet: boolean;
  /** Its values with their labels, where there are no others. */
  values: Readonly<Record<string, string>> | null;
  /** What a number may be written in; the one with factor 1 is the base unit. */
  units: readonly Unit[] | null;
  /** Other words that people have for it: suggested, not read. */
  also: readonly string[];
}

const unit = (name: string, factor: number, as: RegExp): Unit => ({ name, factor, as });

/** Powers of 1,024 however they are spelt, as hardware and our import count. */
const gib = [
  unit('MB', 1 / 1_024, /^m(i?b)?$/i),
  unit('GB', 1, /^g(i?b)?$/i),
  unit('TB', 1_024, /^t(i?b)?$/i),
  unit('PB', 1_048_576, /^p(i?b)?$/i),
];
const tib = gib.map(({ name, factor, as }) => ({ name, factor: factor / 1_024, as }));
const mbps = [
  unit('Mbit', 1, /^m(bit|bps|bit\/s)?$/i),
  unit('Gbit', 1_000, /^g(bit|bps|bit\/s)?$/i),
  unit('Tbit', 1_000_000, /^t(bit|bps|bit\/s)?$/i),
];
const seconds = [
  unit('s', 1, /^s(ec(onds?)?)?$/i),
  unit('min', 60, /^m(in(utes?)?)?$/i),
  unit('h', 3_600, /^h(ours?)?$/i),
  unit('d', 86_400, /^d(ays?)?$/i),
  unit('w', 604_800, /^w(eeks?)?$/i),
];
const hours = [
  unit('h', 1, /^h(ours?)?$/i),
  unit('d', 24, /^d(ays?)?$/i),
  unit('w', 168, /^w(eeks?)?$/i),
  unit('mo', 720, /^mo(nths?)?$/i),
];
const percent = [unit('%', 1, /^(%|percent)$/i)];

type Rest = Partial<Pick<SearchField, 'facet' | 'values' | 'units' | 'also'>>;

const field = (
  type: FieldType,
  label: string,
  help: string,
  example: string,
  rest: Rest = {},
): SearchField => ({
  ...{ type, label, help, example, facet: false, values: null, units: null, also: [] },
  ...rest,
});

const kinds = Object.fromEntries(
  Object.entries(kindWords).map(([kind, { label }]) => [kind, label]),
);
const money = Object.fromEntries(currencies.map((currency) => [currency, currency]));
const facet = true;

/** All that can be searched by: the parser, the panel, the engine and the help page read it. */
const table = {
  kind: field('choice', 'Kind', 'What sort of resource it is', 'kind:gpu', {
    facet,
    values: kinds,
    also: ['type', 'category'],
  }),
  gpu: field('choice', 'GPU', 'A GPU’s model or its family; H100 finds H100 SXM', 'gpu:H100', {
    facet,
    also: ['gpu_model', 'card', 'graphics', 'accelerator'],
  }),
  gpu_vendor: field('choice', 'GPU maker', 'Who makes the GPU', 'gpu_vendor:nvidia', {
    facet,
    values: { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel' },
    also: ['gpu_maker', 'maker', 'manufacturer'],
  }),
  gpu_count: field('number', 'GPUs', 'How many GPUs it has', 'gpu_count:>=4', {
    facet,
    also: ['gpus', 'cards'],
  }),
  gpu_memory: field('number', 'GPU memory', 'Of one GPU', 'gpu_memory:>=24GB', {
    facet,
    units: gib,
    also: ['vram', 'gpu_ram'],
  }),
  gpu_memory_total: field(
    'number',
    'GPU memory in all',
    'Of all its GPUs together',
    'gpu_memory_total:>=640GB',
    { units: gib, also: ['total_vram', 'vram_total'] },
  ),
  gpu_interconnect: field(
    'choice',
    'GPU interconnect',
    'How its GPUs are joined',
    'gpu_interconnect:nvlink',
    { facet, values: interconnectWords, also: ['interconnect', 'sxm', 'nvlink', 'pcie'] },
  ),
  cpu: field('text', 'Processor', 'Words of the processor’s name', 'cpu:EPYC', {
    also: ['processor', 'cpu_model'],
  }),
  vcpus: field('number', 'vCPUs', 'How many processor threads it has', 'vcpus:>=16', {
    also: ['cores', 'threads', 'cpus', 'vcpu'],
  }),
  memory: field('number', 'Memory', 'The machine’s own, not its GPUs’', 'memory:>=64GB', {
    units: gib,
    also: ['ram'],
  }),
  disk: field('number', 'Disk', 'All its disk space', 'disk:>=1TB', {
    units: gib,
    also: ['storage', 'disk_size', 'space'],
  }),
  disk_kind: field('choice', 'Disk kind', 'What its disk is', 'disk_kind:nvme', {
    facet,
    values: diskWords,
    also: ['disk_type', 'storage_type', 'ssd', 'nvme'],
  }),
  uplink: field('number', 'Uplink', 'The speed of its network', 'uplink:>=10Gbit', {
    units: mbps,
    also: ['bandwidth', 'network', 'speed'],
  }),
  traffic: field('number', 'Traffic', 'What a month includes', 'traffic:>=20TB', {
    units: tib,
    also: ['transfer', 'egress'],
  }),
  unmetered: field('flag', 'Unmetered', 'Traffic without a limit', 'unmetered:yes', { facet }),
  country: field('choice', 'Country', 'Two letters or the English name', 'country:NL,DE', {
    facet,
    also: ['location', 'place'],
  }),
  region: field('choice', 'Region', 'A part of the world, or the EU', 'region:europe', {
    facet,
    values: regionWords,
    also: ['continent'],
  }),
  city: field('text', 'City', 'Words of the city’s name', 'city:Amsterdam', {
    facet,
    also: ['town'],
  }),
  virtualization: field('choice', 'Virtualisation', 'How it is shared', 'virtualization:kvm', {
    facet,
    values: virtualizationWords,
    also: ['virtualisation', 'hypervisor', 'bare_metal'],
  }),
  os: field('tags', 'Operating system', 'One that it can run', 'os:"Ubuntu 24.04"', {
    facet,
    also: ['operating_system', 'operating_systems', 'image', 'linux'],
  }),
  feature: field('tags', 'Feature', 'One of its features', 'feature:IPv6', {
    facet,
    also: ['features', 'tag', 'tags'],
  }),
  price: field('money', 'Price an hour', 'Of your hours, setup fee included', 'price:<2.50', {
    also: ['hourly', 'cost', 'rate'],
  }),
  total: field('money', 'Total price', 'Of all your hours, setup fee included', 'total:<=500', {
    also: ['total_price', 'budget'],
  }),
  monthly: field('money', 'Price a month', 'Of your hours, setup fee included', 'monthly:<900', {
    also: ['month', 'per_month'],
  }),
  setup_fee: field('money', 'Setup fee', 'Paid once', 'setup_fee:0', { also: ['setup'] }),
  currency: field('choice', 'Currency', 'What it is paid in', 'currency:EUR', {
    facet,
    values: money,
  }),
  min_hours: field('number', 'Least hours', 'The shortest it is rented', 'min_hours:<=24h', {
    units: hours,
    also: ['min'],
  }),
  max_hours: field('number', 'Most hours', 'The longest it is rented', 'max_hours:>=3mo', {
    units: hours,
    also: ['max'],
  }),
  stock: field('number', 'In stock', 'How many can be rented now', 'stock:>=2', {
    also: ['available', 'availability', 'units'],
  }),
  provider: field('choice', 'Provider', 'A provider’s handle', 'provider:acme', {
    facet,
    also: ['seller', 'vendor', 'host'],
  }),
  reputation: field(
    'number',
    'Reputation',
    'How many renters have completed a contract with the provider',
    'reputation:>=5',
    { also: ['renters', 'rating', 'stars', 'score'] },
  ),
  response_time: field(
    'time',
    'Response time',
    'What half of the provider’s answers take at most',
    'response_time:<2h',
    { units: seconds, also: ['response', 'responds'] },
  ),
  reliability: field(
    'number',
    'Reliability',
    'How many of the provider’s contracts were kept',
    'reliability:>=95%',
    { units: percent, also: ['uptime', 'sla'] },
  ),
  auto_accept: field('flag', 'Accepted at once', 'Nobody is waited for', 'auto_accept:yes', {
    facet,
    also: ['instant', 'automatic'],
  }),
  on_chain: field('flag', 'On chain', 'It came from the Internet Computer', 'on_chain:yes', {
    facet,
    also: ['icp', 'blockchain', 'chain'],
  }),
  commitment: field('choice', 'Commitment', 'How firmly it is yours', 'commitment:on_demand', {
    facet,
    values: commitmentWords,
    also: ['spot', 'reserved', 'on_demand', 'tier'],
  }),
  listed: field('time', 'Listed', 'How long ago it was listed', 'listed:<7d', {
    units: seconds,
    also: ['age', 'new', 'newest'],
  }),
} satisfies Record<string, SearchField>;

export type FieldName = keyof typeof table;
export const searchFields: Readonly<Record<FieldName, SearchField>> = table;
export const fieldNames = Object.keys(table) as FieldName[];

const ordered: readonly Op[] = ['=', '<', '<=', '>', '>='];
const equal: readonly Op[] = ['='];

export const isOrdered = (name: FieldName): boolean =>
  ['number', 'money', 'time'].includes(searchFields[name].type);

export const operatorsOf = (name: FieldName): readonly Op[] => (isOrdered(name) ? ordered : equal);

/** `GPU-Count` -> `gpu_count`; null where there is no such field. */
export function findField(text: string): FieldName | null {
  const name = text.toLowerCase().replaceAll('-', '_');
  return Object.hasOwn(table, name) ? (name as FieldName) : null;
}
