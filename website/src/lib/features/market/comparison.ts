import type { CompareReply } from '@berth/shared/market/schemas';
import { criterionRows, type Criterion } from '@berth/shared/market/rank';
import { formatMoney, formatRoughly } from '@berth/shared/money';
import {
  commitmentWords,
  diskWords,
  interconnectWords,
  kindWords,
  virtualizationWords,
} from '@berth/shared/offerings/catalogue';
import { hoursWords } from '#lib/hours.ts';
import { placeText, sizeWords, speedWords } from '#lib/features/offerings/specs.ts';
import { lengthWords } from '#lib/lengths.ts';
import { criterionWords } from './ranking.ts';

export type ComparedOffering = CompareReply['items'][number];

interface Line {
  label: string;
  say: (offering: ComparedOffering) => string | null;
  /** What is better, of which number; a line without it has no best. */
  better?: 'less' | 'more';
  of?: (offering: ComparedOffering) => number | bigint | null;
  /** Amounts of different currencies have no best. */
  money?: true;
}

const size = (gib: number | null) => (gib === null ? null : sizeWords(gib));
const list = (values: readonly string[]) => (values.length === 0 ? null : values.join(', '));
const yes = (is: boolean) => (is ? 'Yes' : 'No');
const count = (value: number | null) => (value === null ? null : value.toLocaleString('en'));
const all = ({ gpu_memory_gib, gpu_count }: ComparedOffering) =>
  gpu_memory_gib === null ? null : gpu_memory_gib * (gpu_count ?? 1);

const more = (of: NonNullable<Line['of']>) => ({ better: 'more', of }) as const;
const less = (of: NonNullable<Line['of']>) => ({ better: 'less', of }) as const;

function priceLines(hours: number): Line[] {
  const amount = (name: 'total_e9s' | 'hourly_e9s' | 'monthly_e9s' | 'setup_fee_e9s') => {
    const of = ({ price }: ComparedOffering) => BigInt(price[name]);
    return { ...less(of), money: true } as const;
  };
  return [
    {
      label: `Total for ${lengthWords(hours)}`,
      say: ({ price, currency }) => formatMoney(BigInt(price.total_e9s), currency),
      ...amount('total_e9s'),
    },
    {
      label: 'An hour of it',
      say: ({ price, currency }) => formatRoughly(BigInt(price.hourly_e9s), currency),
      ...amount('hourly_e9s'),
    },
    {
      label: 'A month of it',
      say: ({ price, currency }) => formatRoughly(BigInt(price.monthly_e9s), currency),
      ...amount('monthly_e9s'),
    },
    {
      label: 'Setup fee, included',
      say: ({ price, currency }) => formatMoney(BigInt(price.setup_fee_e9s), currency),
      ...amount('setup_fee_e9s'),
    },
    { label: `Rented for ${lengthWords(hours)}`, say: ({ fits_hours }) => yes(fits_hours) },
    {
      label: 'Lengths',
      say: ({ min_hours, max_hours }) => `${hoursWords(min_hours)} to ${hoursWords(max_hours)}`,
    },
    {
      label: 'Commitment',
      say: ({ commitment }) => (commitment === null ? null : commitmentWords[commitment]),
    },
    {
      label: 'In stock',
      say: ({ stock }) => stock.toLocaleString('en'),
      ...more(({ stock }) => stock),
    },
    weighed('throughput'),
  ];
}

