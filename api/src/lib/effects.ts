import type { MailContent } from './mail-content.ts';
import type { PaymentStanding } from './payment-standing.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@berth/shared/time';
import type { Json } from './topics.ts';

interface WebhookEffect {
  payload: { delivery_id: string };
  reply: { at: string; url: string; status: number | null; text: string; ms: number };
}

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
  /** One try of an event at an address; what it was answered. */
  'webhook.deliver': WebhookEffect;
  /** The same for one that was slow, so that those keep no other waiting. */
  'webhook.deliver_slow': WebhookEffect;
  /** Closes a page that waits for no money any more; how its payment stands then. */
  'payment.close': {
    payload: { payment_id: string; reference: string };
    reply: PaymentStanding;
  };
  /** Whether the EU's register has a VAT id. */
  'vat.check': {
    payload: { account_id: string; vat_id: string };
    reply: { valid: boolean };
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

/** How the runner goes about a kind. */
export interface Pace {
  /** Calls that one process makes at the same time. */
  readonly at_once: number;
  /** How long what failed waits, by how often it had failed in a row before; the last for ever. */
  readonly pauses_ms: readonly number[];
  /** Failures in a row after which it is given up. */
  readonly tries: number;
}

/** A kind goes at the usual pace unless it names another of these. */
export const paces = {
  /** More than a day of tries. */
  usual: {
    at_once: 16,
    pauses_ms: [
      ...[1, 2, 5, 15].map((seconds) => seconds * SECOND_MS),
      ...[1, 5, 15].map((minutes) => minutes * MINUTE_MS),
      HOUR_MS,
    ],
    tries: 30,
  },
  /** Three days, as Standard Webhooks has it: first at once, then after each of these. */
  webhook: {
    at_once: 64,
    pauses_ms: [
      5 * SECOND_MS,
      ...[5, 30].map((minutes) => minutes * MINUTE_MS),
      ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
    ],
    tries: 10,
  },
} as const satisfies Record<string, Pace>;
export type PaceName = keyof typeof paces;

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
export type Outcome<Reply> = Known<Reply> | Failed<Reply>;

export interface Failed<Reply> {
  readonly outcome: 'failed' | 'unknown';
  readonly reason: string;
  /** What was answered, where that is kept of failures too. */
  readonly reply?: Reply;
}
