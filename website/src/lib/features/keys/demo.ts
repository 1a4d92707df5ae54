import { endpoint } from '@berth/shared/endpoint';
import * as z from 'zod';

export const demo = endpoint({
  method: 'GET',
  path: '/demo',
  summary: 'The ready identities of a demo marketplace',
  access: 'anyone',
  reply: z.object({
    identities: z.array(
      z.object({
        handle: z.string(),
        role: z.enum(['renter', 'provider']),
        phrase: z.string(),
        about: z.string(),
      }),
    ),
  }),
  problems: [],
});
