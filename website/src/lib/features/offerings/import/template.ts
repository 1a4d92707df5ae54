import { writtenStates } from '@berth/shared/offerings/machine';
import { columnNames, type ColumnName } from '@berth/shared/offerings/columns';

const example: Partial<Record<ColumnName, string>> = {
  reference: 'gpu-ams-01',
  state: writtenStates[0],
  kind: 'gpu',
  title: '2 × RTX 4090 in Amsterdam',
  description: 'Rendering and inference, root access.',
  gpu_model: 'RTX 4090',
  gpu_count: '2',
  gpu_memory_gib: '24 GiB',
  cpu_model: 'EPYC 7443P',
  vcpus: '32',
  memory_gib: '128 GiB',
  disk_kind: 'nvme',
  disk_gib: '1 TiB',
  uplink_mbps: '10 Gbit',
  unmetered: 'yes',
  virtualization: 'kvm',
  operating_systems: 'Ubuntu 24.04;Debian 13',
  features: 'Docker;Root access',
  gpu_interconnect: 'pcie',
  commitment: 'on_demand',
  country: 'NL',
  city: 'Amsterdam',
  price: '0.88',
  unit: 'hour',
  currency: 'USD',
  setup_fee: '0',
  min_hours: '1',
  max_hours: '720',
  response_hours: '24',
  provisioning_hours: '24',
  stock: '3',
  visibility: 'public',
};
/** Berth gives ids; a new row has none. */
const columns = columnNames.filter((name) => name !== 'id');

const cell = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** A file with every column and one row to write over. */
export const templateCsv = (): string =>
  [columns, columns.map((name) => cell(example[name] ?? ''))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
