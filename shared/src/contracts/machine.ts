import { nextMoves, type Machine, type MoveRow, type StateRow } from '../machine.ts';
import {
  needsDetails,
  needsDue,
  needsOpenedOrDue,
  needsRule,
  type ContractFacts,
} from './guards.ts';
import type { RefundRule } from './price.ts';

export const contractStates = {
  requested: {
    label: 'Requested',
    means: 'The renter has signed the request',
    tone: 'waiting',
    icon: 'file-pen',
    ends: false,
  },
  pending: {
    label: 'Pending',
    means: 'The provider has been asked and may answer',
    tone: 'waiting',
    icon: 'hourglass',
    ends: false,
  },
  accepted: {
    label: 'Accepted',
    means: 'The provider has signed its acceptance',
    tone: 'progress',
    icon: 'handshake',
    ends: false,
  },
  provisioning: {
    label: 'Provisioning',
    means: 'The provider is setting the resource up',
    tone: 'progress',
    icon: 'wrench',
    ends: false,
  },
  provisioned: {
    label: 'Provisioned',
    means: 'The resource is ready and its details are posted',
    tone: 'progress',
    icon: 'package-check',
    ends: false,
  },
  active: {
    label: 'Active',
    means: 'The renter uses it and the paid clock runs',
    tone: 'good',
    icon: 'circle-play',
    ends: false,
  },
  completed: {
    label: 'Completed',
    means: 'The term has ended',
    tone: 'neutral',
    icon: 'circle-check',
    ends: true,
  },
  rejected: {
    label: 'Rejected',
    means: 'The provider declined',
    tone: 'bad',
    icon: 'circle-x',
    ends: true,
  },
  cancelled: {
    label: 'Cancelled',
    means: 'A party ended it early',
    tone: 'neutral',
    icon: 'ban',
    ends: true,
  },
  expired: {
    label: 'Expired',
    means: 'The provider did not answer in time',
    tone: 'bad',
    icon: 'clock-alert',
    ends: true,
  },
  failed: {
    label: 'Failed',
    means: 'Provisioning did not succeed in time or at all',
    tone: 'bad',
    icon: 'triangle-alert',
    ends: true,
  },
} as const satisfies Record<string, StateRow>;

export type ContractState = keyof typeof contractStates;
export const contractStateNames = Object.keys(contractStates) as ContractState[];
export const isEnded = (state: ContractState): boolean => contractStates[state].ends;

export const contractRoles = ['renter', 'provider', 'system'] as const;
export type ContractRole = (typeof contractRoles)[number];

export const contractActions = [
  'request',
  'submit',
  'import',
  'accept',
  'reject',
  'start_provisioning',
  'mark_provisioned',
  'activate',
  'complete',
  'cancel',
  'expire',
  'fail',
  'extend',
  'open_credentials',
  'rotate_credentials',
  'message',
] as const;
export type ContractAction = (typeof contractActions)[number];

export interface ContractVocabulary {
  state: ContractState;
  action: ContractAction;
  role: ContractRole;
  facts: ContractFacts;
  rule: RefundRule;
}
export type ContractMove = MoveRow<ContractVocabulary>;

const living = [
  'requested',
  'pending',
  'accepted',
  'provisioning',
  'provisioned',
  'active',
] as const;

