import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { hex64, pageQuery, plainText } from '../fields.ts';
import { monthsQuery, monthsView } from './months.ts';
import {
  billingPage,
  billingView,
  contractMoney,
  ledgerPage,
  transferInput,
  trialBalance,
} from './schemas.ts';

const ACCOUNT_MAX = 100;
const CURSOR_MAX = 500;

export const ledger = {
  billing: endpoint({
    method: 'GET',
    path: '/billing',
    summary: 'What you have: your balance, what is held, what is to be paid out',
    access: 'billing.read',
    reply: billingView,
    problems: [],
  }),
  postings: endpoint({
    method: 'GET',
    path: '/billing/postings',
    summary: 'What was posted to your accounts, newest first',
    access: 'billing.read',
    query: z.object(pageQuery),
    reply: billingPage,
    problems: ['cursor.invalid'],
  }),
  months: endpoint({
    method: 'GET',
    path: '/billing/months',
    summary: 'What was earned under your contracts, by month and by offering or provider',
    access: 'billing.read',
    query: monthsQuery,
    reply: monthsView,
    problems: [],
  }),
  contract: endpoint({
    method: 'GET',
    path: '/contracts/:contract_id/money',
    summary: 'What was held, earned and paid back under a contract',
    access: 'contracts.read',
    params: z.object({ contract_id: hex64 }),
    reply: contractMoney,
    problems: [],
  }),
  trial: endpoint({
    method: 'GET',
    path: '/admin/money',
    summary: 'The trial balance: sums by kind of account, and whether the books agree',
    access: 'admin.money',
    reply: trialBalance,
    problems: [],
  }),
  entries: endpoint({
    method: 'GET',
    path: '/admin/money/entries',
    summary: 'Entries of the ledger, of one account where it is named, newest first',
    access: 'admin.money',
    query: z.object({ ...pageQuery, account: plainText(ACCOUNT_MAX).optional() }),
    reply: ledgerPage,
    problems: ['cursor.invalid'],
  }),
  journal: endpoint({
    method: 'GET',
    path: '/admin/money/journal',
    summary: 'The ledger as a journal that hledger reads, oldest first, a page at a time',
    access: 'admin.money',
    query: z.object({ cursor: z.string().max(CURSOR_MAX).optional() }),
    reply: z.string(),
    problems: ['cursor.invalid'],
    produces: 'text/plain',
  }),
  transfer: endpoint({
    method: 'POST',
    path: '/admin/money/transfers',
    summary: 'Book a bank transfer that came in for an account or went out to it',
    access: 'admin.money',
    body: transferInput,
    reply: z.void(),
    problems: ['account.not_found', 'payment.off', 'payment.booked', 'payment.insufficient'],
  }),
};
