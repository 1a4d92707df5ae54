import type { AccountActor } from '../lib/actor.ts';
import { makeThread } from '../lib/thread.ts';
import type { Plan, PlanAsk, SuggestAsk, Suggested } from './reading-thread.ts';

const ask = makeThread<PlanAsk | SuggestAsk, unknown>(
  new URL('reading-thread.ts', import.meta.url),
);

type Asker = Pick<AccountActor, 'acting_for'>;

/** Reads rows and checks each, in a thread: a thousand take the processor for long. */
export const planInThread = (asker: Asker, rows: Omit<PlanAsk, 'work'>): Promise<Plan> =>
  ask(asker, { work: 'plan', ...rows }) as Promise<Plan>;

export const suggestInThread = (asker: Asker, file: Omit<SuggestAsk, 'work'>): Promise<Suggested> =>
  ask(asker, { work: 'suggest', ...file }) as Promise<Suggested>;
