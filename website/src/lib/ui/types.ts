import type { Component } from 'svelte';

/** What a colour says; the names are those of the machines' states. */
export type Tone = 'neutral' | 'waiting' | 'progress' | 'good' | 'bad';

/** A lucide icon, as `import Server from '@lucide/svelte/icons/server'`. */
export type IconComponent = Component<{ size?: number | string; class?: string }>;

export interface Option<Value extends string = string> {
  value: Value;
  label: string;
  hint?: string;
  icon?: IconComponent;
  disabled?: boolean;
}

export const toneText: Record<Tone, string> = {
  neutral: 'text-neutral-ink',
  waiting: 'text-waiting-ink',
  progress: 'text-progress-ink',
  good: 'text-good-ink',
  bad: 'text-bad-ink',
};

export const toneBox: Record<Tone, string> = {
  neutral: 'bg-neutral-soft border-neutral-line text-neutral-ink',
  waiting: 'bg-waiting-soft border-waiting-line text-waiting-ink',
  progress: 'bg-progress-soft border-progress-line text-progress-ink',
  good: 'bg-good-soft border-good-line text-good-ink',
  bad: 'bg-bad-soft border-bad-line text-bad-ink',
};
