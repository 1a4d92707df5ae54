import type { Machine, StateRow } from '../machine.ts';

export const payoutStates = {
  to_send: {
    label: 'To be sent',
    means: 'It waits for the next file to the bank',
    tone: 'waiting',
    icon: 'hourglass',
    ends: false,
  },
  at_bank: {
    label: 'With the bank',
    means: 'The bank has been told to pay it',
    tone: 'progress',
    icon: 'hourglass',
    ends: false,
  },
  arrived: {
    label: 'Paid out',
    means: 'It has left for the account that was named',
    tone: 'good',
    icon: 'circle-check',
    ends: true,
  },
  came_back: {
    label: 'Came back',
    means: 'It was not paid out and is in your account here again',
    tone: 'bad',
    icon: 'circle-x',
    ends: true,
  },
  called_off: {
    label: 'Called off',
    means: 'It was called off before it was sent',
    tone: 'neutral',
    icon: 'circle-x',
    ends: true,
  },
} as const satisfies Record<string, StateRow>;

export type PayoutState = keyof typeof payoutStates;
export const payoutStateNames = Object.keys(payoutStates) as [PayoutState, ...PayoutState[]];
export const hasEnded = (state: PayoutState): boolean => payoutStates[state].ends;

export type PayoutAction = 'ask_for' | 'call_off' | 'hand_over' | 'mark_paid' | 'return';

/** What its guards look at. */
export interface PayoutFacts {
  /** Whether its bank account has been the same for long enough. */
  readonly is_rested: boolean;
}

export interface PayoutVocabulary {
  state: PayoutState;
  action: PayoutAction;
  role: 'payee' | 'admin';
  facts: PayoutFacts;
  rule: never;
  deadline: never;
  effect: never;
  form: never;
  notice: never;
}

/**
 * Money that goes out to the bank account of whose it is. It leaves their account here when it is
 * asked for, so that nobody spends it meanwhile, and is back in it unless it is paid out.
 */
export const payoutMachine: Machine<PayoutVocabulary> = {
  name: 'payout',
  signed: false,
  states: payoutStates,
  deadlines: {},
  moves: [
    { action: 'ask_for', from: [null], to: 'to_send', by: ['payee'], deed: 'asked for it' },
    {
      action: 'call_off',
      from: ['to_send'],
      to: 'called_off',
      by: ['payee'],
      deed: 'called it off',
      button: { label: 'Call off', tone: 'plain', done: 'The payout was called off' },
    },
    {
      action: 'hand_over',
      from: ['to_send'],
      to: 'at_bank',
      by: ['admin'],
      needs: [
        {
          sentence: 'Its bank account was changed too short a time ago.',
          holds: ({ is_rested }) => is_rested,
        },
      ],
      deed: 'told the bank to pay it',
    },
    {
      action: 'mark_paid',
      from: ['at_bank'],
      to: 'arrived',
      by: ['admin'],
      deed: 'saw it leave at the bank',
    },
    {
      action: 'return',
      from: ['to_send', 'at_bank'],
      to: 'came_back',
      by: ['admin'],
      deed: 'gave it back',
      button: { label: 'Give back', tone: 'danger', done: 'The payout was given back' },
    },
  ],
};
