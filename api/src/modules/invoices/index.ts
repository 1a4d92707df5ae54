import type { Module } from '../../context.ts';
import { commissions, issuePapers } from './jobs.ts';
import { mountInvoices } from './routes.ts';

export const invoices: Module = {
  name: 'invoices',
  routes: mountInvoices,
  consumers: [{ name: 'invoices.papers', handlers: { 'money.posted': issuePapers } }],
  due: [commissions],
};
