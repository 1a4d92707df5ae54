import * as z from 'zod';
import { amountSchema, hex64, idOf, isoTime, pageOf } from '../fields.ts';
import { currencies, E9, type Currency } from '../money.ts';
import { paymentStateNames } from './machine.ts';

/** A cent, and what else a processor counts in. */
const MINOR_E9S = E9 / 100n;
/** The most of one payment by card, as Stripe has it: eight digits of minor units. */
export const MAX_CARD_E9S = 99_999_999n * MINOR_E9S;
/** The least, under which a card costs more than it brings. */
export const MIN_CARD_E9S = E9;
/** Payments of one account that are open at the same time. */
export const MAX_OPEN_PAYMENTS = 20;

/** The currencies that cards pay in; the others are of chains. */
export const cardCurrencies = ['USD', 'EUR', 'GBP', 'CHF'] as const;
export type CardCurrency = (typeof cardCurrencies)[number];
export const isCardCurrency = (currency: Currency): currency is CardCurrency =>
  cardCurrencies.some((one) => one === currency);

/** What is paid for so much: whole cents, rounded up, and no less than the least. */
export const cardAmountOf = (missing_e9s: bigint): bigint => {
  const rounded_e9s = ((missing_e9s + MINOR_E9S - 1n) / MINOR_E9S) * MINOR_E9S;
  return rounded_e9s < MIN_CARD_E9S ? MIN_CARD_E9S : rounded_e9s;
};
export const minorOf = (amount_e9s: bigint): number => Number(amount_e9s / MINOR_E9S);
export const amountOfMinor = (minor: number): bigint => BigInt(minor) * MINOR_E9S;

const currency = z.enum(currencies);

export const paymentView = z.object({
  id: idOf('payment'),
  state: z.enum(paymentStateNames),
  currency,
  amount_e9s: amountSchema,
  /** The contract that it is for; null where it is for the balance. */
  contract_id: hex64.nullable(),
  /** The processor's page, while it can be paid there; else null. */
  url: z.string().nullable(),
  /** Why it failed, in a sentence; null where it did not. */
  failure: z.string().nullable(),
  created_at: isoTime,
  state_at: isoTime,
});
export type PaymentView = z.input<typeof paymentView>;
export const paymentPage = pageOf(paymentView);

/** What is paid in for the balance. */
export const paymentInput = z.object({
  currency: z.enum(cardCurrencies, 'Choose USD, EUR, GBP or CHF'),
  amount_e9s: amountSchema.refine(
    (value) => value >= MIN_CARD_E9S && value <= MAX_CARD_E9S && value % MINOR_E9S === 0n,
    { message: 'From 1 to 999,999.99, in whole cents' },
  ),
});

/** Letters, digits and signs: kinds to come are no reason to refuse what is signed. */
const EVENT_NAME = /^[\x21-\x7e]{1,255}$/;
/** A processor's event, of which no more is believed than that something may have happened. */
export const stripeEvent = z.looseObject({
  id: z.string().regex(EVENT_NAME),
  type: z.string().regex(EVENT_NAME),
});