const moves: readonly ContractMove[] = [
  { action: 'request', from: [null], to: 'requested', by: ['renter'], then: 'submit' },
  {
    action: 'submit',
    from: ['requested'],
    to: 'pending',
    by: ['system'],
    tell: '{renter} asks to rent {title}',
    tells: ['provider'],
    after: 'when nothing is awaited; payment is off, so at once',
  },
  {
    action: 'import',
    from: [null],
    to: 'pending',
    by: ['system'],
    tell: '{renter} asks on the Internet Computer to rent {title}',
    tells: ['provider'],
  },
  {
    action: 'import',
    from: [null, 'pending'],
    to: 'accepted',
    by: ['system'],
    tell: '{provider} accepted {title} on the Internet Computer',
    tells: ['renter'],
  },
  {
    action: 'import',
    from: [null, 'pending'],
    to: 'rejected',
    by: ['system'],
    money: 'full',
    tell: '{provider} declined {title} on the Internet Computer',
    tells: ['renter'],
  },
  {
    action: 'accept',
    from: ['pending'],
    to: 'accepted',
    by: ['provider'],
    tell: '{provider} accepted {title}',
    button: { label: 'Accept', tone: 'primary' },
  },
  {
    action: 'accept',
    from: ['pending'],
    to: 'accepted',
    by: ['system'],
    needs: [needsRule],
    tell: '{title} was accepted by {provider}’s rule',
    after: 'at once where the provider’s signed auto-accept rule covers the request',
  },
  {
    action: 'start_provisioning',
    from: ['accepted'],
    to: 'provisioning',
    by: ['provider'],
    tell: '{provider} is setting up {title}',
    button: { label: 'Start provisioning', tone: 'primary' },
  },
  {
    action: 'mark_provisioned',
    from: ['provisioning'],
    to: 'provisioned',
    by: ['provider'],
    needs: [needsDetails],
    tell: '{title} is ready: open your credentials',
    button: { label: 'Mark as provisioned', tone: 'primary' },
  },
  {
    action: 'open_credentials',
    from: ['provisioned'],
    to: 'same',
    by: ['renter'],
    then: 'activate',
    button: { label: 'Open credentials', tone: 'primary' },
  },
  {
    action: 'open_credentials',
    from: ['active'],
    to: 'same',
    by: ['renter'],
    button: { label: 'Open credentials', tone: 'primary' },
  },
  {
    action: 'activate',
    from: ['provisioned'],
    to: 'active',
    by: ['provider'],
    tell: '{title} is active',
    button: { label: 'Start the paid clock', tone: 'plain' },
  },
  {
    action: 'activate',
    from: ['provisioned'],
    to: 'active',
    by: ['system'],
    needs: [needsOpenedOrDue],
    tell: '{title} is active',
    after: 'when the renter first opens the credentials, or 24 hours after they were posted',
  },
  {
    action: 'complete',
    from: ['active'],
    to: 'completed',
    by: ['system'],
    needs: [needsDue],
    money: 'none',
    tell: '{title} has ended',
    after: 'when the paid hours are over',
  },
  {
    action: 'extend',
    from: ['active'],
    to: 'same',
    by: ['renter', 'provider'],
    tell: '{who} signed an extension of {title}',
    button: { label: 'Extend', tone: 'plain' },
  },
  {
    action: 'rotate_credentials',
    from: ['provisioned', 'active'],
    to: 'same',
    by: ['provider'],
    needs: [needsDetails],
    tell: '{provider} posted new credentials for {title}',
    button: { label: 'Rotate credentials', tone: 'plain' },
  },
  {
    action: 'message',
    from: [...living],
    to: 'same',
    by: ['renter', 'provider'],
    tell: '{who} wrote about {title}',
    button: { label: 'Send message', tone: 'plain' },
  },
  {
    action: 'reject',
    from: ['requested', 'pending'],
    to: 'rejected',
    by: ['provider'],
    money: 'full',
    tell: '{provider} declined {title}',
    button: { label: 'Reject', tone: 'danger' },
  },
  {
    action: 'fail',
    from: ['accepted', 'provisioning'],
    to: 'failed',
    by: ['provider'],
    money: 'full',
    tell: '{provider} could not provision {title}',
    button: { label: 'Give up provisioning', tone: 'danger' },
  },
  {
    action: 'fail',
    from: ['accepted', 'provisioning'],
    to: 'failed',
    by: ['system'],
    needs: [needsDue],
    money: 'full',
    tell: '{title} was not provisioned in time',
    after: 'when the offering’s provisioning hours have passed',
  },
  {
    action: 'cancel',
    from: ['requested', 'pending', 'accepted', 'provisioning', 'provisioned'],
    to: 'cancelled',
    by: ['renter'],
    money: 'full',
    tell: '{renter} cancelled {title}',
    button: { label: 'Cancel', tone: 'danger' },
  },
  {
    action: 'cancel',
    from: ['accepted', 'provisioning', 'provisioned'],
    to: 'cancelled',
    by: ['provider'],
    money: 'full',
    tell: '{provider} cancelled {title}',
    button: { label: 'Cancel', tone: 'danger' },
  },
  {
    action: 'cancel',
    from: ['active'],
    to: 'cancelled',
    by: ['renter'],
    money: 'unused_hours',
    tell: '{renter} cancelled {title}',
    button: { label: 'Cancel', tone: 'danger' },
  },
  {
    action: 'cancel',
    from: ['active'],
    to: 'cancelled',
    by: ['provider'],
    money: 'unused_hours_and_setup',
    tell: '{provider} cancelled {title}',
    button: { label: 'Cancel', tone: 'danger' },
  },
  {
    action: 'expire',
    from: ['requested', 'pending'],
    to: 'expired',
    by: ['system'],
    needs: [needsDue],
    money: 'full',
    tell: '{title} was not answered in time',
    after: 'when the offering’s response hours have passed',
  },
];

export const contractMachine: Machine<ContractVocabulary> = {
  name: 'contract',
  signed: true,
  states: contractStates,
  moves,
};

/** The system's move that a state's deadline brings; null where nothing is timed. */
export function timedMoveOf(state: ContractState): ContractMove | null {
  const timed = nextMoves(contractMachine, {
    state,
    role: 'system',
    facts: { has_details: false, has_rule: false, is_due: true, has_opened: false },
  });
  return (
    timed.find(({ needs }) => needs?.some((g) => g === needsDue || g === needsOpenedOrDue)) ?? null
  );
}
