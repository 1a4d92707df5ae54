import type { Module } from '../../context.ts';
import {
  beginPayment,
  closePage,
  closePages,
  eraseEvents,
  lookAgain,
  lookAtPayment,
  tellPayer,
} from './jobs.ts';
import { mountPayments } from './routes.ts';

export const payments: Module = {
  name: 'payments',
  routes: mountPayments,
  consumers: [
    { name: 'payments.streams', handlers: { 'payment.moved': tellPayer } },
    { name: 'payments.pages', handlers: { 'contract.moved': closePages } },
  ],
  due: [lookAgain],
  sweepers: [eraseEvents],
  effects: [beginPayment, lookAtPayment, closePage],
};
