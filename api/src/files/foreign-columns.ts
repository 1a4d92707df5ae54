import type { ColumnName } from '@berth/shared/offerings/columns';

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
