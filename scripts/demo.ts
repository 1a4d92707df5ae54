/**
 * Opens a demo of Berth in which cards are paid with: a stand-in for Stripe takes test cards, and
 * no money moves. Whoever sets how it is paid is left to that.
 */
import { openStripe } from '../api/test/stripe/server.ts';
import { takesTestCards } from './lib/demo.ts';

const PORT = '3000';
const keys = { secret_key: 'sk_test_0123456789', webhook_secret: 'whsec_0123456789' };
const { env } = process;

if (takesTestCards(env)) {
  const own = `http://127.0.0.1:${env['PORT'] ?? PORT}/api/v1/payments/stripe/events`;
  const stripe = await openStripe({ ...keys, webhook_url: () => own });
  env['PAYMENTS'] = 'balance';
  env['STRIPE_SECRET_KEY'] = keys.secret_key;
  env['STRIPE_WEBHOOK_SECRET'] = keys.webhook_secret;
  env['STRIPE_API_BASE'] = stripe.origin;
  env['WIRE_DETAILS'] ??=
    'A demo has no bank account: pay by card, with the test cards shown there.';
}
await import('../api/src/main.ts');
