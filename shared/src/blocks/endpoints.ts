import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { pageOf, pageQuery } from '../fields.ts';
import { blockedRenter, renterParams } from './schemas.ts';

export const blocks = {
  list: endpoint({
    method: 'GET',
    path: '/me/blocked-renters',
    summary: 'Renters whose requests you do not take, the latest first',
    access: 'contracts.read',
    query: z.object({ ...pageQuery }),
    reply: pageOf(blockedRenter),
    problems: ['cursor.invalid'],
  }),
  block: endpoint({
    method: 'PUT',
    path: '/me/blocked-renters/:handle',
    summary: 'Take no more requests from a renter; contracts that there are go on',
    access: 'contracts.provide',
    params: renterParams,
    reply: z.void(),
    problems: ['account.too_many'],
  }),
  unblock: endpoint({
    method: 'DELETE',
    path: '/me/blocked-renters/:handle',
    summary: 'Take requests from a renter again',
    access: 'contracts.provide',
    params: renterParams,
    reply: z.void(),
    problems: [],
  }),
};
