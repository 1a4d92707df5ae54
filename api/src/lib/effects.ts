import type { MailContent } from './mail-content.ts';
import type { PaymentStanding } from './payment-standing.ts';
import type { Json } from './topics.ts';

/** Every kind of effect: what the outside is asked for, and what it answers. JSON keeps both. */
export interface EffectKinds {
  /** A mail to one address; what the server said of it. */
  'mail.send': {
    payload: {
      account_id: string;
      to: string;
      time_zone: string;
      content: MailContent;
      /** Of the link that confirms this address; null in any other mail. */
      salt: string | null;
      wanted_at: string;
    };
    reply: { result: 'sent' | 'bounced' | 'refused' | 'given_up'; said: string };
  };
  /** The page where a payment is paid; its amount as a decimal integer of 10^-9 units. */
  'payment.begin': {
    payload: { payment_id: string; currency: string; amount_e9s: string; title: string };
    reply: { reference: string; url: string };
  };
  /** How a payment stands at its processor. */
  'payment.look': {
    payload: { payment_id: string; reference: string };
    reply: PaymentStanding;
  };
  /** The newest sheet of exchange rates; amounts as decimal integers of 10^-9 units. */
  'rates.fetch': {
    payload: { wanted_at: string };
    reply: {
      date: string;
      source: string;
      expires_at: string | null;
      per_euro_e9s: { currency: string; amount: string }[];
    };
  };
}

export type EffectKind = keyof EffectKinds;
type Sides<Kind extends EffectKind> = EffectKinds[Kind];
export type PayloadOf<Kind extends EffectKind> =
  Sides<Kind> extends { payload: infer Payload } ? Json<Payload> : never;
export type ReplyOf<Kind extends EffectKind> =
  Sides<Kind> extends { reply: infer Reply } ? Json<Reply> : never;

/** What is known for good of an effect. */
export type Known<Reply> =
  | { readonly outcome: 'done'; readonly reply: Reply }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * What a port answers. `failed` says that nothing was done and that it may be tried again,
 * `unknown` that it may have been done: whoever cannot tell says `unknown`.
 */
export type Outcome<Reply> =
  Known<Reply> | { readonly outcome: 'failed' | 'unknown'; readonly reason: string };
