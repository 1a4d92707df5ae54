import type { MappingAsk } from './mapping.ts';

const offer = (id: string, gpu_model: string, more: Record<string, unknown>) => ({
  id,
  provider_id: 'fjord',
  gpu_model,
  ...more,
});

/** A list as clouds publish theirs: names and words of their own, and cells that nobody can use. */
export const sampleFile = JSON.stringify(
  {
    providers: [{ id: 'fjord', name: 'Fjord Compute' }],
    offerings: [
      offer('fjord-l40s', 'NVIDIA L40S', {
        vram_gb: 48,
        interconnect: 'PCIe',
        is_spot: false,
        price_usd_hour: 0.89,
        vcpu: 16,
        ram_gb: 128,
        region: 'Norway',
      }),
      offer('fjord-h100', 'NVIDIA H100 SXM5', {
        vram_gb: 80,
        interconnect: 'NVSwitch',
        is_spot: true,
        price_usd_hour: 1.99,
        vcpu: 26.5,
        ram_gb: null,
        region: 'Norway',
      }),
      offer('fjord-mi300x', 'AMD MI300X', {
        vram_gb: 192,
        interconnect: 'Infinity Fabric',
        is_spot: false,
        price_usd_hour: 2.49,
        vcpu: 20,
        ram_gb: 240,
        region: 'Sweden',
      }),
    ],
  },
  null,
  2,
);

/** How the sample is read. */
export const sampleMapping: MappingAsk = {
  rows_at: 'offerings',
  columns: {
    reference: { type: 'column', from: 'id' },
    kind: { type: 'value', value: 'gpu' },
    title: { type: 'text', text: '{gpu_model}, {vram_gb} GB' },
    gpu_model: {
      type: 'column',
      from: 'gpu_model',
      transforms: [
        { type: 'remove', text: 'NVIDIA ' },
        { type: 'remove', text: 'AMD ' },
      ],
    },
    gpu_count: { type: 'value', value: '1' },
    gpu_memory_gib: { type: 'column', from: 'vram_gb' },
    gpu_interconnect: { type: 'column', from: 'interconnect', optional: true },
    vcpus: { type: 'column', from: 'vcpu', optional: true },
    memory_gib: { type: 'column', from: 'ram_gb', optional: true },
    commitment: {
      type: 'column',
      from: 'is_spot',
      transforms: [{ type: 'words', words: { yes: 'spot', no: 'on_demand' } }],
    },
    country: { type: 'column', from: 'region' },
    price: { type: 'column', from: 'price_usd_hour' },
  },
};