const hardwareLines: readonly Line[] = [
  { label: 'Kind', say: ({ kind }) => kindWords[kind].label },
  { label: 'GPU', say: ({ gpu_model }) => gpu_model },
  {
    label: 'GPUs',
    say: ({ gpu_count }) => count(gpu_count),
    ...more(({ gpu_count }) => gpu_count),
  },
  {
    label: 'Memory of one GPU',
    say: ({ gpu_memory_gib }) => size(gpu_memory_gib),
    ...more(({ gpu_memory_gib }) => gpu_memory_gib),
  },
  { label: 'GPU memory in all', say: (offering) => size(all(offering)), ...more(all) },
  {
    label: 'GPU interconnect',
    say: ({ gpu_interconnect }) =>
      gpu_interconnect === null ? null : interconnectWords[gpu_interconnect],
  },
  { label: 'Processor', say: ({ cpu_model }) => cpu_model },
  { label: 'vCPUs', say: ({ vcpus }) => count(vcpus), ...more(({ vcpus }) => vcpus) },
  {
    label: 'Memory',
    say: ({ memory_gib }) => size(memory_gib),
    ...more(({ memory_gib }) => memory_gib),
  },
  { label: 'Disk', say: ({ disk_gib }) => size(disk_gib), ...more(({ disk_gib }) => disk_gib) },
  {
    label: 'Disk kind',
    say: ({ disk_kind }) => (disk_kind === null ? null : diskWords[disk_kind]),
  },
  {
    label: 'Uplink',
    say: ({ uplink_mbps }) => (uplink_mbps === null ? null : speedWords(uplink_mbps)),
    ...more(({ uplink_mbps }) => uplink_mbps),
  },
  {
    label: 'Traffic a month',
    say: ({ unmetered, traffic_tib }) =>
      unmetered ? 'Unmetered' : size(traffic_tib === null ? null : traffic_tib * 1_024),
    ...more(({ unmetered, traffic_tib }) => (unmetered ? Infinity : traffic_tib)),
  },
  {
    label: 'Isolation',
    say: ({ virtualization }) =>
      virtualization === null ? null : virtualizationWords[virtualization],
  },
  { label: 'Operating systems', say: ({ operating_systems }) => list(operating_systems) },
  { label: 'Features', say: ({ features }) => list(features) },
  { label: 'Place', say: placeText },
];

function weighed(criterion: Criterion): Line {
  const of = ({ values }: ComparedOffering) => values[criterion] ?? null;
  return {
    label: criterionRows[criterion].label,
    say: (offering) => {
      const value = of(offering);
      return value === null ? null : criterionWords(criterion, value, offering.currency);
    },
    better: criterionRows[criterion].better,
    of,
    ...(criterion === 'throughput' && { money: true as const }),
  };
}

const trustLines: readonly Line[] = [
  { label: 'Provider', say: ({ provider }) => provider.display_name },
  weighed('reputation'),
  weighed('response'),
  weighed('reliability'),
  {
    label: 'Answers within',
    say: ({ response_hours }) => hoursWords(response_hours),
    ...less(({ response_hours }) => response_hours),
  },
  {
    label: 'Set up within',
    say: ({ provisioning_hours }) => hoursWords(provisioning_hours),
    ...less(({ provisioning_hours }) => provisioning_hours),
  },
  {
    label: 'Accepted at once',
    say: ({ auto_accept_hours }) =>
      auto_accept_hours === null ? 'No' : `Up to ${hoursWords(auto_accept_hours)}`,
    ...more(({ auto_accept_hours }) => auto_accept_hours),
  },
  { label: 'On chain', say: ({ on_chain }) => yes(on_chain) },
];

export interface ComparedRow {
  label: string;
  cells: { words: string; is_best: boolean }[];
  differs: boolean;
}

function rowOf(line: Line, items: readonly ComparedOffering[]): ComparedRow | null {
  const said = items.map(line.say);
  if (said.every((words) => words === null)) return null;
  const differs = new Set(said).size > 1;
  const isOne = line.money !== true || new Set(items.map(({ currency }) => currency)).size === 1;
  const numbers = items.map((item) => (isOne ? (line.of?.(item) ?? null) : null));
  const known = numbers.filter((value) => value !== null);
  const best = known.reduce<number | bigint | null>((a, b) => {
    if (a === null) return b;
    return (line.better === 'less' ? b < a : b > a) ? b : a;
  }, null);
  return {
    label: line.label,
    differs,
    cells: said.map((words, at) => ({
      words: words ?? '–',
      // What all have is nobody's advantage.
      is_best: differs && best !== null && numbers[at] === best,
    })),
  };
}

/** Everything that is said of some offerings, side by side; a line without a word is left out. */
export function comparisonOf(
  items: readonly ComparedOffering[],
  hours: number,
): { title: string; rows: ComparedRow[] }[] {
  const parts = [
    { title: 'Price and terms', lines: priceLines(hours) },
    { title: 'What it is', lines: hardwareLines },
    { title: 'Whom you rent from', lines: trustLines },
  ];
  return parts.map(({ title, lines }) => ({
    title,
    rows: lines.map((line) => rowOf(line, items)).filter((row) => row !== null),
  }));
}
