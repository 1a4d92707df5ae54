import type { OfferingInput } from './schemas.ts';

/** The columns of an import and of an export; amounts are decimal text such as 2.50. */
export type ColumnName =
  | Exclude<keyof OfferingInput, 'price_e9s' | 'setup_fee_e9s'>
  | 'id'
  | 'state'
  | 'price'
  | 'setup_fee';

/** What each column holds, in the order of an export; `starts` is what a new row has without it. */
export const importColumns: Record<ColumnName, { means: string; starts?: string }> = {
  id: { means: 'Berth’s own id of the offering; an export has it, a new row needs none' },
  reference: { means: 'Your own id; a row with one you used before updates that offering' },
  state: { means: 'draft, listed or paused', starts: 'draft' },
  kind: { means: 'gpu, compute, dedicated, storage, network or hosting' },
  title: { means: 'One line that names it' },
  description: { means: 'Text of several lines', starts: '' },
  gpu_model: { means: 'Such as RTX 4090; a gpu needs it' },
  gpu_count: { means: 'Whole number' },
  gpu_memory_gib: { means: 'Of one GPU; 24, 24 GB or 24 GiB' },
  cpu_model: { means: 'Such as EPYC 9654' },
  vcpus: { means: 'Whole number; 4 x 6 cores are 24' },
  memory_gib: { means: '64, 64 GB or 1 TB' },
  disk_kind: { means: 'nvme, ssd or hdd' },
  disk_gib: { means: '500, 1.5 TB or 2x 480 GB' },
  uplink_mbps: { means: '1000, 1000 Mbit or 10 Gbit' },
  traffic_tib: { means: 'In a month; 20, 20 TB or 500 GB' },
  unmetered: { means: 'yes or no', starts: 'no' },
  virtualization: { means: 'kvm, xen, vmware, hyperv, lxc, container or bare_metal' },
  operating_systems: { means: 'A list, parted by ;', starts: '' },
  features: { means: 'A list, parted by ;', starts: '' },
  gpu_interconnect: { means: 'pcie, nvlink, sxm or infinity_fabric' },
  commitment: { means: 'on_demand, spot or reserved' },
  country: { means: 'Two letters such as NL, or the English name' },
  city: { means: 'One line', starts: '' },
  price: { means: 'Of one unit; 2.50, 2,50 or €2.50 per hour' },
  unit: { means: 'hour, day or month', starts: 'hour' },
  currency: { means: 'USD, EUR, GBP, CHF, ICP or DCT', starts: 'USD' },
  setup_fee: { means: 'Paid once', starts: '0' },
  min_hours: { means: 'Whole number', starts: '1' },
  max_hours: { means: 'Whole number', starts: '8640' },
  response_hours: { means: 'How long you take to answer at most', starts: '24' },
  provisioning_hours: { means: 'How long you take to set it up at most', starts: '24' },
  stock: { means: 'How many can be rented now', starts: '1' },
  visibility: { means: 'public, unlisted or private', starts: 'public' },
};

export const columnNames = Object.keys(importColumns) as [ColumnName, ...ColumnName[]];
