import * as z from 'zod';
import { amountSchema, hex64, isoTime, lineText, pageOf, shownText } from '../fields.ts';
import { currencies, MAX_AMOUNT_E9S } from '../money.ts';
import { accountKindNames } from './accounts.ts';
import { paysByNames } from '../pays-by.ts';

/** Whether the marketplace takes payments, and how: today by a balance that is paid in by wire. */
export const paymentWays = ['off', 'balance'] as const;

const REFERENCE_MAX = 140;
const HANDLE_MAX = 60;
/** Entries of one contract that are shown: as many as a long one has in daily earnings. */
export const CONTRACT_ENTRIES = 100;
/** Accounts that differ from their postings, of which an admin sees as many at once. */
export const DIFFERENCES_SHOWN = 20;
/** Entries of one page of the journal. */
export const JOURNAL_ENTRIES = 1_000;

const currency = z.enum(currencies);
const AMOUNT = /^-?(0|[1-9]\d{0,29})$/;

/** The same as an amount, below zero too: what went out of an account. */
export const signedAmount = z.codec(z.string().regex(AMOUNT), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});

/** What an account has, in each currency that it ever had. */
export const billingView = z.object({
  payments: z.enum(paymentWays),
  /** How what the balance does not cover can be paid, and in which currencies. */
  ways: z.array(z.object({ name: z.enum(paysByNames), currencies: z.array(currency) })),
  balances: z.array(
    z.object({
      currency,
      /** What can be spent or taken out. */
      available_e9s: amountSchema,
      /** What is held for contracts of the account as renter. */
      held_e9s: amountSchema,
      /** What was earned as provider and is to be paid out. */
      payable_e9s: amountSchema,
    }),
  ),
  /** Where to wire money to; null where the marketplace takes no payments. */
  wire: z
    .object({
      /** The bank's details, as the marketplace's setting has them. */
      details: z.string(),
      /** Has to be in the transfer, so that it is found. */
      reference: z.string(),
    })
    .nullable(),
});
export type BillingView = z.input<typeof billingView>;

/** What moved money, by the cause of its entry. */
export const causeKinds = [
  'contract.hold',
  'contract.earn',
  'contract.settle',
  'payment',
  'payout',
  'wire',
] as const;
export type CauseKind = (typeof causeKinds)[number];

const posted = {
  entry_id: z.number().int(),
  at: isoTime,
  cause: z.enum(causeKinds),
  /** The contract that it is of; null where it is of none. */
  contract_id: hex64.nullable(),
  /** In words, for who reads the account. */
  memo: shownText,
  currency,
  amount_e9s: signedAmount,
};

/** What was posted to the reader's accounts, newest first. */
export const billingPage = pageOf(z.object({ ...posted, account: z.enum(['balance', 'payable']) }));
export type BillingPage = z.input<typeof billingPage>;

/** A contract's money, for its two parties. */
export const contractMoney = z.object({
  currency,
  /** Null where it was not paid through the marketplace, and to its provider until it is. */
  escrow: z
    .object({
      /** Berth's part of what is earned, hundredths of a percent. */
      commission_bp: z.number().int(),
      /** How the renter pays what its balance did not cover; null where it covered all. */
      pays_by: z.enum(paysByNames).nullable(),
      /** What of the total is not held yet, or never was. */
      missing_e9s: amountSchema,
      held_e9s: amountSchema,
      /** By the provider, its commission taken off. */
      earned_e9s: amountSchema,
      commission_e9s: amountSchema,
      refunded_e9s: amountSchema,
    })
    .nullable(),
  /** Oldest first; of more than can be shown the newest. */
  postings: z.array(z.object({ ...posted, account: z.enum(accountKindNames) })),
});
export type ContractMoney = z.input<typeof contractMoney>;

/** Sums over all accounts of a kind; in each currency and mode they add up to nothing. */
export const trialBalance = z.object({
  rows: z.array(
    z.object({
      kind: z.enum(accountKindNames),
      currency,
      mode: z.enum(['live', 'sandbox']),
      accounts: z.number().int(),
      sum_e9s: signedAmount,
    }),
  ),
  /** Whether they do. */
  is_balanced: z.boolean(),
  /** When each balance had been compared with its postings last; null where none was yet. */
  compared_at: isoTime.nullable(),
  /** Accounts whose balance is another than what was posted to them, the first of them. */
  differences: z.array(
    z.object({
      account: z.string(),
      currency,
      mode: z.enum(['live', 'sandbox']),
      balance_e9s: signedAmount,
      posted_e9s: signedAmount,
    }),
  ),
});
export type TrialBalance = z.input<typeof trialBalance>;

/** Entries as an admin reads them, newest first. */
export const ledgerPage = pageOf(
  z.object({
    id: z.number().int(),
    at: isoTime,
    mode: z.enum(['live', 'sandbox']),
    cause_kind: z.enum(causeKinds),
    cause_id: z.string(),
    memo: shownText,
    postings: z.array(z.object({ account: z.string(), currency, amount_e9s: signedAmount })),
  }),
);
export type LedgerPage = z.input<typeof ledgerPage>;

/** A bank transfer that an admin has seen on the account: in to a balance, or out to its owner. */
export const transferInput = z
  .object({
    direction: z.enum(['in', 'out']),
    /** Whose. */
    handle: lineText(1, HANDLE_MAX),
    account: z.enum(['balance', 'payable']),
    currency,
    amount_e9s: amountSchema.refine((value) => value > 0n && value <= MAX_AMOUNT_E9S, {
      message: 'More than zero, and no more than 10^9 units',
    }),
    /** The bank's own reference of the transfer: it is booked once. */
    reference: lineText(1, REFERENCE_MAX),
  })
  .refine(({ direction, account }) => direction === 'out' || account === 'balance', {
    path: ['account'],
    message: 'What comes in goes to a balance',
  });
export type TransferInput = z.input<typeof transferInput>;
