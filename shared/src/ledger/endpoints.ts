import * as z from 'zod';
import { handleSchema } from '../accounts/schemas.ts';
import { endpoint } from '../endpoint.ts';
import {
  adminLedgerView,
  ledgerEntriesQuery,
  ledgerEntriesReply,
  ledgerEntryParams,
  ledgerEntryReply,
  ledgerRunReply,
  providerLedgerQuery,
  providerLedgerView,
} from './schemas.ts';

export const ledger = {
  provider: endpoint({
    method: 'GET',
    path: '/providers/:handle/ledger',
    summary: 'What the ledger says of a provider: reputation, check-ins and transfers',
    access: 'anyone',
    params: z.object({ handle: handleSchema }),
    query: providerLedgerQuery,
    reply: providerLedgerView,
    problems: ['cursor.invalid'],
  }),
  sync: endpoint({
    method: 'GET',
    path: '/admin/ledger',
    summary: 'How the import of the ledger stands',
    access: 'admin',
    reply: adminLedgerView,
    problems: [],
  }),
  entries: endpoint({
    method: 'GET',
    path: '/admin/ledger/entries',
    summary: 'Entries of the ledger with what came of them, such as those that were refused',
    access: 'admin',
    query: ledgerEntriesQuery,
    reply: ledgerEntriesReply,
    problems: ['cursor.invalid'],
  }),
  entry: endpoint({
    method: 'GET',
    path: '/admin/ledger/entries/:block_offset/:entry',
    summary: 'One entry of the ledger, with its value as it stands there',
    access: 'admin',
    params: ledgerEntryParams,
    reply: ledgerEntryReply,
    problems: [],
  }),
  run: endpoint({
    method: 'POST',
    path: '/admin/ledger/run',
    summary: 'Ask for an import of the ledger now',
    access: 'admin',
    reply: ledgerRunReply,
    problems: ['ledger.off'],
  }),
};
