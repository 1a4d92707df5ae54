import type Stripe from 'stripe';
import { idPattern } from '@berth/shared/ids';
import { amountOfMinor, minorOf } from '@berth/shared/payments/schemas';
import type { Outcome } from '../../lib/effects.ts';
import type { PaymentStanding } from '../../lib/payment-standing.ts';
import type { PaymentsPort } from '../../ports/payments.ts';

/** How Stripe is reached. */
export interface StripeSettings {
  secret_key: string;
  webhook_secret: string;
  /** The origin of its API; null is Stripe's own. */
  api_base: string | null;
}

/** A signature older than this is refused, so that an event cannot be sent again later. */
const TOLERANCE_S = 300;
const TIMEOUT_MS = 20_000;
const PAYMENT_ID = idPattern('payment');

/** Stripe's hosted Checkout, by its own SDK, which is loaded when it is first used. */
export function makeStripePayments(settings: StripeSettings): PaymentsPort {
  let loaded: Promise<Stripe> | undefined;
  const client = (): Promise<Stripe> => (loaded ??= load(settings));
  return {
    processor: 'stripe',
    async begin({ payment_id, currency, amount_e9s, title, return_url }, effect_id) {
      const stripe = await client();
      return outcomeOf(async () => {
        const session = await stripe.checkout.sessions.create(
          {
            mode: 'payment',
            line_items: [
              {
                quantity: 1,
                price_data: {
                  currency: currency.toLowerCase(),
                  unit_amount: minorOf(amount_e9s),
                  product_data: { name: title },
                },
              },
            ],
            success_url: return_url,
            cancel_url: return_url,
            client_reference_id: payment_id,
            metadata: { payment_id },
            payment_intent_data: { metadata: { payment_id } },
          },
          { idempotencyKey: effect_id },
        );
        if (session.url === null) throw new Error('Stripe made a page without an address');
        return { reference: session.id, url: session.url };
      });
    },
    async look(reference) {
      const stripe = await client();
      const found = await outcomeOf(async () =>
        standingOf(
          await stripe.checkout.sessions.retrieve(reference, { expand: ['payment_intent'] }),
        ),
      );
      // To ask does nothing, so that it may be done again at once.
      return found.outcome === 'unknown' ? { ...found, outcome: 'failed' } : found;
    },
    async close(reference, effect_id) {
      const stripe = await client();
      const { sessions } = stripe.checkout;
      return outcomeOf(async () =>
        standingOf(await sessions.expire(reference, {}, { idempotencyKey: effect_id })),
      );
    },
    async readEvent(text, signature, now_ms) {
      const stripe = await client();
      const { webhook_secret } = settings;
      const given = [text, signature, webhook_secret, TOLERANCE_S, undefined, now_ms] as const;
      const event = await stripe.webhooks.constructEventAsync(...given).catch(() => null);
      return event && { payment_id: paymentIn(event) };
    },
  };
}

/** The payment that an event names. Of kinds that we do not know it may have any shape. */
function paymentIn(event: unknown): string | null {
  const named = (event as { data?: { object?: { metadata?: Record<string, unknown> | null } } })
    .data?.object?.metadata?.['payment_id'];
  return typeof named === 'string' && PAYMENT_ID.test(named) ? named : null;
}

async function load({ secret_key, api_base }: StripeSettings): Promise<Stripe> {
  const { default: Sdk } = await import('stripe');
  const base = api_base === null ? null : new URL(api_base);
  return new Sdk(secret_key, {
    // The runner of effects tries again by itself, and knows for how long.
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
    ...(base && {
      host: base.hostname,
      port: base.port === '' ? (base.protocol === 'https:' ? '443' : '80') : base.port,
      protocol: base.protocol === 'https:' ? 'https' : 'http',
    }),
  });
}

function standingOf({
  status,
  payment_status,
  amount_total,
  currency,
  payment_intent: intent,
}: Stripe.Checkout.Session): PaymentStanding {
  if (payment_status === 'paid') {
    const amount_e9s = String(amountOfMinor(amount_total ?? 0));
    return { state: 'paid', currency: (currency ?? '').toUpperCase(), amount_e9s };
  }
  if (status === 'expired') return { state: 'expired' };
  if (status !== 'complete') return { state: 'open' };
  const bank = typeof intent === 'object' ? intent : null;
  if (bank?.status !== 'requires_payment_method' && bank?.status !== 'canceled') {
    return { state: 'processing' };
  }
  return { state: 'failed', reason: bank.last_payment_error?.message ?? 'The bank refused it.' };
}

/** Kinds of errors by which nothing was done, so that it may be tried again. */
const UNDONE = new Set(['StripeRateLimitError']);
/** Kinds that another try does not change. */
const REFUSED = new Set([
  'StripeInvalidRequestError',
  'StripeCardError',
  'StripeAuthenticationError',
  'StripePermissionError',
]);

/** What an error says of what was done; whoever cannot tell knows nothing. */
async function outcomeOf<Reply>(call: () => Promise<Reply>): Promise<Outcome<Reply>> {
  try {
    return { outcome: 'done', reply: await call() };
  } catch (error) {
    const { type = '', statusCode, code } = error as Partial<Stripe.errors.StripeError>;
    const reason = `Stripe answered ${statusCode ?? 'nothing'}: ${code ?? type}`;
    if (UNDONE.has(type)) return { outcome: 'failed', reason };
    if (REFUSED.has(type)) return { outcome: 'refused', reason };
    return { outcome: 'unknown', reason };
  }
}
