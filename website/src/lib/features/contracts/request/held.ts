import { hourlyOf, type Unit } from '@berth/shared/price';
import { formatMoney, type Currency } from '@berth/shared/money';
import {
  commitmentWords,
  countryName,
  diskWords,
  interconnectWords,
  kindWords,
  virtualizationWords,
} from '@berth/shared/offerings/catalogue';
import type { HoldView } from '@berth/shared/offerings/hold';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { hoursWords } from '#lib/hours.ts';

/** The offering on the terms that are held, whatever it says by now. */
export function heldOffering(offering: OfferingView, hold: HoldView): OfferingView {
  const { offering_id: _, provider_key, ...terms } = hold.terms;
  const rate = { price_e9s: BigInt(terms.price_e9s), unit: terms.unit };
  return {
    ...offering,
    gpu_interconnect: null,
    commitment: null,
    ...terms,
    provider: { ...offering.provider, key: provider_key },
    terms_hash: hold.terms_hash,
    hourly_e9s: hourlyOf(rate).toString(),
  };
}

export interface TermChange {
  label: string;
  before: string;
  after: string;
}

type Shown = (offering: OfferingView) => string;

const NOTHING = 'not said';
const MOST_DIGITS = 20;
const orNothing = <T>(value: T | null, words: (value: T) => string): string =>
  value === null ? NOTHING : words(value);
const listed = (values: readonly string[]): string => values.join(', ') || NOTHING;
const money = (amount_e9s: string, currency: Currency): string =>
  formatMoney(BigInt(amount_e9s), currency);
const rate = (amount_e9s: string, currency: Currency, unit: Unit): string =>
  `${money(amount_e9s, currency)} / ${unit}`;
/** Exact, since whatever is rounded could hide a change. */
const count = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: MOST_DIGITS });
const gib = (value: number): string => `${count(value)} GiB`;
const SHORT = 60;
const begin = (text: string): string =>
  text.length > SHORT
    ? `“${text.slice(0, SHORT).trimEnd()}…”`
    : text === ''
      ? NOTHING
      : `“${text}”`;

/** Everything that is signed, in the order in which it matters to who pays. */
const shown: readonly (readonly [label: string, Shown])[] = [
  ['Price', (one) => rate(one.price_e9s, one.currency, one.unit)],
  ['Setup fee', (one) => money(one.setup_fee_e9s, one.currency)],
  ['Shortest', (one) => hoursWords(one.min_hours)],
  ['Longest', (one) => hoursWords(one.max_hours)],
  ['Answered within', (one) => hoursWords(one.response_hours)],
  ['Set up within', (one) => hoursWords(one.provisioning_hours)],
  ['Commitment', (one) => orNothing(one.commitment, (value) => commitmentWords[value])],
  ['Kind', (one) => kindWords[one.kind].label],
  ['Title', (one) => one.title],
  ['GPU', (one) => one.gpu_model ?? NOTHING],
  ['GPUs', (one) => orNothing(one.gpu_count, count)],
  ['GPU memory', (one) => orNothing(one.gpu_memory_gib, gib)],
  [
    'GPU interconnect',
    (one) => orNothing(one.gpu_interconnect, (value) => interconnectWords[value]),
  ],
  ['Processor', (one) => one.cpu_model ?? NOTHING],
  ['vCPUs', (one) => orNothing(one.vcpus, count)],
  ['Memory', (one) => orNothing(one.memory_gib, gib)],
  ['Disk', (one) => orNothing(one.disk_gib, gib)],
  ['Disk kind', (one) => orNothing(one.disk_kind, (value) => diskWords[value])],
  ['Uplink', (one) => orNothing(one.uplink_mbps, (value) => `${count(value)} Mbit/s`)],
  ['Traffic', (one) => orNothing(one.traffic_tib, (value) => `${count(value)} TiB a month`)],
  ['Unmetered', (one) => (one.unmetered ? 'yes' : 'no')],
  ['Isolation', (one) => orNothing(one.virtualization, (value) => virtualizationWords[value])],
  ['Operating systems', (one) => listed(one.operating_systems)],
  ['Features', (one) => listed(one.features)],
  ['Country', (one) => countryName(one.country)],
  ['City', (one) => one.city || NOTHING],
  ['Provider’s key', (one) => one.provider.key],
];

/** What differs between two versions of the terms, each as it was and as it is. */
export function termChanges(before: OfferingView, after: OfferingView): TermChange[] {
  const changes = shown
    .map(([label, words]) => ({ label, before: words(before), after: words(after) }))
    .filter((change) => change.before !== change.after);
  if (before.description === after.description) return changes;
  const [was, is] = [begin(before.description), begin(after.description)];
  // Where both begin alike the words would show no difference.
  const isAlike = was === is;
  return [
    ...changes,
    {
      label: 'Description',
      before: isAlike ? 'as you read it' : was,
      after: isAlike ? 'changed further on' : is,
    },
  ];
}
