import type { ColumnName } from '@berth/shared/offerings/columns';

interface ForeignColumn {
  column: ColumnName;
  /** What a cell that says something says beside it. */
  implies?: Partial<Record<ColumnName, string>>;
  /** The unit of a number without one. */
  bare_unit?: string;
  /** The column that says how many of it there are. */
  times?: string;
}

/** Only a file with these names has this column; its lists are parted by commas too. */
export const FOREIGN_TITLE = 'offername';

const disk = (kind: string): ForeignColumn => ({
  column: 'disk_gib',
  implies: { disk_kind: kind },
});

/**
 * The columns of Serverhunter's lists and of Decent Cloud's exports that Berth takes, by plain
 * name. A price there is always of a month, traffic in GB; of two kinds of disk the faster, named
 * last here, is kept, and hours of a contract say more than how often it is billed.
 */
export const foreignColumns: Record<string, ForeignColumn> = {
  [FOREIGN_TITLE]: { column: 'title' },
  uniqueinternalidentifier: { column: 'reference' },
  offeringid: { column: 'reference' },
  monthlyprice: { column: 'price', implies: { unit: 'month' } },
  producttype: { column: 'kind' },
  virtualizationtype: { column: 'virtualization' },
  billinginterval: { column: 'min_hours' },
  mincontracthours: { column: 'min_hours' },
  maxcontracthours: { column: 'max_hours' },
  stockstatus: { column: 'stock' },
  processorname: { column: 'cpu_model' },
  processorcores: { column: 'vcpus', times: 'processoramount' },
  memoryamount: { column: 'memory_gib' },
  totalharddiskdrivecapacity: disk('hdd'),
  totalhddcapacity: disk('hdd'),
  totalsolidstatediskcapacity: disk('ssd'),
  totalssdcapacity: disk('ssd'),
  unmeteredbandwidth: { column: 'unmetered' },
  uplinkspeed: { column: 'uplink_mbps' },
  traffic: { column: 'traffic_tib', bare_unit: 'GB' },
  datacentercountry: { column: 'country' },
  datacentercity: { column: 'city' },
  gpuname: { column: 'gpu_model' },
  gpumemorygb: { column: 'gpu_memory_gib' },
};

/** Columns that say how many there are of what another has. */
export const foreignCounts: ReadonlySet<string> = new Set(
  Object.values(foreignColumns).flatMap(({ times }) => (times === undefined ? [] : [times])),
);
