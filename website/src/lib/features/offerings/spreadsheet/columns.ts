import { writtenStates } from '@berth/shared/offerings/machine';
import { units } from '@berth/shared/price';
import { currencies, decimalOf } from '@berth/shared/money';
import { joinList } from '@berth/shared/offerings/cells';
import { columnNames, type ColumnName } from '@berth/shared/offerings/columns';
import {
  commitments,
  diskKinds,
  gpuInterconnects,
  offeringKinds,
  virtualizations,
  visibilities,
  type OwnOfferingView,
} from '@berth/shared/offerings/schemas';
import { gpuModels } from '../own/suggestions.ts';

export type Name = Exclude<ColumnName, 'id'>;

/** What one row says, as text in every column. */
export type Cells = Readonly<Record<Name, string>>;

interface Look {
  label: string;
  /** In pixels; one of `widths`. */
  width: keyof typeof widths;
  is_number?: boolean;
  /** The only values it takes, or some that it often has. */
  offers?: readonly string[];
  has_lines?: boolean;
}

/** The classes of the widths that a column can have. */
export const widths = {
  88: 'w-[88px]',
  112: 'w-[112px]',
  152: 'w-[152px]',
  256: 'w-[256px]',
} as const;

const looks: Record<Name, Look> = {
  title: { label: 'Title', width: 256 },
  state: { label: 'State', width: 88, offers: writtenStates },
  kind: { label: 'Kind', width: 112, offers: offeringKinds },
  price: { label: 'Price', width: 88, is_number: true },
  unit: { label: 'Unit', width: 88, offers: units },
  currency: { label: 'Currency', width: 88, offers: currencies },
  setup_fee: { label: 'Setup fee', width: 88, is_number: true },
  stock: { label: 'Stock', width: 88, is_number: true },
  gpu_model: { label: 'GPU model', width: 152, offers: gpuModels },
  gpu_count: { label: 'GPUs', width: 88, is_number: true },
  gpu_memory_gib: { label: 'GPU GiB', width: 88, is_number: true },
  gpu_interconnect: { label: 'Interconnect', width: 112, offers: gpuInterconnects },
  commitment: { label: 'Commitment', width: 112, offers: commitments },
  cpu_model: { label: 'Processor', width: 152 },
  vcpus: { label: 'vCPUs', width: 88, is_number: true },
  memory_gib: { label: 'GiB memory', width: 112, is_number: true },
  disk_kind: { label: 'Disk kind', width: 88, offers: diskKinds },
  disk_gib: { label: 'GiB disk', width: 88, is_number: true },
  uplink_mbps: { label: 'Mbit uplink', width: 112, is_number: true },
  traffic_tib: { label: 'TiB traffic', width: 112, is_number: true },
  unmetered: { label: 'Unmetered', width: 112, offers: ['yes', 'no'] },
  virtualization: { label: 'Isolation', width: 112, offers: virtualizations },
  country: { label: 'Country', width: 88 },
  city: { label: 'City', width: 152 },
  min_hours: { label: 'Least hours', width: 112, is_number: true },
  max_hours: { label: 'Most hours', width: 112, is_number: true },
  response_hours: { label: 'Answer hours', width: 112, is_number: true },
  provisioning_hours: { label: 'Setup hours', width: 112, is_number: true },
  visibility: { label: 'Visibility', width: 112, offers: visibilities },
  reference: { label: 'Reference', width: 152 },
  operating_systems: { label: 'Operating systems', width: 256 },
  features: { label: 'Features', width: 256 },
  description: { label: 'Description', width: 256, has_lines: true },
};

export interface SheetColumn extends Look {
  name: Name;
}

/** In the order they stand in, what is changed most first. */
export const columns: readonly SheetColumn[] = Object.entries(looks).map(([name, look]) => ({
  ...look,
  name: name as Name,
}));

export const names: readonly Name[] = columns.map(({ name }) => name);

export const emptyCells = Object.fromEntries(
  columnNames.filter((name) => name !== 'id').map((name) => [name, '']),
) as Cells;

/** What a page is sent of an offering: its cells in the order of `names`. */
export interface Line {
  offering_id: string;
  version: number;
  texts: readonly string[];
}

export const cellsIn = ({ texts }: Line): Cells =>
  Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ''])) as Cells;

/** An offering as an export writes it, which an import reads back unchanged. */
export function lineOf(offering: OwnOfferingView): Line {
  const amounts = {
    price: decimalOf(BigInt(offering.price_e9s)),
    setup_fee: decimalOf(BigInt(offering.setup_fee_e9s)),
  };
  const values: Partial<Record<Name, unknown>> = { ...offering, ...amounts };
  const { id: offering_id, version } = offering;
  return { offering_id, version, texts: names.map((name) => textOf(values[name])) };
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? joinList(value as string[]) : String(value ?? '');
}
