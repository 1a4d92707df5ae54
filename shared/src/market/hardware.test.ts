import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hardware } from './hardware-table.ts';
import { alikeTo, familyOf, findHardware, modelsOf } from './hardware.ts';

/** Real offers of 21 clouds, beside the project; see its README. */
const OFFERS = new URL('../../../../shared/data/gpu-offerings.json', import.meta.url);
const LEAST_KNOWN = 0.95;

const namesOf = (text: string) => modelsOf(text).map(({ name }) => name);

describe('the hardware table', () => {
  test('has each model once, with figures, found by its own name alone', () => {
    expect(hardware.length).toBeGreaterThanOrEqual(60);
    for (const model of hardware) {
      expect(modelsOf(model.name), model.name).toEqual([model]);
      expect(familyOf(model.family), model.family).toBe(model.family);
      expect(Math.min(model.fp16_tflops, model.memory_gib, model.memory_gb_per_s)).toBeGreaterThan(
        0,
      );
    }
  });

  test('has memory, throughput and bandwidth as the data sheets say', () => {
    const names = ['RTX 4090', 'A100 PCIe 40GB', 'H100 SXM', 'MI300X', 'RTX PRO 4500', 'Gaudi 3'];
    const figures = names.map((name) => {
      const { memory_gib, fp16_tflops, memory_gb_per_s, interconnect } = findHardware(name)!;
      return [memory_gib, fp16_tflops, memory_gb_per_s, interconnect];
    });
    expect(figures).toEqual([
      [24, 165.2, 1_008, 'pcie'],
      [40, 312, 1_555, 'pcie'],
      [80, 989.4, 3_350, 'sxm'],
      [192, 1_307.4, 5_300, 'infinity_fabric'],
      [32, 202.1, 896, 'pcie'],
      [128, 1_835, 3_700, null],
    ]);
  });
});

describe('a GPU', () => {
  test.each([
    ['4090', 'RTX 4090'],
    ['rtx4090', 'RTX 4090'],
    ['nvidia geforce rtx4090 24gb', 'RTX 4090'],
    ['RTX 4090 (48 GB mod)', 'RTX 4090'],
    ['8x NVIDIA H100-SXM5-80GB', 'H100 SXM'],
    ['H100SXM', 'H100 SXM'],
    ['NVIDIA H100 NVL', 'H100 NVL'],
    ['NVIDIA A100-SXM4-40GB', 'A100 SXM 40GB'],
    ['Tesla P100-PCIE-16GB', 'P100 PCIe 16GB'],
    ['NVIDIA RTX 6000 Ada Generation', 'RTX 6000 Ada'],
    ['RTX PRO 6000 Blackwell Server Edition', 'RTX PRO 6000 Server'],
    ['RTX A6000', 'RTX A6000'],
    ['NVIDIA GB200 NVL72', 'GB200'],
    ['AMD Instinct MI300X OAM', 'MI300X'],
    ['Radeon RX 7900 XTX', 'RX 7900 XTX'],
    ['Intel Data Center GPU Max 1550', 'Max 1550'],
    ['Intel Arc Pro B60 24GB', 'Arc Pro B60'],
    ['Habana HL-205', 'Gaudi'],
    ['AMD Radeon Pro V520', 'Radeon PRO V520'],
    ['NVIDIA RTX PRO 4000 Blackwell SFF Edition', 'RTX PRO 4000 SFF'],
    ['RTX PRO 5000 72GB Blackwell', 'RTX PRO 5000 72GB'],
    ['Quadro P4000', 'Quadro P4000'],
    ['Tesla P40', 'P40'],
    ['Radeon PRO W7800 48GB', 'Radeon PRO W7800 48GB'],
    ['RTX PRO 6000 WS', 'RTX PRO 6000 Workstation'],
    ['RTX PRO 6000 S', 'RTX PRO 6000 Server'],
    ['RTXPRO6000WS', 'RTX PRO 6000 Workstation'],
    ['RTXPRO6000-WK', 'RTX PRO 6000 Workstation'],
    ['RTX PRO 6000 Blackwell Max-Q Workstation Edition', 'RTX PRO 6000 Max-Q'],
    ['MI300X-O', 'MI300X'],
    ['RTX 4070S Ti', 'RTX 4070 Ti Super'],
    ['GTX1660S', 'GTX 1660 Super'],
    ['Q RTX 8000', 'Quadro RTX 8000'],
    ['RTX6000-Ada', 'RTX 6000 Ada'],
    ['RTX 6000 (Ada)', 'RTX 6000 Ada'],
    ['RTX4000-Ada-SFF', 'RTX 4000 SFF Ada'],
    ['NVIDIA RTX™ 4000 SFF Ada', 'RTX 4000 SFF Ada'],
    ['NVIDIA A5000 Ada', 'RTX 5000 Ada'],
    ['NVIDIA RTX A30', 'A30'],
    ['Gaudi HL-205', 'Gaudi'],
    ['T4g', 'T4'],
    ['h100-80gb-sxm-ib', 'H100 SXM'],
    ['geforcertx4090-pcie-24gb', 'RTX 4090'],
    ['2xRTX4090', 'RTX 4090'],
    ['NVIDIA B300 SXM6 AC', 'B300'],
    ['RX 6800 XT', 'RX 6800 XT'],
  ])('is known however it is written: %s', (text, name) => {
    expect(namesOf(text)).toEqual([name]);
  });

  test('is not taken for another: a laptop’s, a newer one, an unknown one or none', () => {
    for (const text of [
      'RTX 4090 Laptop',
      'H100 MIG 1g.10gb',
      'tpu-v5p',
      'RTX 9090',
      'H1000',
      'NVIDIA',
      '',
      '80GB',
    ]) {
      expect(namesOf(text), text).toEqual([]);
    }
  });

  test('that is not known may be one of a few, by its numbers or nearly its letters', () => {
    expect(alikeTo('RTX 4091')).toContain('RTX 4090');
    expect(alikeTo('M4000')).toContain('RTX A4000');
    expect(alikeTo('Voodoo')).toEqual([]);
  });

  test('may be one of several models, of which its memory tells', () => {
    expect(namesOf('A100 80GB')).toEqual(['A100 SXM 80GB', 'A100 PCIe 80GB']);
    expect(findHardware('NVIDIA A100')?.name).toBe('A100 SXM 80GB');
    expect(findHardware('NVIDIA A100', 40)?.name).toBe('A100 SXM 40GB');
    expect(findHardware('RTX 3060', 8)?.name).toBe('RTX 3060 8GB');
  });

  test.runIf(existsSync(OFFERS))('of a real offer is known, at least 95 in 100', () => {
    const { offerings } = JSON.parse(readFileSync(OFFERS, 'utf8')) as {
      offerings: { gpu_model: string }[];
    };
    const unknown = offerings.filter(({ gpu_model }) => findHardware(gpu_model) === null);
    const known = 1 - unknown.length / offerings.length;
    expect(known, unknown.map(({ gpu_model }) => gpu_model).join(', ')).toBeGreaterThanOrEqual(
      LEAST_KNOWN,
    );
    expect(offerings.length).toBeGreaterThanOrEqual(300);
  });
});
