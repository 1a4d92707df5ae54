import type * as z from 'zod';
import { decimalOf, formatMoney, readDecimal, type Currency } from '@berth/shared/money';
import {
  commitmentWords,
  diskWords,
  interconnectWords,
  kindWords,
  unitWords,
  virtualizationWords,
  visibilityWords,
} from '@berth/shared/offerings/catalogue';
import type { offeringInput, OfferingView } from '@berth/shared/offerings/schemas';

/** What the API takes. */
export type Input = z.input<typeof offeringInput>;
type Name = keyof Input;

/** An offering as its form holds it: text that may be empty, amounts as they are typed. */
export interface Sheet {
  kind: Input['kind'];
  title: string;
  description: string;
  gpu_model: string;
  gpu_count: number | null;
  gpu_memory_gib: number | null;
  cpu_model: string;
  vcpus: number | null;
  memory_gib: number | null;
  disk_kind: NonNullable<Input['disk_kind']> | '';
  disk_gib: number | null;
  uplink_mbps: number | null;
  traffic_tib: number | null;
  unmetered: boolean;
  virtualization: NonNullable<Input['virtualization']> | '';
  operating_systems: string[];
  features: string[];
  gpu_interconnect: NonNullable<Input['gpu_interconnect']> | '';
  commitment: NonNullable<Input['commitment']> | '';
  country: string;
  city: string;
  price_e9s: string;
  unit: Input['unit'];
  currency: Currency;
  setup_fee_e9s: string;
  min_hours: number | null;
  max_hours: number | null;
  response_hours: number | null;
  provisioning_hours: number | null;
  stock: number | null;
  visibility: Input['visibility'];
  reference: string;
}

const MONTHS_6_HOURS = 6 * 720;
const DAY_HOURS = 24;

/** What a new offering starts with. */
export const emptySheet = (): Sheet => ({
  kind: 'gpu',
  title: '',
  description: '',
  gpu_model: '',
  gpu_count: 1,
  gpu_memory_gib: null,
  cpu_model: '',
  vcpus: null,
  memory_gib: null,
  disk_kind: 'nvme',
  disk_gib: null,
  uplink_mbps: null,
  traffic_tib: null,
  unmetered: false,
  virtualization: '',
  operating_systems: [],
  features: [],
  gpu_interconnect: '',
  commitment: '',
  country: '',
  city: '',
  price_e9s: '',
  unit: 'hour',
  currency: 'USD',
  setup_fee_e9s: '0',
  min_hours: 1,
  max_hours: MONTHS_6_HOURS,
  response_hours: DAY_HOURS,
  provisioning_hours: DAY_HOURS,
  stock: 1,
  visibility: 'public',
  reference: '',
});

const names = Object.keys(emptySheet()) as Name[];

/** The form of an offering as it is. */
export function sheetOf(offering: Pick<OfferingView, Name>): Sheet {
  const entries = names.map((name) => [name, offering[name] ?? '']);
  const numbers = {
    gpu_count: offering.gpu_count,
    gpu_memory_gib: offering.gpu_memory_gib,
    vcpus: offering.vcpus,
    memory_gib: offering.memory_gib,
    disk_gib: offering.disk_gib,
    uplink_mbps: offering.uplink_mbps,
    traffic_tib: offering.traffic_tib,
  };
  return {
    ...(Object.fromEntries(entries) as unknown as Sheet),
    ...numbers,
    price_e9s: decimalOf(BigInt(offering.price_e9s)),
    setup_fee_e9s: decimalOf(BigInt(offering.setup_fee_e9s)),
  };
}

/** An amount as JSON has it; the text itself where it is none, so that the check refuses it. */
const amountOf = (text: string): string => readDecimal(text)?.toString() ?? text;
const orNull = <T extends string>(text: T | ''): T | null => (text === '' ? null : text);

/** What the form asks the API to keep; a number left empty is refused by the check. */
export const inputOf = (sheet: Sheet): Input =>
  ({
    ...sheet,
    gpu_model: orNull(sheet.gpu_model.trim()),
    gpu_count: sheet.gpu_model.trim() === '' ? null : sheet.gpu_count,
    gpu_memory_gib: sheet.gpu_model.trim() === '' ? null : sheet.gpu_memory_gib,
    gpu_interconnect: sheet.gpu_model.trim() === '' ? null : orNull(sheet.gpu_interconnect),
    commitment: orNull(sheet.commitment),
    cpu_model: orNull(sheet.cpu_model.trim()),
    disk_kind: sheet.disk_gib === null ? null : orNull(sheet.disk_kind),
    traffic_tib: sheet.unmetered ? null : sheet.traffic_tib,
    virtualization: orNull(sheet.virtualization),
    price_e9s: amountOf(sheet.price_e9s),
    setup_fee_e9s: amountOf(sheet.setup_fee_e9s),
    reference: orNull(sheet.reference.trim()),
  }) as Input;

