import type { Guard, Machine, StateRow } from '../machine.ts';

export const offeringStates = {
  draft: {
    label: 'Draft',
    means: 'Only you see it',
    tone: 'neutral',
    icon: 'file-pen',
    ends: false,
  },
  listed: {
    label: 'Listed',
    means: 'It can be rented',
    tone: 'good',
    icon: 'circle-check',
    ends: false,
  },
  paused: {
    label: 'Paused',
    means: 'Shown to nobody until you list it again',
    tone: 'waiting',
    icon: 'circle-pause',
    ends: false,
  },
  archived: {
    label: 'Archived',
    means: 'Put away; running contracts go on',
    tone: 'neutral',
    icon: 'archive',
    ends: false,
  },
} as const satisfies Record<string, StateRow>;

export type OfferingState = keyof typeof offeringStates;
export const offeringStateNames = Object.keys(offeringStates) as [
  OfferingState,
  ...OfferingState[],
];

export const offeringActions = ['create', 'list', 'pause', 'archive', 'restore'] as const;
export type OfferingAction = (typeof offeringActions)[number];

interface OfferingFacts {
  has_price: boolean;
}

const needsPrice: Guard<OfferingFacts> = {
  sentence: 'Set a price above zero before listing it.',
  holds: ({ has_price }) => has_price,
};

export interface OfferingVocabulary {
  state: OfferingState;
  action: OfferingAction;
  role: 'provider';
  facts: OfferingFacts;
  rule: never;
}

export const offeringMachine: Machine<OfferingVocabulary> = {
  name: 'offering',
  states: offeringStates,
  moves: [
    { action: 'create', from: [null], to: 'draft', by: ['provider'] },
    {
      action: 'list',
      from: ['draft', 'paused'],
      to: 'listed',
      by: ['provider'],
      needs: [needsPrice],
      button: { label: 'List', tone: 'primary' },
    },
    {
      action: 'pause',
      from: ['listed'],
      to: 'paused',
      by: ['provider'],
      button: { label: 'Pause', tone: 'plain' },
    },
    {
      action: 'archive',
      from: ['draft', 'listed', 'paused'],
      to: 'archived',
      by: ['provider'],
      button: { label: 'Archive', tone: 'danger' },
    },
    {
      action: 'restore',
      from: ['archived'],
      to: 'draft',
      by: ['provider'],
      button: { label: 'Restore as draft', tone: 'plain' },
    },
  ],
};
