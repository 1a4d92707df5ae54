import * as z from 'zod';
import { handleSchema } from '../accounts/schemas.ts';
import { endpoint } from '../endpoint.ts';
import {
  adminIcpView,
  icpEntriesQuery,
  icpEntriesReply,
  icpEntryParams,
  icpEntryReply,
  icpRunReply,
  providerIcpQuery,
  providerIcpView,
} from './schemas.ts';

export const icp = {
  provider: endpoint({
    method: 'GET',
    path: '/providers/:handle/icp',
    summary: 'What the Internet Computer says of a provider: reputation, check-ins and transfers',
    access: 'anyone',
    params: z.object({ handle: handleSchema }),
    query: providerIcpQuery,
    reply: providerIcpView,
    problems: ['cursor.invalid'],
  }),
  sync: endpoint({
    method: 'GET',
    path: '/admin/icp',
    summary: 'How the import of the Internet Computer stands',
    access: 'admin.icp',
    reply: adminIcpView,
    problems: [],
  }),
  entries: endpoint({
    method: 'GET',
    path: '/admin/icp/entries',
    summary:
      'Entries of the Internet Computer with what came of them, such as those that were refused',
    access: 'admin.icp',
    query: icpEntriesQuery,
    reply: icpEntriesReply,
    problems: ['cursor.invalid'],
  }),
  entry: endpoint({
    method: 'GET',
    path: '/admin/icp/entries/:block_offset/:entry',
    summary: 'One entry of the Internet Computer, with its value as it stands there',
    access: 'admin.icp',
    params: icpEntryParams,
    reply: icpEntryReply,
    problems: [],
  }),
  run: endpoint({
    method: 'POST',
    path: '/admin/icp/run',
    summary: 'Ask for an import of the Internet Computer now',
    access: 'admin.icp',
    reply: icpRunReply,
    problems: ['icp.off'],
  }),
};
