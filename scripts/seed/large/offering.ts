/** One offering as a provider would write it. */
import { hoursPerUnit, type Unit } from '@berth/shared/price';
import type { OfferingInput, OfferingKind } from '@berth/shared/offerings/schemas';
import { evenly, weighted, zipf, type Draw } from './draw.ts';
import {
  features,
  pickCount,
  pickCpu,
  pickGpu,
  SAYS_INTERCONNECT,
  systems,
  type Cpu,
} from './hardware.ts';
import type { Provider } from './provider.ts';
import { description, titleTail } from './words.ts';

type Specs = Pick<
  OfferingInput,
  | 'gpu_model'
  | 'gpu_count'
  | 'gpu_memory_gib'
  | 'gpu_interconnect'
  | 'cpu_model'
  | 'vcpus'
  | 'memory_gib'
  | 'disk_kind'
  | 'disk_gib'
  | 'virtualization'
>;

/** What is offered, named in a title, with the dollars that an hour of it goes for. */
interface Product extends Specs {
  name: string;
  dollars: number;
}

const pickKind = weighted<OfferingKind>([
  ['gpu', 46],
  ['compute', 24],
  ['dedicated', 14],
  ['storage', 6],
  ['hosting', 6],
  ['network', 4],
]);
const pickCommitment = weighted<OfferingInput['commitment']>([
  ['on_demand', 52],
  ['spot', 16],
  ['reserved', 10],
  [null, 22],
]);
const pickPerThread = weighted([
  [2, 30],
  [4, 46],
  [8, 24],
]);
const pickDisk = weighted<OfferingInput['disk_kind']>([
  ['nvme', 70],
  ['ssd', 20],
  ['hdd', 10],
]);
const pickUplink = weighted<number | null>([
  [1_000, 42],
  [10_000, 30],
  [100, 5],
  [2_500, 4],
  [25_000, 6],
  [100_000, 4],
  [null, 9],
]);
const pickVcpus = weighted([
  [1, 10],
  [2, 24],
  [4, 26],
  [8, 20],
  [16, 12],
  [32, 8],
]);
const pickUnit: Record<OfferingKind, ReturnType<typeof weighted<Unit>>> = {
  gpu: weighted<Unit>([
    ['hour', 90],
    ['day', 3],
    ['month', 7],
  ]),
  compute: weighted<Unit>([
    ['hour', 45],
    ['month', 55],
  ]),
  dedicated: weighted<Unit>([
    ['hour', 10],
    ['month', 90],
  ]),
  storage: weighted<Unit>([['month', 1]]),
  network: weighted<Unit>([['month', 1]]),
  hosting: weighted<Unit>([
    ['day', 10],
    ['month', 90],
  ]),
};
const pickStock = weighted([
  [0, 9],
  [1, 34],
  [2, 18],
  [4, 14],
  [8, 10],
  [20, 9],
  [100, 6],
]);
const pickMaxHours = weighted([
  [720, 20],
  [2_160, 15],
  [8_640, 55],
  [43_800, 10],
]);
const pickMinHours = weighted([
  [1, 80],
  [24, 14],
  [168, 6],
]);
const pickSystem = zipf(systems);
const pickFeature = zipf(features);
const pickVirtualization = weighted<OfferingInput['virtualization']>([
  ['kvm', 70],
  ['container', 12],
  ['lxc', 6],
  ['xen', 4],
  ['vmware', 5],
  ['hyperv', 3],
]);
const pickService = evenly([
  ['PostgreSQL', 0.06],
  ['Nextcloud', 0.02],
  ['Kubernetes', 0.12],
  ['Mail server', 0.01],
  ['Redis', 0.04],
  ['JupyterHub', 0.3],
] as const);
const pickNetwork = evenly([
  ['IPv4 /29', 0.02],
  ['Transit 10 Gbit/s', 0.9],
  ['WireGuard tunnel', 0.007],
  ['BGP session', 0.03],
] as const);

const NO_SPECS: Specs = {
  gpu_model: null,
  gpu_count: null,
  gpu_memory_gib: null,
  gpu_interconnect: null,
  cpu_model: null,
  vcpus: null,
  memory_gib: null,
  disk_kind: null,
  disk_gib: null,
  virtualization: null,
};

function gpuProduct(draw: Draw): Product {
  const { hardware, price } = pickGpu(draw);
  const { name: gpu_model, memory_gib: gpu_memory_gib, interconnect } = hardware;
  const onPcie = interconnect === null || interconnect === 'pcie';
  const gpu_count = onPcie ? pickCount.others(draw) : pickCount.eights(draw);
  const cpu = pickCpu(draw);
  const says = onPcie ? SAYS_INTERCONNECT.pcie : SAYS_INTERCONNECT.other;
  const wanted = gpu_count * (6 + 2 * draw.below(8));
  return {
    name: gpu_count === 1 && draw.chance(0.6) ? `GPU ${gpu_model}` : `${gpu_count}x ${gpu_model}`,
    // Machines of several are a little cheaper for each.
    dollars: price * gpu_count ** 0.98,
    ...{ gpu_model, gpu_count, gpu_memory_gib },
    gpu_interconnect: draw.chance(says) ? interconnect : null,
    cpu_model: draw.chance(0.8) ? cpu.model : null,
    vcpus: Math.min(wanted, 2 * cpu.threads),
    memory_gib: gpu_count * 16 * (1 + draw.below(12)),
    disk_kind: 'nvme',
    disk_gib: gpu_count * 120 * (1 + draw.below(16)),
    virtualization: draw.chance(0.3) ? 'bare_metal' : pickVirtualization(draw),
  };
}

