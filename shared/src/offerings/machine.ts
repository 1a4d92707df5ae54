import { pathTo, type Guard, type Machine, type StateRow } from '../machine.ts';

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

/** Those that a provider writes into a file or a spreadsheet; what is put away is not in one. */
export const writtenStates = ['draft', 'listed', 'paused'] as const;

/** Whether others may see it and rent it, unless it is private. */
export const isListed = (state: OfferingState): boolean => state === 'listed';
export type OfferingState = keyof typeof offeringStates;
export const offeringStateNames = Object.keys(offeringStates) as [
  OfferingState,
  ...OfferingState[],
];

/** The moves that a provider asks for by name; making and changing one are asked for as such. */
export const offeringMoves = ['list', 'pause', 'archive', 'restore'] as const;
export type OfferingMove = (typeof offeringMoves)[number];
export const offeringActions = ['create', 'change', ...offeringMoves] as const;
export type OfferingAction = (typeof offeringActions)[number];

/** The system moves what the Internet Computer brought. */
export const offeringRoles = ['provider', 'system'] as const;
export type OfferingRole = (typeof offeringRoles)[number];

export interface OfferingFacts {
  has_price: boolean;
}

const needsPrice: Guard<OfferingFacts> = {
  sentence: 'Set a price above zero before listing it.',
  holds: ({ has_price }) => has_price,
};

export interface OfferingVocabulary {
  state: OfferingState;
  action: OfferingAction;
  role: OfferingRole;
  facts: OfferingFacts;
  rule: never;
  deadline: never;
  effect: never;
  form: 'shelving';
  notice: never;
}

export const offeringMachine: Machine<OfferingVocabulary> = {
  name: 'offering',
  signed: false,
  states: offeringStates,
  deadlines: {},
  moves: [
    { action: 'create', from: [null], to: 'draft', by: offeringRoles, deed: 'made it' },
    {
      action: 'change',
      from: ['draft', 'archived'],
      to: 'same',
      by: offeringRoles,
      deed: 'changed it',
    },
    {
      action: 'change',
      from: ['listed', 'paused'],
      to: 'same',
      by: offeringRoles,
      needs: [needsPrice],
      deed: 'changed it',
    },
    {
      action: 'list',
      from: ['draft', 'paused'],
      to: 'listed',
      by: offeringRoles,
      needs: [needsPrice],
      deed: 'listed it',
      icon: 'circle-check',
      button: { label: 'List', many: 'List', tone: 'primary', done: 'Listed' },
      undo: 'pause',
    },
    {
      action: 'pause',
      from: ['listed'],
      to: 'paused',
      by: offeringRoles,
      deed: 'paused it',
      icon: 'circle-pause',
      button: { label: 'Pause', many: 'Pause', tone: 'plain', done: 'Paused' },
      undo: 'list',
    },
    {
      action: 'archive',
      from: ['draft', 'listed', 'paused'],
      to: 'archived',
      by: offeringRoles,
      deed: 'archived it',
      icon: 'archive',
      button: { label: 'Archive', many: 'Archive', tone: 'danger' },
      form: 'shelving',
      ask: {
        title: 'Archive “{title}”?',
        detail: 'Nobody can rent it any more. {running}You can restore it as a draft.',
        submit: 'Archive',
        done: 'Archived',
      },
    },
    {
      action: 'restore',
      from: ['archived'],
      to: 'draft',
      by: offeringRoles,
      deed: 'restored it as a draft',
      icon: 'archive-restore',
      button: {
        label: 'Restore as draft',
        many: 'Restore as drafts',
        tone: 'plain',
        done: 'Restored as a draft',
      },
    },
  ],
};

/** The move that lists an offering. */
export const listing = 'list' satisfies OfferingMove;

/** Why a new offering cannot be made in this state, in a sentence; null where it can. */
export function obstacleTo(to: OfferingState, facts: OfferingFacts): string | null {
  const path = pathTo(offeringMachine, { state: null, to, role: 'provider', facts });
  return path.ok ? null : path.sentence;
}
