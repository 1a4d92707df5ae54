import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { hex64, idOf, pageQuery } from '../fields.ts';
import { paymentInput, paymentPage, paymentView, stripeEvent } from './schemas.ts';

const one = z.object({ payment_id: idOf('payment') });

export const payments = {
  begin: endpoint({
    method: 'POST',
    path: '/billing/payments',
    summary: 'Begin to pay an amount into your balance by card',
    access: 'billing.write',
    body: paymentInput,
    reply: paymentView,
    problems: ['payment.off', 'account.too_many'],
    rate_limit: 'request',
  }),
  beginFor: endpoint({
    method: 'POST',
    path: '/contracts/:contract_id/payments',
    summary: 'Begin to pay by card what a contract of yours still needs',
    access: 'billing.write',
    params: z.object({ contract_id: hex64 }),
    reply: paymentView,
    problems: ['payment.off', 'payment.nothing_due', 'account.too_many'],
    rate_limit: 'request',
  }),
  list: endpoint({
    method: 'GET',
    path: '/billing/payments',
    summary: 'Your payments, newest first',
    access: 'billing.read',
    query: z.object(pageQuery),
    reply: paymentPage,
    problems: ['cursor.invalid'],
  }),
  get: endpoint({
    method: 'GET',
    path: '/billing/payments/:payment_id',
    summary: 'One payment: how it stands, and where it is paid',
    access: 'billing.read',
    params: one,
    reply: paymentView,
    problems: [],
  }),
  look: endpoint({
    method: 'POST',
    path: '/billing/payments/:payment_id/look',
    summary: 'Have the processor asked now how a payment stands',
    access: 'billing.write',
    params: one,
    reply: paymentView,
    problems: [],
    rate_limit: 'request',
  }),
  receiveStripe: endpoint({
    method: 'POST',
    path: '/payments/stripe/events',
    summary: 'Stripe says that something happened; it has to be signed by Stripe',
    access: 'anyone',
    body: stripeEvent,
    reply: z.void(),
    problems: ['payment.off', 'signature.invalid'],
  }),
};