function machine(draw: Draw, cpu: Cpu, vcpus: number): Specs & { dollars: number } {
  const memory_gib = vcpus * pickPerThread(draw);
  const disk_kind = pickDisk(draw);
  const disk_gib = vcpus * 20 * (1 + draw.below(8)) * (disk_kind === 'hdd' ? 8 : 1);
  const dollars = vcpus * cpu.price + memory_gib * 0.0012 + disk_gib * 0.000_03;
  const cpu_model = draw.chance(0.85) ? cpu.model : null;
  return { ...NO_SPECS, cpu_model, vcpus, memory_gib, disk_kind, disk_gib, dollars };
}

const products: Record<OfferingKind, (draw: Draw) => Product> = {
  gpu: gpuProduct,
  compute(draw) {
    const made = machine(draw, pickCpu(draw), pickVcpus(draw));
    const name = `VPS ${made.vcpus} vCPU ${made.memory_gib} GiB`;
    return { ...made, name, virtualization: pickVirtualization(draw) };
  },
  dedicated(draw) {
    const cpu = pickCpu(draw);
    const made = machine(draw, cpu, cpu.threads * (draw.chance(0.25) ? 2 : 1));
    return { ...made, name: `${cpu.model} ${made.memory_gib} GiB`, virtualization: 'bare_metal' };
  },
  storage(draw) {
    const disk_gib = 512 * 2 ** draw.below(9);
    const disk_kind = draw.chance(0.6) ? 'hdd' : pickDisk(draw);
    const name = draw.chance(0.5) ? `Storage box ${disk_gib} GiB` : `S3 bucket ${disk_gib} GiB`;
    return { ...NO_SPECS, name, disk_kind, disk_gib, dollars: disk_gib * 0.000_006 };
  },
  network(draw) {
    const [name, dollars] = pickNetwork(draw);
    return { ...NO_SPECS, name, dollars };
  },
  hosting(draw) {
    const [name, dollars] = pickService(draw);
    const size = 2 ** draw.below(5);
    return { ...NO_SPECS, name, dollars: dollars * size, vcpus: size, memory_gib: 2 * size };
  },
};

const PRICE_SPREAD = 0.28;
const SPOT = 0.45;
const RESERVED = 0.7;
/** What a whole month costs beside its hours. */
const BY_THE_MONTH = 0.85;
const E6 = 1_000_000n;
const CENTS_FROM = 1;
const WHOLE_FROM = 40;

/** As people price: tenths of a cent, cents, or whole amounts where it is much. */
function rounded(price: number): bigint {
  const step = price >= WHOLE_FROM ? 1_000 : price >= CENTS_FROM ? 10 : 1;
  return BigInt(Math.max(1, Math.round((price * 1_000) / step) * step)) * E6;
}

function some<T>(draw: Draw, pick: (draw: Draw) => T, most: number): T[] {
  const found = new Set<T>();
  for (let left = draw.below(most + 1); left > 0; left -= 1) found.add(pick(draw));
  return [...found];
}

const timesCommitment = (commitment: OfferingInput['commitment']): number =>
  commitment === 'spot' ? SPOT : commitment === 'reserved' ? RESERVED : 1;

function pricing(draw: Draw, kind: OfferingKind, hourly: number) {
  const commitment = kind === 'network' || kind === 'hosting' ? null : pickCommitment(draw);
  const unit = pickUnit[kind](draw);
  const asked = hourly * timesCommitment(commitment) * draw.spread(PRICE_SPREAD);
  const price = asked * hoursPerUnit[unit] * (unit === 'month' ? BY_THE_MONTH : 1);
  const hasFee = draw.chance(kind === 'dedicated' ? 0.3 : 0.06);
  const min_hours =
    commitment === 'reserved' ? 720 : unit === 'hour' ? pickMinHours(draw) : hoursPerUnit[unit];
  return {
    commitment,
    unit,
    price_e9s: rounded(price),
    setup_fee_e9s: hasFee ? rounded(10 * (1 + draw.below(20))) : 0n,
    min_hours,
    max_hours: Math.max(min_hours, pickMaxHours(draw)),
  };
}

/** What the provider's nth offering says. */
export function makeInput(draw: Draw, provider: Provider, nth: number): OfferingInput {
  const kind = pickKind(draw);
  const { name, dollars, ...specs } = products[kind](draw);
  const place = evenly(provider.places)(draw);
  const unmetered = draw.chance(0.4);
  const { virtualization } = specs;
  return {
    kind,
    title: `${name}${titleTail(draw, place.city)}`,
    description: description(draw),
    ...specs,
    uplink_mbps: pickUplink(draw),
    traffic_tib: unmetered || draw.chance(0.3) ? null : 1 + draw.below(100),
    unmetered,
    operating_systems: virtualization === null ? [] : some(draw, pickSystem, 4),
    features: some(draw, pickFeature, 5),
    ...place,
    ...pricing(draw, kind, dollars * provider.level),
    currency: provider.currency,
    stock: pickStock(draw),
    visibility: draw.chance(0.99) ? 'public' : 'unlisted',
    response_hours: provider.response_hours,
    provisioning_hours: provider.provisioning_hours,
    reference: draw.chance(0.7) ? `sku-${nth + 1}` : null,
  };
}
