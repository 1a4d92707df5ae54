import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { hex64, isoTime } from '../fields.ts';
import { paymentWays } from '../ledger/schemas.ts';
import { signedServiceKeySchema } from '../signing/service-key.ts';

const healthView = z.object({ status: z.literal('ok') });

export const platform = {
  live: endpoint({
    method: 'GET',
    path: '/health/live',
    summary: 'Whether the process answers',
    access: 'anyone',
    reply: healthView,
    problems: [],
  }),
  ready: endpoint({
    method: 'GET',
    path: '/health/ready',
    summary: 'Whether the database answers, its tables are current and the worker runs',
    access: 'anyone',
    reply: healthView,
    problems: ['service.busy'],
  }),
  openapi: endpoint({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    access: 'anyone',
    reply: z.record(z.string(), z.unknown()),
    problems: [],
  }),
  about: endpoint({
    method: 'GET',
    path: '/platform',
    summary: 'Who answers here: its name, its key and its clock',
    access: 'anyone',
    reply: z.object({
      name: z.string(),
      /** Ed25519; it signs the moves by `system`. */
      service_key: hex64,
      now: isoTime,
      demo: z.boolean(),
      /** How contracts are paid. */
      payments: z.enum(paymentWays),
    }),
    problems: [],
  }),
  keys: endpoint({
    method: 'GET',
    path: '/platform/keys',
    summary: 'The keys that the service has signed with, each since when, signed by the one before',
    access: 'anyone',
    reply: z.object({ items: z.array(signedServiceKeySchema) }),
    problems: [],
  }),
  demo: endpoint({
    method: 'GET',
    path: '/demo',
    summary: 'The ready identities of a demo marketplace; nothing is here in any other',
    access: 'anyone',
    reply: z.object({
      identities: z.array(
        z.object({
          handle: z.string(),
          role: z.enum(['renter', 'provider']),
          /** Public: it signs in to an account that is nobody's. */
          phrase: z.string(),
          about: z.string(),
        }),
      ),
    }),
    problems: ['request.not_found'],
  }),
};
