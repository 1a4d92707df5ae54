import type { Option } from '#lib/ui/types.ts';
import type { TextName } from './search.ts';
import { sizeWords, speedWords } from './specs.ts';

export type LeastName = Extract<TextName, `min_${string}`>;

interface Least {
  label: string;
  say: (value: number) => string;
  steps: readonly number[];
}

const count = (value: number): string => value.toLocaleString('en');

/** The least a person may ask for, in steps that hardware comes in. */
export const leasts: Record<LeastName, Least> = {
  min_gpu_count: { label: 'GPUs', say: count, steps: [1, 2, 4, 8, 16] },
  min_gpu_memory_gib: {
    label: 'GPU memory',
    say: sizeWords,
    steps: [8, 12, 16, 24, 32, 48, 80, 96, 141, 192],
  },
  min_vcpus: { label: 'vCPUs', say: count, steps: [1, 2, 4, 8, 16, 32, 64, 128] },
  min_memory_gib: {
    label: 'Memory',
    say: sizeWords,
    steps: [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024],
  },
  min_disk_gib: {
    label: 'Disk',
    say: sizeWords,
    steps: [20, 50, 100, 250, 500, 1_024, 2_048, 4_096, 10_240],
  },
  min_uplink_mbps: {
    label: 'Uplink',
    say: speedWords,
    steps: [100, 1_000, 2_500, 10_000, 25_000, 100_000],
  },
};

/** The steps, and the value that an address brought where it is none of them. */
export function stepOptions(name: LeastName, chosen: string): Option[] {
  const { say, steps } = leasts[name];
  const own = chosen === '' || steps.includes(Number(chosen)) ? [] : [Number(chosen)];
  return [...steps, ...own]
    .sort((a, b) => a - b)
    .map((value) => ({ value: String(value), label: `${say(value)} or more` }));
}
