import type { Guard } from '../machine.ts';
import { MAX_PAUSES, UNDISTURBED_HOURS } from './deadlines.ts';

/**
 * What a guard may look at. Everything a decision depends on is here, so a decision can be
 * repeated.
 */
export interface ContractFacts {
  /** The move carries sealed credentials and where to use them. */
  has_details: boolean;
  /** The provider's own signed auto-accept rule covers this request. */
  has_rule: boolean;
  /** The deadline that the present state waits on has passed. */
  is_due: boolean;
  /** The renter has signed that it opened the credentials. */
  has_opened: boolean;
  /** The renter has known of the newest credentials for long enough to open them. */
  had_time: boolean;
  /** The renter has paused it less often than it may. */
  can_pause: boolean;
}

/** For asking which buttons to show: what the form or time itself will bring counts as present. */
export const offeredFacts: ContractFacts = {
  has_details: true,
  has_rule: false,
  is_due: false,
  has_opened: false,
  had_time: true,
  can_pause: true,
};

export const needsDetails: Guard<ContractFacts> = {
  sentence: 'Post the address and the sealed credentials with this move.',
  holds: ({ has_details }) => has_details,
};
export const needsRule: Guard<ContractFacts> = {
  sentence: 'No auto-accept rule of the provider covers this request.',
  holds: ({ has_rule }) => has_rule,
};
export const needsDue: Guard<ContractFacts> = {
  sentence: 'The deadline has not passed yet.',
  holds: ({ is_due }) => is_due,
};
export const needsTime: Guard<ContractFacts> = {
  sentence: `The renter has ${UNDISTURBED_HOURS} hour to open the newest credentials; start the clock after that.`,
  holds: ({ had_time }) => had_time,
};
export const needsPause: Guard<ContractFacts> = {
  sentence: `A contract is paused ${MAX_PAUSES} times at most.`,
  holds: ({ can_pause }) => can_pause,
};
export const needsOpenedOrDue: Guard<ContractFacts> = {
  sentence: 'The renter has not opened the credentials and their day has not passed yet.',
  holds: ({ has_opened, is_due }) => has_opened || is_due,
};