/** What a field is called on the page. */
export const labels: Record<Name, string> = {
  kind: 'Kind',
  title: 'Title',
  description: 'Description',
  gpu_model: 'GPU model',
  gpu_count: 'GPUs',
  gpu_memory_gib: 'Memory of one GPU',
  cpu_model: 'Processor',
  vcpus: 'vCPUs',
  memory_gib: 'Memory',
  disk_kind: 'Kind of disk',
  disk_gib: 'Disk',
  uplink_mbps: 'Uplink',
  traffic_tib: 'Traffic a month',
  unmetered: 'Unmetered traffic',
  virtualization: 'Isolation',
  operating_systems: 'Operating systems',
  features: 'Features',
  gpu_interconnect: 'GPU interconnect',
  commitment: 'Commitment',
  country: 'Country',
  city: 'City',
  price_e9s: 'Price',
  unit: 'Unit',
  currency: 'Currency',
  setup_fee_e9s: 'Setup fee',
  min_hours: 'Rented for at least',
  max_hours: 'Rented for at most',
  response_hours: 'You answer within',
  provisioning_hours: 'Then set up within',
  stock: 'Stock',
  visibility: 'Visibility',
  reference: 'Your reference',
};

const said: Partial<Record<Name, (sheet: Sheet) => string>> = {
  kind: ({ kind }) => kindWords[kind].label,
  disk_kind: ({ disk_kind }) => (disk_kind === '' ? '' : diskWords[disk_kind]),
  virtualization: ({ virtualization }) =>
    virtualization === '' ? '' : virtualizationWords[virtualization],
  gpu_interconnect: ({ gpu_interconnect }) =>
    gpu_interconnect === '' ? '' : interconnectWords[gpu_interconnect],
  commitment: ({ commitment }) => (commitment === '' ? '' : commitmentWords[commitment]),
  unit: ({ unit }) => unitWords[unit].per,
  visibility: ({ visibility }) => visibilityWords[visibility].label,
  unmetered: ({ unmetered }) => (unmetered ? 'yes' : 'no'),
  price_e9s: (sheet) => money(sheet.price_e9s, sheet),
  setup_fee_e9s: (sheet) => money(sheet.setup_fee_e9s, sheet),
};

function money(text: string, { currency }: Sheet): string {
  const amount_e9s = readDecimal(text);
  return amount_e9s === null ? text : formatMoney(amount_e9s, currency);
}

/** A field's value in words; a dash where there is none. */
function valueWords(sheet: Sheet, name: Name): string {
  const words = said[name]?.(sheet) ?? plainWords(sheet[name]);
  return words === '' ? '–' : words;
}

function plainWords(value: Sheet[Name]): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' ? value.toLocaleString('en') : String(value ?? '');
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const isSameSheet = (a: Sheet, b: Sheet): boolean =>
  names.every((name) => isSame(a[name], b[name]));

/** A field that somebody changed while it was being edited here. */
export interface Change {
  name: Name;
  was: string;
  now: string;
  /** It was changed here too; the edit was kept. */
  is_contested: boolean;
}

/** What is edited here, on top of what the offering has become in the meantime. */
export function mergeSheets(
  base: Sheet,
  mine: Sheet,
  theirs: Sheet,
): { sheet: Sheet; changes: Change[] } {
  const moved = names.filter((name) => !isSame(base[name], theirs[name]));
  const taken = moved.filter((name) => isSame(base[name], mine[name]));
  const changes = moved
    .filter((name) => !isSame(mine[name], theirs[name]))
    .map((name) => ({
      name,
      was: valueWords(base, name),
      now: valueWords(theirs, name),
      is_contested: !taken.includes(name),
    }));
  const fromTheirs = Object.fromEntries(taken.map((name) => [name, theirs[name]]));
  return { sheet: { ...mine, ...fromTheirs }, changes };
}
