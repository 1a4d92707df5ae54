import { plainName } from '@berth/shared/offerings/cells';
import { columnNames } from '@berth/shared/offerings/columns';
import type { MappingTarget } from '@berth/shared/offerings/mapping';
import { foreignColumns } from './foreign-columns.ts';

/** What others call our columns, by plain name; our own name goes before all of these. */
export const alike: Record<MappingTarget, RegExp | null> = {
  reference: /^(?:id|sku|slug|offer(?:ing)?id|productid|planid|instancetype|uniqueid)$/,
  state: null,
  kind: /^(?:type|category|producttype|servertype)$/,
  title: /^(?:name|plan|product|label|offer(?:ing)?name|bezeichnung|nom|nombre)$/,
  description: /^(?:notes?|details|comments?|blurb|beschreibung)$/,
  gpu_model: /^(?:gpu|gpunames?|gputype|accelerator(?:name)?|card|model|grafikkarte)$/,
  gpu_count: /^(?:gpus|ngpus?|numgpus?|gpuquantity|acceleratorcount)$/,
  gpu_memory_gib: /^(?:vram|gpumem|gpuram)/,
  cpu_model: /^(?:cpu|cpuname|cpumodel|processor|processorname|prozessor)$/,
  vcpus: /^(?:v?cpus?|v?cores|cpucores|cpucount|processorcores|threads|kerne)$/,
  memory_gib: /^(?:ram|mem|memory|arbeitsspeicher)(?:amount|size)?(?:[mg]i?b)?$/,
  disk_kind: /^(?:disk|storage)type$/,
  disk_gib:
    /^(?:total)?(?:disk|storage|ssd|nvme|hdd|festplatte)(?:size|space|capacity)?(?:[mgt]i?b)?$/,
  uplink_mbps: /^(?:uplink|bandwidth|network|net|port)(?:speed)?(?:mbi?ts?|mbps|gbps)?$/,
  traffic_tib: /^(?:traffic|transfer)/,
  unmetered: /^unmetered/,
  virtualization: /^(?:virt|virtualizationtype|hypervisor)$/,
  operating_systems: /^(?:os|operatingsystem|betriebssystem)$/,
  features: /^(?:tags|extras)$/,
  gpu_interconnect: /^(?:interconnect|formfactor)$/,
  commitment: /^(?:isspot|spot|interruptible|pricingmodel)$/,
  country: /country|^land$|^pays$|^region$|^location$|^geolocation$|^datacenter$/,
  city: /city$|^(?:location|ort|stadt|ville|datacenter|region)$/,
  price: /price|preis|prix|precio|prezzo|^cost|^rate$/,
  unit: /^(?:billingunit|priceunit|per)$/,
  currency: /^(?:currencycode|pricecurrency|waehrung|währung)$/,
  setup_fee: /setup/,
  min_hours: /^min(?:imum)?(?:hours|duration)$/,
  max_hours: /^max(?:imum)?(?:hours|duration)$/,
  response_hours: null,
  provisioning_hours: null,
  stock: /^(?:available|availability|quantity|inventory|stock)/,
  visibility: null,
};

const patterns = Object.values(alike).filter((pattern) => pattern !== null);
const known = new Set([...columnNames.map(plainName), ...Object.keys(foreignColumns)]);

/** Whether a cell is what a column may be called, so that it stands in a header. */
export function isColumnName(written: string): boolean {
  const plain = plainName(written);
  return known.has(plain) || patterns.some((pattern) => pattern.test(plain));
}
