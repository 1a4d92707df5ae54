/** The demo's offerings: every line in every size at every place, as rows of an import. */
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import type { Line, Size } from './line.ts';
import { computeLines } from './lines/compute.ts';
import { dedicatedLines } from './lines/dedicated.ts';
import { largeGpuLines } from './lines/gpu-large.ts';
import { smallGpuLines } from './lines/gpu-small.ts';
import { serviceLines } from './lines/services.ts';
import { providers } from './people.ts';
import { places, type PlaceName } from './places.ts';

type Importable = Omit<OfferingInput, 'price_e9s' | 'setup_fee_e9s'>;

/** A row as an import takes it: amounts are decimal text. */
export interface OfferingRow extends Partial<Importable> {
  reference: string;
  state: 'draft' | 'listed' | 'paused';
  price: string;
  setup_fee: string;
}

/** What a provider has imported at one time. */
export interface Batch {
  provider: string;
  /** Days before the present. */
  since: number;
  rows: OfferingRow[];
}

const lines: readonly Line[] = [
  ...largeGpuLines,
  ...smallGpuLines,
  ...computeLines,
  ...dedicatedLines,
  ...serviceLines,
];

const byHandle = new Map(providers.map((provider) => [provider.handle, provider]));

/** Provider and reference -> what is not plainly listed; `archived` is a move afterwards. */
export const shelf: Record<string, 'draft' | 'paused' | 'archived' | 'unlisted' | 'private'> = {
  'lowland-metal/jupyter-30-ams': 'draft',
  'lowland-metal/a100-80-8x-ams': 'paused',
  'lowland-metal/ryzen9950x-128-ams': 'unlisted',
  'lowland-metal/l40s-4x-fra': 'archived',
  'isbre-compute/b200-4x-nvk': 'paused',
  'isbre-compute/h200-8x-lla': 'unlisted',
  'dry-creek-data/l40s-8x-dal': 'draft',
  'copper-mesa/rtx4090-8x-slc': 'paused',
  'pinefall/altra80-256-tor': 'archived',
  'kestrel-racks/transit-10g-man': 'draft',
  'kestrel-racks/2xgold6430-512-lon': 'unlisted',
  'odra-servers/ryzen3600-64-wro': 'archived',
  'canal-nine/transit-100g-fra': 'paused',
  'meadow-vault/s3-50t-nue': 'unlisted',
  'pampa-compute/rtx4090-2x-gru': 'draft',
  'jonas-spare-cycles/rtx4090-2x-lej': 'private',
};

/** Provider and reference -> the most hours that the provider's signed rule accepts at once. */
export const autoAccepted: Record<string, number> = {
  'lowland-metal/h100-sxm-1x-ams': 48,
  'lowland-metal/l40s-1x-ams': 168,
  'copper-mesa/rtx4090-1x-phx': 72,
  'copper-mesa/rtx4090-1x-slc': 72,
  'copper-mesa/rtx5090-1x-phx': 48,
  'baltic-byteworks/vps-m-vno': 720,
  'meadow-vault/box-5t-hel': 2_160,
  'pinefall/vm-8c-mtl': 240,
};

const GIB_PER_TIB = 1_024;
const MBPS_PER_GBPS = 1_000;

function sizeText(gib: number | null | undefined): string {
  if (!gib) return '';
  const tib = Number((gib / GIB_PER_TIB).toFixed(1));
  return gib < GIB_PER_TIB ? `${gib} GiB` : `${tib} TiB`;
}

const speedText = (mbps = 0): string => `${mbps / MBPS_PER_GBPS} Gbit/s`;

function fill(text: string, line: Line, size: Size, city: string): string {
  const specs = { ...line, ...size };
  const words: Record<string, string> = {
    city,
    gpu_count: String(specs.gpu_count),
    vcpus: String(specs.vcpus),
    memory: sizeText(specs.memory_gib),
    disk: sizeText(specs.disk_gib),
    uplink: speedText(specs.uplink_mbps ?? 0),
  };
  return text.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? name);
}

const ROUND_FROM = 25;
const FINE_BELOW = 0.3;

/** As people price: tenths of a cent where it is little, and whole amounts where it is much. */
export function priceText(price: number, unit: OfferingInput['unit']): string {
  if (unit !== 'hour' && price >= ROUND_FROM) return String(Math.round(price));
  return price.toFixed(price < FINE_BELOW ? 3 : 2);
}

function rowOf(line: Line, size: Size, place: PlaceName, nth: number): OfferingRow {
  const { by, code, title, text, at, since: _, sizes: __, ...specs } = line;
  const { code: sizeCode, price, setup_fee = 0, stock, note, ...more } = size;
  const { country, city, house } = places[place];
  const provider = byHandle.get(by);
  if (!provider) throw new Error(`No provider is called ${by}`);
  const reference = `${code}-${sizeCode}-${place}`;
  const shelved = shelf[`${by}/${reference}`];
  return {
    response_hours: provider.answers_in,
    provisioning_hours: provider.sets_up_in,
    ...specs,
    ...more,
    reference,
    state: shelved === 'draft' || shelved === 'paused' ? shelved : 'listed',
    visibility: shelved === 'unlisted' || shelved === 'private' ? shelved : 'public',
    title: fill(title, line, size, city),
    description: [fill(note ? `${text} ${note}` : text, line, size, city), house].join('\n\n'),
    country,
    city,
    currency: provider.currency,
    price: priceText(price * (at[place] ?? 1), specs.unit ?? 'hour'),
    setup_fee: String(setup_fee),
    stock: stock[nth] ?? 0,
  };
}

/** Every import, in no order. */
export function offeringBatches(): Batch[] {
  const batches = new Map<string, Batch>();
  for (const line of lines) {
    const { by: provider, since } = line;
    const key = `${provider} ${since}`;
    const batch = batches.get(key) ?? { provider, since, rows: [] };
    batches.set(key, batch);
    const named = Object.keys(line.at) as PlaceName[];
    for (const size of line.sizes) {
      batch.rows.push(...named.map((place, nth) => rowOf(line, size, place, nth)));
    }
  }
  return [...batches.values()];
}
