import { expect, test } from 'vitest';
import { contradictionsIn, ruleSentences } from './seed/consistency.ts';
import { offeringBatches, type OfferingRow } from './seed/offerings.ts';

const rows = offeringBatches().flatMap(({ provider, rows }) =>
  rows.map((row) => ({ name: `${provider}/${row.reference}`, row })),
);
const rowOf = (wanted: string): OfferingRow => {
  const found = rows.find(({ name }) => name === wanted);
  if (!found) throw new Error(`No offering is called ${wanted}`);
  return found.row;
};

test('no offering of the demo says one thing here and another there', () => {
  const said = rows.flatMap(({ name, row }) =>
    contradictionsIn(row).map((sentence) => `${name}: ${sentence}`),
  );
  expect(said).toEqual([]);
});

const SHARE = 'lowland-metal/h100-sxm-1x-ams';
const NODE = 'lowland-metal/h100-sxm-8x-ams';
const SERVER = 'lowland-metal/epyc9454p-384-ams';
const VIRTUAL = 'pinefall/vm-4c-mtl';
const BOX = 'meadow-vault/box-5t-hel';

/** A contradiction of each rule: what was changed, and in which offering. */
const planted: readonly [string, Partial<OfferingRow>][] = [
  [SERVER, { cpu_model: 'EPYC 1234' }],
  [SHARE, { virtualization: 'bare_metal' }],
  [SHARE, { vcpus: 400 }],
  [SERVER, { virtualization: 'kvm' }],
  [NODE, { description: 'One GPU of a shared node.' }],
  [SHARE, { description: 'Handed over as bare metal.' }],
  [SHARE, { features: ['BMC'] }],
  [BOX, { operating_systems: ['Ubuntu 24.04'] }],
  [VIRTUAL, { features: ['Arm64'] }],
  [SERVER, { disk_kind: null }],
  [SERVER, { disk_kind: 'hdd' }],
  [SERVER, { traffic_tib: 20 }],
  [SHARE, { gpu_count: null }],
  [SHARE, { gpu_memory_gib: 40 }],
  [NODE, { gpu_interconnect: 'pcie' }],
  [SHARE, { features: ['NVLink'] }],
  [SHARE, { operating_systems: ['Ubuntu 24.04 with ROCm 6.4'] }],
  [SHARE, { price: '0.40' }],
  [SHARE, { title: '2x H100 SXM, Amsterdam' }],
  [SERVER, { title: 'EPYC 9454P, 512 GiB, 7.5 TiB NVMe, Amsterdam' }],
  ['odra-servers/storage-216t-wro', { disk_gib: 100_000 }],
  [VIRTUAL, { title: '8 vCPU, 16 GiB virtual server, Montréal' }],
  [SHARE, { title: '1x H100 SXM, Frankfurt' }],
  [SHARE, { description: 'Under Swiss law.' }],
  [SERVER, { min_hours: 24 }],
  [SERVER, { min_hours: 100_000 }],
  [BOX, { price: '900' }],
];

test('each rule sees what breaks it', () => {
  const seen = new Set(
    planted.flatMap(([name, change]) => contradictionsIn({ ...rowOf(name), ...change })),
  );
  expect([...seen].sort()).toEqual([...ruleSentences].sort());
});

test.each(planted)('a contradiction in %s is seen: %o', (name, change) => {
  expect(contradictionsIn({ ...rowOf(name), ...change })).not.toEqual([]);
});

test('several GPUs of one kind cost no more each than one of them', () => {
  for (const { provider, rows: batch } of offeringBatches()) {
    for (const row of batch.filter(({ gpu_count }) => (gpu_count ?? 0) > 1)) {
      const single = batch.find(
        ({ gpu_model, city, gpu_count, kind }) =>
          gpu_model === row.gpu_model && city === row.city && gpu_count === 1 && kind === row.kind,
      );
      if (!single) continue;
      const each = Number(row.price) / (row.gpu_count ?? 1);
      // Prices have three digits.
      expect(each, `${provider}/${row.reference}`).toBeLessThanOrEqual(
        Number(single.price) + 0.005,
      );
    }
  }
});
