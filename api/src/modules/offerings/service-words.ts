import type { ColumnName } from '@berth/shared/offerings/columns';

/** Letter case, spaces and punctuation do not tell column names apart. */
export const plainName = (name: string): string =>
  name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const HOURS_PER_INTERVAL: Record<string, number> = {
  hourly: 1,
  daily: 24,
  weekly: 7 * 24,
  monthly: 720,
  quarterly: 3 * 720,
  yearly: 12 * 720,
};
/** Cells that mean the same in our words, by plain name. */
const WORDS: Partial<Record<ColumnName, Record<string, string>>> = {
  kind: {
    vps: 'compute',
    cloud: 'compute',
    vm: 'compute',
    virtualserver: 'compute',
    dedicatedserver: 'dedicated',
    baremetal: 'dedicated',
    managed: 'hosting',
    webhosting: 'hosting',
  },
  unit: {
    h: 'hour',
    hr: 'hour',
    hours: 'hour',
    hourly: 'hour',
    perhour: 'hour',
    d: 'day',
    days: 'day',
    daily: 'day',
    perday: 'day',
    mo: 'month',
    months: 'month',
    monthly: 'month',
    permonth: 'month',
  },
  gpu_interconnect: {
    pci: 'pcie',
    pciexpress: 'pcie',
    nvl: 'nvlink',
    sxm4: 'sxm',
    sxm5: 'sxm',
    xgmi: 'infinity_fabric',
    infinityfabric: 'infinity_fabric',
  },
  commitment: { ondemand: 'on_demand', interruptible: 'spot', preemptible: 'spot' },
  virtualization: { none: 'bare_metal', docker: 'container', openvz: 'container' },
  visibility: { visible: 'public', hidden: 'private', invisible: 'private' },
  stock: { instock: '1', limited: '1', outofstock: '0' },
  unmetered: {
    unmetered: 'yes',
    unmeteredinbound: 'no',
    standard: 'no',
    metered: 'no',
    none: 'no',
  },
  min_hours: Object.fromEntries(
    Object.entries(HOURS_PER_INTERVAL).map(([word, hours]) => [word, String(hours)]),
  ),
};

/** A cell in our words: `per hour` -> `hour`, `In stock` -> `1`; any other stays as it is. */
export function plainWord(column: ColumnName, cell: string): string {
  const words = WORDS[column] ?? {};
  const name = plainName(cell);
  return Object.hasOwn(words, name) ? (words[name] ?? cell) : cell;
}

interface ForeignColumn {
  column: ColumnName;
  /** What a cell that says something says beside it. */
  implies?: Partial<Record<ColumnName, string>>;
  /** The unit of a number without one. */
  bare_unit?: string;
}

/** Only a file with Serverhunter's names has this column; its lists are parted by commas too. */
export const FOREIGN_TITLE = 'offername';

/**
 * Serverhunter's columns that Berth takes, by plain name. A price there is always of a month; of
 * two kinds of disk the faster, named last here, is kept.
 */
export const foreignColumns: Record<string, ForeignColumn> = {
  [FOREIGN_TITLE]: { column: 'title' },
  uniqueinternalidentifier: { column: 'reference' },
  monthlyprice: { column: 'price', implies: { unit: 'month' } },
  producttype: { column: 'kind' },
  virtualizationtype: { column: 'virtualization' },
  billinginterval: { column: 'min_hours' },
  processorname: { column: 'cpu_model' },
  processorcores: { column: 'vcpus' },
  memoryamount: { column: 'memory_gib' },
  totalharddiskdrivecapacity: { column: 'disk_gib', implies: { disk_kind: 'hdd' } },
  totalsolidstatediskcapacity: { column: 'disk_gib', implies: { disk_kind: 'ssd' } },
  uplinkspeed: { column: 'uplink_mbps' },
  traffic: { column: 'traffic_tib', bare_unit: 'GB' },
  datacentercountry: { column: 'country' },
  datacentercity: { column: 'city' },
  gpuname: { column: 'gpu_model' },
};
