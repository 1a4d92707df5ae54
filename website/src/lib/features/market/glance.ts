import type { FieldName } from '@berth/shared/market/fields';
import type { SearchItem } from '@berth/shared/market/schemas';
import { FLAG_CHARS } from '#lib/ui/flag.ts';
import { controlOf, type Facets } from './panel.ts';

/** What a list shows of a result. A page carries it beside its markup, so it carries no more. */
export type Glance = ReturnType<typeof glanceAt>;

export function glanceAt(item: SearchItem) {
  const { id, title, kind, country, city, currency, stock, auto_accept_hours, on_chain } = item;
  const { listed_at, renters } = item;
  const { gpu_model, gpu_count, gpu_memory_gib, vcpus, memory_gib } = item;
  const { disk_kind, disk_gib, uplink_mbps, traffic_tib, unmetered } = item;
  const { price, rank, provider } = item;
  return {
    ...{ id, title, kind, country, city, currency, stock, auto_accept_hours, on_chain },
    ...{ listed_at, renters },
    ...{ gpu_model, gpu_count, gpu_memory_gib, vcpus, memory_gib },
    ...{ disk_kind, disk_gib, uplink_mbps, traffic_tib, unmetered },
    price: {
      hours: price.hours,
      total_e9s: price.total_e9s,
      setup_fee_e9s: price.setup_fee_e9s,
      hourly_e9s: price.hourly_e9s,
      monthly_e9s: price.monthly_e9s,
      ...(price.converted && {
        converted: {
          currency: price.converted.currency,
          total_e9s: price.converted.total_e9s,
        },
      }),
    },
    provider: { key: provider.key.slice(0, FLAG_CHARS), display_name: provider.display_name },
    rank: rank && {
      place: rank.place,
      tied: rank.tied,
      closeness: rank.closeness,
      counterfactual: rank.counterfactual,
    },
  };
}

/** Results without the names of their parts, which are most of their text. */
interface PackedGlances {
  names: (keyof Glance)[];
  rows: Glance[keyof Glance][][];
}

export function packGlances(items: readonly Glance[]): PackedGlances {
  const names = Object.keys(items[0] ?? {}) as PackedGlances['names'];
  return { names, rows: items.map((item) => names.map((name) => item[name])) };
}

export const unpackGlances = ({ names, rows }: PackedGlances): Glance[] =>
  rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])) as Glance);

type Facet = Facets[number];
/** A facet without the names of its parts, which are most of its text. */
type Packed = [field: string, values: [value: string, count: number][], range: Facet['range']];

/** Of numbers the panel shows the ends of what there is, never how many at each step. */
export const packFacets = (facets: Facets): Packed[] =>
  facets.map(({ field, values, range }) => [
    field,
    controlOf(field as FieldName) === 'range'
      ? []
      : values.map(({ value, count }) => [value, count]),
    range,
  ]);

export const unpackFacets = (packed: readonly Packed[]): Facets =>
  packed.map(([field, values, range]) => ({
    field,
    values: values.map(([value, count]) => ({ value, count })),
    range,
  }));
