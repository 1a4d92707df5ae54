import { contractStates, isEnded, type ContractState } from '@berth/shared/contracts/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';
import type { Tone } from '#lib/ui/types.ts';

/** The states that a contract goes through when all goes well. */
const path: readonly ContractState[] = [
  'pending',
  'accepted',
  'provisioning',
  'provisioned',
  'active',
  'completed',
];

export interface LifeStep {
  state: ContractState;
  label: string;
  icon: string;
  tone: Tone;
  /** ISO time; null while it has not come to it. */
  at: string | null;
  when: 'done' | 'now' | 'later';
}

type Lived = Pick<ContractView, 'state' | 'entries'>;

/** A contract's life as steps: what was, what is, and what is still to come unless it has ended. */
export function lifeOf({ state, entries }: Lived): LifeStep[] {
  const here = state === 'requested' ? 'pending' : state;
  const reached = new Map<ContractState, string>();
  for (const entry of entries) {
    if (!reached.has(entry.to_state)) reached.set(entry.to_state, entry.at);
  }
  const ended = isEnded(state);
  const states = ended
    ? [...path.filter((one) => reached.has(one) && one !== state), state]
    : [...path];
  return states.map((one) => {
    const { label, icon, tone } = contractStates[one];
    const at = reached.get(one) ?? null;
    const isNow = one === here;
    return {
      state: one,
      label: one === 'pending' ? 'Requested' : label,
      icon,
      tone,
      at: one === 'pending' ? (entries[0]?.at ?? at) : at,
      when: isNow ? 'now' : at === null ? 'later' : 'done',
    };
  });
}
