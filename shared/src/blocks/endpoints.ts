import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { idOf, isoTime, pageOf, pageQuery, plainText } from '../fields.ts';

/** Renters that one provider may have blocked at a time. */
export const MAX_BLOCKED = 1_000;
const HANDLE_MAX = 64;

const one = z.object({ handle: plainText(HANDLE_MAX) });

export const blockedRenter = z.object({
  id: idOf('account'),
  handle: z.string(),
  display_name: z.string(),
  blocked_at: isoTime,
});
export type BlockedRenter = z.input<typeof blockedRenter>;

export const blocks = {
  list: endpoint({
    method: 'GET',
    path: '/me/blocked-renters',
    summary: 'Renters whose requests you do not take, the latest first',
    access: 'read',
    query: z.object({ ...pageQuery }),
    reply: pageOf(blockedRenter),
    problems: ['cursor.invalid'],
  }),
  block: endpoint({
    method: 'PUT',
    path: '/me/blocked-renters/:handle',
    summary: 'Take no more requests from a renter; contracts that there are go on',
    access: 'provide',
    params: one,
    reply: z.void(),
    problems: ['account.too_many'],
  }),
  unblock: endpoint({
    method: 'DELETE',
    path: '/me/blocked-renters/:handle',
    summary: 'Take requests from a renter again',
    access: 'provide',
    params: one,
    reply: z.void(),
    problems: [],
  }),
};
