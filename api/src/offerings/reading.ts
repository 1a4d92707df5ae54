import { makeThread } from '../lib/thread.ts';
import type { Plan, PlanAsk, SuggestAsk, Suggested } from './reading-thread.ts';

const ask = makeThread<PlanAsk | SuggestAsk, unknown>(
  new URL('reading-thread.ts', import.meta.url),
);

/** Reads rows and checks each, in a thread: a thousand take the processor for long. */
export const planInThread = (rows: Omit<PlanAsk, 'work'>): Promise<Plan> =>
  ask({ work: 'plan', ...rows }) as Promise<Plan>;

export const suggestInThread = (file: Omit<SuggestAsk, 'work'>): Promise<Suggested> =>
  ask({ work: 'suggest', ...file }) as Promise<Suggested>;
