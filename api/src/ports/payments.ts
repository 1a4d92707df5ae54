import type { Outcome } from '../lib/effects.ts';
import type { PaymentStanding } from '../lib/payment-standing.ts';

/** What is to be paid, and where the payer comes back to. */
export interface PaymentAsk {
  payment_id: string;
  currency: string;
  amount_e9s: bigint;
  /** What is written on the page, in a line. */
  title: string;
  return_url: string;
}

/** What an event of the processor is about; what it claims beyond that is not believed. */
export interface ProcessorEvent {
  /** One of ours, or so it says; null where it names none. */
  payment_id: string | null;
}

/** A processor of payments with a page of its own, where the payer gives its card. */
export interface PaymentsPort {
  readonly processor: 'stripe';
  /** Makes the page; asked again by the same effect it answers the same page. */
  begin(
    ask: PaymentAsk,
    effect_id: string,
    signal: AbortSignal,
  ): Promise<Outcome<{ reference: string; url: string }>>;
  look(reference: string, signal: AbortSignal): Promise<Outcome<PaymentStanding>>;
  /** Closes the page; refused where it is not open any more. */
  close(
    reference: string,
    effect_id: string,
    signal: AbortSignal,
  ): Promise<Outcome<PaymentStanding>>;
  /** Null where the signature is not the processor's, or too old. `text` is the body as it came. */
  readEvent(text: string, signature: string, now_ms: number): Promise<ProcessorEvent | null>;
}
