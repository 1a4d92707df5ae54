/**
 * What the tables in `lines/` are made of: a line is one product, in some sizes, at some places.
 * Fields that belong together stand on one line there, as `...{ vcpus: 8, memory_gib: 32 }`.
 */
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import type { PlaceName } from './places.ts';

type Specs = Partial<
  Pick<
    OfferingInput,
    | 'gpu_model'
    | 'gpu_count'
    | 'gpu_memory_gib'
    | 'cpu_model'
    | 'vcpus'
    | 'memory_gib'
    | 'disk_kind'
    | 'disk_gib'
    | 'uplink_mbps'
    | 'traffic_tib'
    | 'unmetered'
    | 'virtualization'
    | 'operating_systems'
    | 'features'
    | 'gpu_interconnect'
    | 'unit'
    | 'min_hours'
    | 'max_hours'
    | 'response_hours'
    | 'provisioning_hours'
  >
>;

export interface Size extends Specs {
  /** Its part of the reference, after the line's. */
  code: string;
  /** Of one unit, in the provider's currency. */
  price: number;
  setup_fee?: number;
  /** Units at each place of the line, in order. */
  stock: number[];
  /** A sentence that is true of this size only. */
  note?: string;
}

export interface Line extends Specs {
  /** The provider's handle. */
  by: string;
  code: string;
  kind: OfferingInput['kind'];
  /** `{city}`, `{gpu_count}`, `{vcpus}`, `{memory}`, `{disk}` and `{uplink}` are filled in. */
  title: string;
  text: string;
  /** Each with what the price is multiplied by there. */
  at: Partial<Record<PlaceName, number>>;
  /** Days before the present that it was listed. */
  since: number;
  sizes: Size[];
}

/** What several lines of one table have in common. */
export type Shared = Pick<Line, 'kind'> & Partial<Line>;

export const LINUX = ['Ubuntu 24.04', 'Debian 13', 'Rocky Linux 9'];
export const CUDA = ['Ubuntu 24.04 with CUDA 12.8', 'Ubuntu 22.04 with CUDA 12.4'];

export const MONTH = 720;
export const YEAR = 12 * MONTH;

interface PerGpu {
  price: number;
  vcpus: number;
  memory_gib: number;
  disk_gib: number;
  /** How several of them are joined. */
  joined: NonNullable<OfferingInput['gpu_interconnect']>;
}

type Counted = Omit<Size, 'code' | 'price'> & { price?: number };

/** Sizes of so many GPUs, each with its share of the machine; stock as in a size. */
export const perGpu = (each: PerGpu, counts: Record<number, Counted>): Size[] =>
  Object.entries(counts).map(([text, { price = each.price, ...size }]) => {
    const gpu_count = Number(text);
    return {
      code: `${gpu_count}x`,
      gpu_count,
      gpu_interconnect: gpu_count > 1 ? each.joined : null,
      vcpus: each.vcpus * gpu_count,
      memory_gib: each.memory_gib * gpu_count,
      disk_gib: each.disk_gib * gpu_count,
      price: price * gpu_count,
      ...size,
    };
  });

/** A whole node, which nobody shares: bare metal with all its processors. */
export const wholeNode = (
  cpu_model: string,
  features: string[],
): Pick<Size, 'virtualization' | 'cpu_model' | 'features'> => ({
  virtualization: 'bare_metal',
  ...{ cpu_model, features },
});
