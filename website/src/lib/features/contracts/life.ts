import { contractStates, isEnded, type ContractState } from '@berth/shared/contracts/machine';
import type { StateRow } from '@berth/shared/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';
import type { Tone } from '#lib/ui/types.ts';

/** The states that a contract goes through when all goes well, and what each is called there. */
const path = (Object.entries(contractStates) as [ContractState, StateRow][]).flatMap(
  ([state, { step }]) => (step === undefined ? [] : [{ state, step }]),
);
const stepOf = (state: ContractState) => path.find((one) => one.state === state);

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
  const ended = isEnded(state);
  const reached = new Map<ContractState, string>();
  for (const entry of entries) {
    if (!reached.has(entry.to_state)) reached.set(entry.to_state, entry.at);
  }
  const states = path.map((one) => one.state);
  // Off the way it is at its last step, and before its first on the way to that.
  const last = states.findLast((one) => reached.has(one)) ?? states[0];
  const here = ended || stepOf(state) ? state : last;
  const lived = states.filter((one) => reached.has(one) && one !== state);
  return (ended ? [...lived, state] : states).map((one) => {
    const { label, icon, tone } = contractStates[one];
    const isFirst = one === path[0]?.state;
    const at = reached.get(one) ?? null;
    return {
      state: one,
      label: stepOf(one)?.step ?? label,
      icon,
      tone,
      at: isFirst ? (entries[0]?.at ?? at) : at,
      when: one === here ? 'now' : at === null ? 'later' : 'done',
    };
  });
}
