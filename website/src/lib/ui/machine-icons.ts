import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Ban from '@lucide/svelte/icons/ban';
import CalendarPlus from '@lucide/svelte/icons/calendar-plus';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import CircleX from '@lucide/svelte/icons/circle-x';
import ClockAlert from '@lucide/svelte/icons/clock-alert';
import CreditCard from '@lucide/svelte/icons/credit-card';
import FilePen from '@lucide/svelte/icons/file-pen';
import Handshake from '@lucide/svelte/icons/handshake';
import Hourglass from '@lucide/svelte/icons/hourglass';
import KeyRound from '@lucide/svelte/icons/key-round';
import MessageSquare from '@lucide/svelte/icons/message-square';
import PackageCheck from '@lucide/svelte/icons/package-check';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import Wrench from '@lucide/svelte/icons/wrench';
import type { IconComponent } from './types.ts';

/** The icons that the machines in `shared` name. */
export const machineIcons: Readonly<Record<string, IconComponent>> = {
  archive: Archive,
  'archive-restore': ArchiveRestore,
  ban: Ban,
  'calendar-plus': CalendarPlus,
  'circle-check': CircleCheck,
  'circle-pause': CirclePause,
  'circle-play': CirclePlay,
  'circle-x': CircleX,
  'clock-alert': ClockAlert,
  'credit-card': CreditCard,
  'file-pen': FilePen,
  handshake: Handshake,
  hourglass: Hourglass,
  'key-round': KeyRound,
  'message-square': MessageSquare,
  'package-check': PackageCheck,
  'triangle-alert': TriangleAlert,
  wrench: Wrench,
};
