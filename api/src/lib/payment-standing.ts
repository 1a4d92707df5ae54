/** How a payment stands at its processor. */
export type PaymentStanding =
  | { readonly state: 'open' | 'processing' | 'expired' }
  | { readonly state: 'failed'; readonly reason: string }
  /** What has arrived, by the processor's own word. */
  | { readonly state: 'paid'; readonly currency: string; readonly amount_e9s: string };
