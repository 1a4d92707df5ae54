import Cpu from '@lucide/svelte/icons/cpu';
import Globe from '@lucide/svelte/icons/globe';
import Gpu from '@lucide/svelte/icons/gpu';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Network from '@lucide/svelte/icons/network';
import Server from '@lucide/svelte/icons/server';
import type { OfferingKind } from '@berth/shared/offerings/schemas';
import type { IconComponent } from '#lib/ui/types.ts';

export const kindIcons: Record<OfferingKind, IconComponent> = {
  gpu: Gpu,
  compute: Cpu,
  dedicated: Server,
  storage: HardDrive,
  network: Network,
  hosting: Globe,
};
