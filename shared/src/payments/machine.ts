import type { Machine, StateRow } from '../machine.ts';

export const paymentStates = {
  preparing: {
    label: 'Being prepared',
    means: 'The payment page is being made',
    tone: 'waiting',
    icon: 'hourglass',
    ends: false,
  },
  to_pay: {
    label: 'To be paid',
    means: 'The payment page is open',
    tone: 'waiting',
    icon: 'credit-card',
    ends: false,
  },
  processing: {
    label: 'On its way',
    means: 'It was paid and has not arrived yet; with some banks that takes days',
    tone: 'progress',
    icon: 'hourglass',
    ends: false,
  },
  paid: {
    label: 'Paid',
    means: 'The money has arrived in your balance',
    tone: 'good',
    icon: 'circle-check',
    ends: true,
  },
  failed: {
    label: 'Failed',
    means: 'Nothing was taken',
    tone: 'bad',
    icon: 'circle-x',
    ends: true,
  },
  expired: {
    label: 'Expired',
    means: 'Nobody paid while the page was open',
    tone: 'neutral',
    icon: 'clock-alert',
    ends: true,
  },
} as const satisfies Record<string, StateRow>;

export type PaymentState = keyof typeof paymentStates;
export const paymentStateNames = Object.keys(paymentStates) as [PaymentState, ...PaymentState[]];
export const hasEnded = (state: PaymentState): boolean => paymentStates[state].ends;

export const paymentActions = [
  'prepare',
  'present',
  'process',
  'succeed',
  'fail',
  'expire',
] as const;
export type PaymentAction = (typeof paymentActions)[number];

export interface PaymentVocabulary {
  state: PaymentState;
  action: PaymentAction;
  role: 'payer' | 'system';
  facts: null;
  rule: never;
  deadline: never;
  effect: never;
  form: never;
  notice: never;
}

/**
 * A payment that comes in from outside, to its account's balance. What its processor says moves it;
 * the money is posted with the move to `paid`.
 */
export const paymentMachine: Machine<PaymentVocabulary> = {
  name: 'payment',
  signed: false,
  states: paymentStates,
  deadlines: {},
  moves: [
    { action: 'prepare', from: [null], to: 'preparing', by: ['payer'], deed: 'began to pay' },
    {
      action: 'present',
      from: ['preparing'],
      to: 'to_pay',
      by: ['system'],
      deed: 'opened the payment page',
    },
    {
      action: 'process',
      from: ['preparing', 'to_pay'],
      to: 'processing',
      by: ['system'],
      deed: 'learned that it is on its way',
    },
    {
      action: 'succeed',
      from: ['preparing', 'to_pay', 'processing'],
      to: 'paid',
      by: ['system'],
      deed: 'learned that it has arrived',
    },
    {
      action: 'fail',
      from: ['preparing', 'to_pay', 'processing'],
      to: 'failed',
      by: ['system'],
      deed: 'learned that it failed',
    },
    {
      action: 'expire',
      from: ['preparing', 'to_pay'],
      to: 'expired',
      by: ['system'],
      deed: 'closed the payment page',
    },
  ],
};
