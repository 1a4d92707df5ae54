import type { Machine, MoveRow, StateRow } from '../machine.ts';
import { contractDeadlines, type ContractDeadline } from './deadlines.ts';
import type { ContractFacts } from './guards.ts';
import { contractMoves } from './moves.ts';
import type { NoticeKind } from '../notices/kinds.ts';
import type { RefundRule } from '../price.ts';

export const contractStates = {
  requested: {
    label: 'Requested',
    means: 'The renter has signed the request and pays for it',
    tone: 'waiting',
    icon: 'file-pen',
    ends: false,
  },
  pending: {
    label: 'Pending',
    step: 'Requested',
    means: 'The provider has been asked and may answer',
    tone: 'waiting',
    icon: 'hourglass',
    ends: false,
  },
  accepted: {
    label: 'Accepted',
    step: 'Accepted',
    means: 'The provider has signed its acceptance',
    tone: 'progress',
    icon: 'handshake',
    ends: false,
  },
  provisioning: {
    label: 'Provisioning',
    step: 'Provisioning',
    means: 'The provider is setting the resource up',
    tone: 'progress',
    icon: 'wrench',
    ends: false,
  },
  provisioned: {
    label: 'Provisioned',
    step: 'Provisioned',
    means: 'The resource is ready and its credentials are posted',
    tone: 'progress',
    icon: 'package-check',
    ends: false,
  },
  active: {
    label: 'Active',
    step: 'Active',
    means: 'The renter uses it and the paid clock runs',
    tone: 'good',
    icon: 'circle-play',
    ends: false,
  },
  suspended: {
    label: 'Paused',
    means: 'The paid clock stands still and the resource is switched off',
    tone: 'waiting',
    icon: 'circle-pause',
    ends: false,
  },
  completed: {
    label: 'Completed',
    step: 'Completed',
    means: 'The term has ended',
    tone: 'neutral',
    icon: 'circle-check',
    ends: true,
  },
  rejected: {
    label: 'Declined',
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
    means: 'It was not answered or not paid in time',
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
/** Whether the paid clock runs. */
export const isRunning = (state: ContractState): boolean => state === 'active';
/** Whether the paid clock has begun and its end has not come. */
export const hasBegun = (state: ContractState): boolean =>
  isRunning(state) || state === 'suspended';
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
  'suspend',
  'resume',
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

/** Keeps a reply, a delivery or an extension in its table; gives the unit back to the stock. */
export type ContractEffect = 'keep_reply' | 'keep_delivery' | 'keep_extension' | 'return_unit';

/** What asks for a move: which component that is, the website says. */
export const contractForms = [
  'terms',
  'confirm',
  'delivery',
  'opening',
  'extension',
  'end',
  'message',
] as const;
export type ContractForm = (typeof contractForms)[number];

export interface ContractVocabulary {
  state: ContractState;
  action: ContractAction;
  role: ContractRole;
  facts: ContractFacts;
  rule: RefundRule;
  deadline: ContractDeadline;
  effect: ContractEffect;
  form: ContractForm;
  notice: NoticeKind;
}
export type ContractMove = MoveRow<ContractVocabulary>;

export const contractMachine: Machine<ContractVocabulary> = {
  name: 'contract',
  signed: true,
  states: contractStates,
  deadlines: contractDeadlines,
  moves: contractMoves,
};

/** How a provider declines what waits for its answer. */
export const declining = { state: 'pending', action: 'reject' } as const satisfies {
  state: ContractState;
  action: ContractAction;
};

/** What comes back when a renter cancels what runs, by the rule's name. */
export const cancelledWhileRunning: RefundRule =
  contractMoves.find(
    ({ to, from, by }) => to === 'cancelled' && from.includes('active') && by.includes('renter'),
  )?.money ?? 'none';
