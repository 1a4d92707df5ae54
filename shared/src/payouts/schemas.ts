import { electronicFormatIBAN, isSEPACountry, isValidIBAN } from 'ibantools';
import * as z from 'zod';
import { amountSchema, idOf, isoTime, lineText, pageOf, shownText } from '../fields.ts';
import { currencies } from '../money.ts';
import { bankCurrencies, HOLDER_MAX, MAX_PAYOUT_E9S, MIN_PAYOUT_E9S, MINOR_E9S } from './limits.ts';
import { payoutStateNames } from './machine.ts';
import { sepaText } from './sepa-text.ts';

const REASON_MAX = 200;
const IBAN_TYPED_MAX = 60;
/** Batches that are shown to an admin at once. */
export const MAX_OPEN_BATCHES = 50;

/** An IBAN (ISO 13616) of SEPA, as people type it; kept without spaces. */
export const ibanSchema = z
  .string()
  .max(IBAN_TYPED_MAX, `At most ${IBAN_TYPED_MAX} characters`)
  .transform((text) => electronicFormatIBAN(text) ?? '')
  .refine(
    (iban) => isValidIBAN(iban),
    'An IBAN such as DE89 3704 0044 0532 0130 00; check each digit',
  )
  .refine((iban) => isSEPACountry(iban.slice(0, 2)), 'An account in a country of SEPA');

/** Whose account it is, as the bank has it. */
export const holderSchema = lineText(1, HOLDER_MAX).refine(
  (text) => /[a-z]/i.test(sepaText(text)) && sepaText(text).length <= HOLDER_MAX,
  'In Latin letters, as the bank has it',
);

export const bankAccountInput = z.object({ holder: holderSchema, iban: ibanSchema });

/** Where an account's money is paid out to. */
export const bankAccountView = z.object({
  bank_account: z
    .object({
      holder: z.string(),
      /** The country, the check digits and the last four letters. */
      iban_shown: z.string(),
      set_at: isoTime,
      /** Before it nothing is sent there, so that whose account it is can put a change right. */
      rests_until: isoTime,
    })
    .nullable(),
});
export type BankAccountView = z.input<typeof bankAccountView>;

const source = z.enum(['balance', 'payable']);

export const payoutInput = z.object({
  /** What was paid in or given back, or what was earned. */
  source,
  currency: z.enum(bankCurrencies, `Choose ${bankCurrencies.join(' or ')}`),
  amount_e9s: amountSchema.refine(
    (value) => value >= MIN_PAYOUT_E9S && value <= MAX_PAYOUT_E9S && value % MINOR_E9S === 0n,
    { message: 'From 1 to 999,999,999.99, in whole cents' },
  ),
});

const payout = {
  id: idOf('payout'),
  state: z.enum(payoutStateNames),
  source,
  currency: z.enum(currencies),
  amount_e9s: amountSchema,
  holder: z.string(),
  iban_shown: z.string(),
  /** Not sent before. */
  send_after: isoTime,
  /** Why it came back, in a sentence; null where it did not. */
  failure: shownText.nullable(),
  created_at: isoTime,
  state_at: isoTime,
};
export const payoutView = z.object(payout);
export type PayoutView = z.input<typeof payoutView>;
export const payoutPage = pageOf(payoutView);

/** The same for who sends it. */
export const payoutToSend = z.object({
  ...payout,
  handle: z.string(),
  iban: z.string(),
  /** The file that it is in; null where it is in none. */
  batch_id: idOf('payout_batch').nullable(),
});
export type PayoutToSend = z.input<typeof payoutToSend>;
export const payoutsToSend = pageOf(payoutToSend);

/** What is handed over to the bank together. */
export const payoutBatch = z.object({
  id: idOf('payout_batch'),
  count: z.number().int(),
  currency: z.enum(currencies),
  total_e9s: amountSchema,
});
export type PayoutBatch = z.input<typeof payoutBatch>;

export const batchInput = z.object({ currency: z.enum(bankCurrencies) });
export const batchesView = z.object({
  /** Whether files are made here: the marketplace has said which account it pays from. */
  has_files: z.boolean(),
  /** Those of which something is still with the bank, newest first. */
  items: z.array(payoutBatch.extend({ made_at: isoTime })).max(MAX_OPEN_BATCHES),
});
export type BatchesView = z.input<typeof batchesView>;

export const returnInput = z.object({ reason: lineText(1, REASON_MAX) });
